//! The rooms of a person who is signed in: a rail beside the page, on a phone a bar below it.

use crate::{
    domain::{Next, Role, TaskCount},
    ui::{
        asked::Asked,
        inert::Inert,
        office::Office,
        part::{
            icon::{Icon, Mark},
            stand::{Filter, Stand},
        },
    },
};
use leptos::{prelude::*, tachys::html::InertElement};

/// A place that rail and bar lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// The tasks, through this filter.
    Tasks(Filter),
    /// The settings.
    Settings,
    /// Where people are looked after.
    Office,
}

/// Rail, page and bar.
#[component]
pub fn House(
    /// Where we are.
    here: Here,
    /// How many tasks there are, if that is known.
    #[prop(default = None)]
    count: Option<TaskCount>,
    /// The page.
    children: Children,
) -> impl IntoView {
    let asked = expect_context::<Asked>();
    let is_administrator = asked
        .who
        .as_ref()
        .is_some_and(|who| who.role == Role::Admin);
    let name = asked.who.map(|who| who.user.name).unwrap_or_default();
    view! {
        <a class="visually-hidden skip" href="#main">
            "Skip to the page"
        </a>
        <div class="with-rail">{rail(here, count, name, is_administrator)} {children()}</div>
        {bar(here)}
    }
    .into_any()
}

/// The address of a list. Who changes lists leaves search and order behind.
fn list(filter: Filter) -> String {
    Stand::from(filter).here()
}

fn rail(
    here: Here,
    count: Option<TaskCount>,
    name: String,
    is_administrator: bool,
) -> InertElement {
    let links = Filter::ALL.map(|filter| {
        let count = count.map(|count| match filter {
            Filter::Open => count.open,
            Filter::Everything => count.open + count.done,
            Filter::Done => count.done,
        });
        view! {
            <li>
                <a class="rail__link" href=list(filter) aria-current=(here == Here::Tasks(filter)).then_some("page")>
                    <Icon name=filter.icon() />
                    {filter.label()}
                    {count.map(|count| view! { <span class="rail__count">{count}<span class="visually-hidden">{counted(count)}</span></span> })}
                </a>
            </li>
        }
    });
    view! {
        <nav class="rail" aria-label="Lists">
            <a class="brand" href=Next::HOME>
                <Mark />
                "latchkey"
            </a>
            <ul>{links.into_iter().collect_view()}</ul>
            <ul class="rail__foot">
                <li class="scripted">
                    <button class="rail__link" type="button" data-keys>
                        <Icon name="keyboard" />
                        "All keys"
                        <kbd class="key rail__count">"?"</kbd>
                    </button>
                </li>
                {is_administrator
                    .then(|| {
                        view! {
                            <li>
                                <a
                                    class="rail__link"
                                    href=Office::People.path()
                                    aria-current=(here == Here::Office).then_some("page")
                                >
                                    <Icon name="people" />
                                    "People"
                                </a>
                            </li>
                        }
                    })}
                <li>
                    <a class="rail__link" href="/settings" aria-current=(here == Here::Settings).then_some("page")>
                        <span class="avatar" aria-hidden="true">
                            {initials(&name)}
                        </span>
                        <span class="visually-hidden">"Settings of "</span>
                        <span class="clip">{name}</span>
                    </a>
                </li>
            </ul>
        </nav>
    }
    .inert()
}

/// What follows a number of them.
const fn counted(count: u64) -> &'static str {
    if count == 1 { " task" } else { " tasks" }
}

fn bar(here: Here) -> InertElement {
    let link = |address: String, place: Here, icon: &'static str, words: &'static str| {
        view! {
            <a class="bar__link" href=address aria-current=(here == place).then_some("page")>
                <Icon name=icon />
                {words}
            </a>
        }
    };
    let tasks =
        |filter: Filter, words| link(list(filter), Here::Tasks(filter), filter.icon(), words);
    let add = if matches!(here, Here::Tasks(_)) {
        "#new"
    } else {
        "/dashboard#new"
    };
    view! {
        <nav class="bar" aria-label="Main">
            {tasks(Filter::Open, "Open")}
            {tasks(Filter::Everything, "All")}
            <a class="bar__add" href=add aria-label="Add a task">
                <Icon name="plus" />
            </a>
            {tasks(Filter::Done, "Done")}
            {link("/settings".to_owned(), Here::Settings, "person", "You")}
        </nav>
    }
    .inert()
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    [words.next(), words.next_back()]
        .into_iter()
        .flatten()
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_by_the_first_letters_of_its_first_and_last_word() {
        for (name, expected) in [
            ("Maya Lindqvist", "ML"),
            ("ada", "A"),
            ("Jo van der Aa", "JA"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn the_lists_of_the_rail_begin_afresh() {
        assert_eq!(
            Filter::ALL.map(list),
            [
                "/dashboard",
                "/dashboard?filter=all",
                "/dashboard?filter=done"
            ]
        );
    }
}
