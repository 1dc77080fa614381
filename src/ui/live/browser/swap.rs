//! The answer's page put in the place of the one that stands. What is the same in both stays the same element, so that what is typed, open or
//! focused stays too. No script that comes with an answer runs: those it holds are left where they are.

use super::{
    hand,
    page::{after, all, document, nodes, set},
};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node};

/// How long a row takes to fade, as the style sheet has it.
const FADE: i32 = 180;

/// Makes the page what this one is.
pub fn bring(page: &Document) {
    let standing = document();
    standing.set_title(&page.title());
    if let (Some(old), Some(new)) = (standing.document_element(), page.document_element()) {
        match new.get_attribute("data-theme") {
            Some(theme) => set(&old, "data-theme", &theme),
            None => drop(old.remove_attribute("data-theme")),
        }
    }
    bring_colours(page);
    if let (Some(old), Some(new)) = (standing.body(), page.body()) {
        children(&old, &new);
    }
}

/// What the browser paints around the page goes with the person's theme.
fn bring_colours(page: &Document) {
    const COLOURS: &str = "meta[name=color-scheme], meta[name=theme-color]";
    let Some(head) = document().head() else {
        return;
    };
    all(COLOURS).iter().for_each(Element::remove);
    if let Ok(metas) = page.query_selector_all(COLOURS) {
        for meta in nodes(&metas) {
            let _ = head.append_child(&meta);
        }
    }
}

/// What belongs to the page that stands, whatever an answer says: scripts, islands, dialogs, alerts, rows that are fading.
fn is_own(node: &Node) -> bool {
    node.dyn_ref::<Element>().is_some_and(|element| {
        element
            .matches("script, leptos-island, dialog, [data-kept], [data-leaving]")
            .unwrap_or_default()
    })
}

fn children(old: &Node, new: &Node) {
    let fresh = nodes(&new.child_nodes()).into_iter();
    let fresh: Vec<_> = fresh.filter(|node| !is_own(node)).collect();
    let wanted: Vec<_> = fresh.iter().map(called).collect();
    // What is not there any more goes first, from where it stands: what comes after it need not move, and goes on as it was.
    for node in nodes(&old.child_nodes()) {
        if !is_own(&node) && !wanted.contains(&called(&node)) {
            remove(node);
        }
    }
    let mut at = own_passed(old.first_child());
    for (fresh, called) in fresh.iter().zip(&wanted) {
        if let Some(same) = same_as(called, at.clone()) {
            if at.as_ref() == Some(&same) {
                at = same.next_sibling();
            } else {
                let _ = old.insert_before(&same, at.as_ref());
            }
            follow(&same, fresh);
        } else {
            let _ = old.insert_before(fresh, at.as_ref());
        }
        at = own_passed(at);
    }
    while let Some(gone) = at {
        at = own_passed(gone.next_sibling());
        remove(gone);
    }
}

fn own_passed(mut node: Option<Node>) -> Option<Node> {
    while node.as_ref().is_some_and(is_own) {
        node = node.and_then(|node| node.next_sibling());
    }
    node
}

/// The first node from here on that is called so.
fn same_as(wanted: &Called, mut at: Option<Node>) -> Option<Node> {
    while let Some(node) = at {
        if called(&node) == *wanted {
            return Some(node);
        }
        at = own_passed(node.next_sibling());
    }
    None
}

/// What kind of node it is, and its name: what tells it from its siblings.
type Called = (String, Option<String>);

fn called(node: &Node) -> Called {
    (node.node_name(), node.dyn_ref().and_then(name))
}

/// What an element is called among its siblings: its id, its row, its field or its first class. A toast that says
/// something else is another one, with ten seconds of its own.
fn name(element: &Element) -> Option<String> {
    let class = element.get_attribute("class").unwrap_or_default();
    let class = class.split(' ').next().unwrap_or_default();
    let id = element.get_attribute("id");
    match class {
        "toast" => element.text_content(),
        "task" => hand::key(element),
        _ => id
            .or_else(|| element.get_attribute("name"))
            .or_else(|| Some(class.to_owned())),
    }
}

fn follow(old: &Node, new: &Node) {
    if old.is_equal_node(Some(new)) {
        return;
    }
    if let (Some(old), Some(new)) = (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) {
        attributes(old, new);
        children(old, new);
    } else {
        old.set_node_value(new.node_value().as_deref());
    }
}

/// Takes over what the new element says, but for what a hand has opened and the row in hand.
fn attributes(old: &Element, new: &Element) {
    let is_row = old.has_attribute("data-task");
    let is_hands = |name: &str| name == "open" || is_row && name == "aria-current";
    for name in new
        .get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
    {
        let value = new.get_attribute(&name).unwrap_or_default();
        if old.get_attribute(&name).as_ref() != Some(&value) {
            set(old, &name, &value);
        }
    }
    for name in old
        .get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
    {
        if !is_hands(&name) && !new.has_attribute(&name) {
            let _ = old.remove_attribute(&name);
        }
    }
}

/// A row fades before it goes; everything else goes at once.
fn remove(node: Node) {
    let row = node
        .dyn_ref::<Element>()
        .filter(|element| element.matches("li.task").unwrap_or_default());
    if let Some(row) = row {
        set(row, "data-leaving", "");
        after(FADE, move || leave(&node));
    } else {
        leave(&node);
    }
}

fn leave(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}
