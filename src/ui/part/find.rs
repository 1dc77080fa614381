//! Search and order: a form that asks for an address, and links.

use super::{
    icon::Icon,
    stand::{Filter, Stand},
};
use crate::{
    domain::{Next, Query},
    ui::inert::Inert,
};
use leptos::prelude::*;

/// The line below the quick-add. Searching keeps filter and order and begins at the beginning.
#[component]
pub fn Find<'a>(
    /// Where on the page of tasks we are.
    stand: &'a Stand,
) -> impl IntoView + use<> {
    let kept = [("filter", stand.said_filter()), ("sort", stand.said_sort())]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <div class="find">
            <form class="find__field" role="search" method="get" action=Next::HOME>
                <Icon name="search" />
                <label class="visually-hidden" for="q">
                    "Search tasks"
                </label>
                <input
                    class="find__input"
                    dir="auto"
                    id="q"
                    name="q"
                    type="search"
                    value=stand.q.clone()
                    maxlength=Query::MOST.to_string()
                    placeholder="Search"
                    aria-keyshortcuts="/"
                />
                {kept}
                <kbd class="key scripted" aria-hidden="true">
                    "/"
                </kbd>
            </form>
            {order(stand)}
        </div>
        {(!stand.q.is_empty()).then(|| searched(stand))}
    }
    .inert()
}

/// What is shown while something is searched for, and the ways out of it.
fn searched(stand: &Stand) -> impl IntoView + use<> {
    let elsewhere = (stand.filter != Filter::Everything).then(|| {
        let everywhere = stand.filtered(Filter::Everything);
        view! {
            <a class="button button--quiet" href=everywhere>
                "Search everything"
            </a>
        }
    });
    view! {
        <div class="find__said row row--apart">
            <p class="quiet" dir="auto">
                {format!("“{}” in {}", stand.q, stand.filter.label())}
            </p>
            <div class="row">
                {elsewhere}
                <a class="button button--quiet" href=stand.unsearched()>
                    "Clear" <span class="visually-hidden">" the search"</span>
                </a>
            </div>
        </div>
    }
    .inert()
}

fn order(stand: &Stand) -> impl IntoView + use<> {
    let chosen = stand
        .sorts()
        .find(|(sort, _)| *sort == stand.sort)
        .map_or("Another order", |(_, words)| words);
    let items = stand
        .sorts()
        .map(|(sort, words)| {
            view! {
                <li>
                    <a class="menu__item" href=stand.sorted(sort) aria-current=(sort == stand.sort).then_some("page")>
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="menu" name="menu">
            <summary class="button button--quiet">
                <Icon name="sort" />
                <span class="find__label">
                    <span class="visually-hidden">"Sort: "</span>
                    {chosen}
                </span>
            </summary>
            <ul class="menu__sheet">{items}</ul>
        </details>
    }
    .inert()
}
