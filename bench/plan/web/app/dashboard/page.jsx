import { auth } from "../../lib/auth";
import { tasksOf } from "../../lib/api-client";
import { headers } from "next/headers";
import { redirect } from "next/navigation";

export default async function Dashboard() {
  const session = await auth.api.getSession({ headers: await headers() });
  if (!session) redirect("/signin");
  const { tasks } = await tasksOf(session.user);
  return (
    <main>
      <h1>Tasks of {session.user.name}</h1>
      <ul>
        {tasks.map((task) => (
          <li key={task.id}>
            <input type="checkbox" defaultChecked={task.completed} aria-label={task.title} />
            <strong>{task.title}</strong> <span>{task.description}</span> <time>{task.dueDate}</time>
          </li>
        ))}
      </ul>
    </main>
  );
}
