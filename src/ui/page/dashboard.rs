//! `/dashboard`: one's tasks.

use crate::{
    action::tasks::{Listing, list_tasks},
    domain::{Error, Refusal, Task, TaskCount},
    ui::{
        asked::{Asked, RefusedForm},
        form::Form,
        layout::house::{Here, House},
        part::{
            alert::Alert,
            edit,
            empty::Empty,
            find::Find,
            gap::Gap,
            group::{Group, groups},
            kept::kept,
            news,
            pager::Pager,
            quick::{self, Quick},
            stand::Stand,
            task::Row,
            toast, unconfirmed,
        },
    },
};
use leptos::prelude::*;

/// Forms that are a button alone: why one was refused can only be said above the list.
const BUTTONS: [&str; 5] = [
    "/action/tasks/complete",
    "/action/tasks/delete",
    "/action/tasks/restore",
    "/action/devices/accept",
    "/action/devices/deny",
];

/// The page of tasks.
#[component]
pub fn Dashboard() -> impl IntoView {
    let asked = expect_context::<Asked>();
    Suspend::new(async move {
        let stand = Stand::of(&asked);
        let listing = list_tasks(stand.shown()).await;
        if let Err(refusal) = &listing {
            asked.answer_with(refusal.error);
        }
        let shown = listing.as_ref().map_or(&[][..], |listing| &listing.tasks);
        let told = toast::read(&asked, shown).await;
        let (toast, told) = told.map(|told| (told.toast, told.task)).unzip();
        let news = news::of_a_device(&asked).await;
        let written = quick::form(&asked);
        let count = listing.as_ref().ok().map(|listing| listing.count);
        view! {
            <House here=Here::Tasks(stand.filter) count=count>
                <main class="page page--app page--list stack stack--loose" id="main" tabindex="-1">
                    {news} {unconfirmed::banner(&asked)}
                    <div class="stack stack--tight">
                        {head(&stand, listing.as_ref().ok())}
                        {trouble(&asked, listing.as_ref().ok())
                            .map(|error| view! { <Alert message=error.message() /> })}
                        {gone(&asked).and_then(kept)}
                        <Quick form=&written />
                        {has_list(&stand, listing.as_ref().ok()).then(|| view! { <Find stand=&stand /> })}
                    </div>
                    {list(&asked, &stand, listing, told.as_ref())}
                </main>
                {toast}
            </House>
        }
    })
}

/// Whether there is anything to search and to sort.
fn has_list(stand: &Stand, listing: Option<&Listing>) -> bool {
    let is_new = listing.is_some_and(|listing| listing.count == TaskCount::default());
    !is_new || *stand != Stand::default()
}

fn head(stand: &Stand, listing: Option<&Listing>) -> impl IntoView + use<> {
    let day = listing.map(|listing| listing.today.strftime("%A %-d %B").to_string());
    let sum = listing
        .map(|listing| listing.count)
        .filter(|count| count.done > 0)
        .map(|count| format!("{} of {} done", count.done, count.open + count.done));
    view! {
        <header class="tasks__head">
            <h1>{stand.filter.label()}</h1>
            {day.map(|day| view! { <p class="quiet">{day}</p> })}
            {sum.map(|sum| view! { <p class="quiet tasks__sum">{sum}</p> })}
        </header>
    }
    .into_any()
}

/// Why a form was refused, when no field that can be seen says so.
fn trouble(asked: &Asked, listing: Option<&Listing>) -> Option<Error> {
    let edited = edit::edited(asked);
    let is_seen =
        listing.is_some_and(|listing| listing.tasks.iter().any(|task| Some(task.id) == edited));
    let unseen = asked
        .refused_at(edit::CHANGE)
        .filter(|_| !is_seen)
        .map(|form| form.refusal.error);
    quick::form(asked)
        .alert()
        .or(unseen)
        .or_else(|| edit::form(asked).alert())
        .or_else(|| Form::at(asked, &BUTTONS, &[]).alert())
}

/// The form of a task that is not there any more.
fn gone(asked: &Asked) -> Option<&RefusedForm> {
    asked
        .refused_at(edit::CHANGE)
        .filter(|form| form.refusal.error == Error::TaskNotFound)
}

fn list(
    asked: &Asked,
    stand: &Stand,
    listing: Result<Listing, Refusal>,
    told: Option<&Task>,
) -> AnyView {
    let listing = match listing {
        Ok(listing) if listing.tasks.is_empty() => {
            return view! { <Empty stand count=listing.count /> }.into_any();
        }
        Ok(listing) => listing,
        Err(refusal) => {
            let here = stand.here();
            return view! {
                <Alert message=refusal.error.message()>
                    <a href=here>"Try again"</a>
                </Alert>
            }
            .into_any();
        }
    };
    let is_whole = listing.next.is_none() && stand.after.is_empty();
    let edited = edit::edited(asked);
    let takes_cursor = !quick::form(asked).is_refused();
    let groups = groups(listing.tasks, stand, listing.today);
    let shown: Vec<&Task> = groups.iter().flat_map(|group| &group.tasks).collect();
    let gap = told.and_then(|task| Gap::of(task, &shown, stand));
    let groups = groups
        .into_iter()
        .map(|Group { heading, tasks }| {
            let number = is_whole.then_some(tasks.len());
            let rows = tasks
                .into_iter()
                .map(|task| {
                    let form = (edited == Some(task.id)).then(|| edit::form(asked));
                    view! { <Row task=&task stand today=listing.today form takes_cursor gap /> }
                })
                .collect_view();
            section(heading, number, rows)
        })
        .collect_view();
    view! {
        {groups}
        <Pager stand next=listing.next />
    }
    .into_any()
}

fn section(
    heading: Option<(&'static str, &'static str)>,
    number: Option<usize>,
    rows: impl IntoView + 'static,
) -> AnyView {
    let Some((id, words)) = heading else {
        return view! { <ul class="tasks">{rows}</ul> }.into_any();
    };
    let class = if id == "late" {
        "tasks__head tasks__head--late"
    } else {
        "tasks__head"
    };
    view! {
        <section aria-labelledby=id>
            <div class=class>
                <h2 id=id>{words}</h2>
                {number.map(|number| view! { <span class="quiet">{number}</span> })}
            </div>
            <ul class="tasks">{rows}</ul>
        </section>
    }
    .into_any()
}
