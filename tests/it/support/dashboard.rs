//! What is done again and again on the page of tasks.

use super::app::{Answer, Browser};
use http::StatusCode;

/// The id of the task that the answer's address speaks of, under this word.
pub fn noticed(answer: &Answer, word: &str) -> String {
    let address = url::Url::parse("http://localhost:3000")
        .and_then(|origin| origin.join(answer.location()))
        .expect("an address");
    address
        .query_pairs()
        .find(|(name, _)| name == word)
        .unwrap_or_else(|| panic!("no {word}: {}", answer.location()))
        .1
        .into_owned()
}

pub async fn add(browser: &Browser<'_>, fields: &[(&str, &str)]) -> String {
    let answer = browser.form("/action/tasks/create", fields).await;
    noticed(&answer.is(StatusCode::SEE_OTHER), "added")
}

pub async fn page(browser: &Browser<'_>, path: &str) -> String {
    browser.get(path).await.is(StatusCode::OK).text()
}

/// Whether these stand on the page, in this order.
#[track_caller]
pub fn in_order(page: &str, titles: &[&str]) {
    let places: Vec<_> = titles
        .iter()
        .map(|title| page.find(title).unwrap_or_else(|| panic!("no {title}")))
        .collect();
    assert!(places.is_sorted(), "{titles:?} stand at {places:?}");
}
