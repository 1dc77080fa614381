// The rows of our own dashboard, element by element, so that both sides of a measurement write the same list; still without its search, forms and rail.
import { auth } from "../../../lib/auth";
import { tasksOf } from "../../../lib/api-client";
import { headers } from "next/headers";
import { redirect } from "next/navigation";

const CHANGE = "/action/tasks/change";

const Icon = ({ name, small }) => (
  <svg className={small ? "icon icon--small" : "icon"} aria-hidden="true">
    <use href={`/icons.svg#${name}`} />
  </svg>
);

const Meta = ({ task }) => (
  <div className="task__meta">
    {task.dueDate && (
      <span className="due">
        <Icon name="date" small />
        <time dateTime={task.dueDate}>{new Date(task.dueDate).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })}</time>
      </span>
    )}
    {task.description && (
      <span>
        <Icon name="note" small />
        Notes
      </span>
    )}
  </div>
);

const Actions = ({ task, edit, tomorrow }) => (
  <div className="task__actions">
    <a className="button button--quiet button--icon" href={edit} aria-label={`Edit: ${task.title}`}>
      <Icon name="edit" />
    </a>
    <button className="button button--quiet button--icon" formAction={CHANGE} name="dueDate" value={tomorrow} aria-label={`Put off to tomorrow: ${task.title}`}>
      <Icon name="tomorrow" />
    </button>
    <details className="menu" name="menu">
      <summary className="button button--quiet button--icon" aria-label={`More for: ${task.title}`}>
        <Icon name="more" />
      </summary>
      <ul className="menu__sheet">
        <li>
          <a className="menu__item" href={edit}>
            <Icon name="edit" />
            Edit
          </a>
        </li>
        <li>
          <button className="menu__item" formAction={CHANGE} name="dueDate" value={tomorrow}>
            <Icon name="tomorrow" />
            Put off to tomorrow
          </button>
        </li>
        <li>
          <button className="menu__item menu__item--danger" formAction="/action/tasks/delete">
            <Icon name="trash" />
            Delete
          </button>
        </li>
      </ul>
    </details>
  </div>
);

const Row = ({ task, tomorrow }) => {
  const edit = `/dashboard?edit=${task.id}`;
  return (
    <li className="task" id={`task-${task.id}`} data-task={task.id}>
      <form className="task__form" method="post" action="/action/tasks/complete">
        <input type="hidden" name="id" value={task.id} />
        <button className="check" name="completed" value={String(!task.completed)} aria-pressed={task.completed} aria-label={`Done: ${task.title}`}>
          <span className="check__ring">
            <svg className="icon check__tick" aria-hidden="true">
              <use href="/icons.svg#tick" />
            </svg>
          </span>
        </button>
        <div className="task__body">
          <a className="task__title" dir="auto" href={edit}>
            {task.title}
          </a>
          {(task.dueDate || task.description) && <Meta task={task} />}
        </div>
        <Actions task={task} edit={edit} tomorrow={tomorrow} />
      </form>
    </li>
  );
};

export default async function Alike() {
  const session = await auth.api.getSession({ headers: await headers() });
  if (!session) redirect("/signin");
  const { tasks } = await tasksOf(session.user);
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return (
    <main>
      <h1>Tasks of {session.user.name}</h1>
      <ul className="tasks">
        {tasks.map((task) => (
          <Row key={task.id} task={task} tomorrow={tomorrow} />
        ))}
      </ul>
    </main>
  );
}
