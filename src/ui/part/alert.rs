//! A sentence for the whole form or page.

use super::icon::Icon;
use crate::{domain::Refusal, ui::asked::Asked};
use leptos::prelude::*;

/// Something is wrong with the whole.
#[component]
pub fn Alert(
    /// What, in words for the person.
    message: &'static str,
    /// So that a field can name it as its description.
    #[prop(optional, into)]
    id: Option<&'static str>,
    /// What can be done about it: a link, perhaps.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="alert alert--danger" role="alert" id=id>
            <Icon name="late" />
            <p>{message} {children.map(|children| (" ", children()))}</p>
        </div>
    }
    .into_any()
}

/// What was read for this page as it is shown; or the alert in its place, and the error's status on the answer.
pub fn shown_or_alert<T, V: IntoView + 'static>(
    asked: &Asked,
    read: Result<T, Refusal>,
    show: impl FnOnce(T) -> V,
) -> AnyView {
    match read {
        Ok(read) => show(read).into_any(),
        Err(Refusal { error, .. }) => {
            asked.answer_with(error);
            view! { <Alert message=error.message() /> }.into_any()
        }
    }
}

/// Good news.
#[component]
pub fn Status(
    /// What was done.
    message: &'static str,
) -> impl IntoView {
    view! {
        <div class="alert" role="status">
            <Icon name="done" />
            <p>{message}</p>
        </div>
    }
    .into_any()
}
