//! A table of what happened: to one account in its settings, to all of them in the office.

use super::reader::Reader;
use crate::domain::{Event, LogLine, Outcome, device};
use leptos::prelude::*;

/// A line, and what only the page knows of it.
pub struct Told<'a> {
    /// The line.
    pub line: &'a LogLine,
    /// To whom it happened, on a page about everybody.
    pub who: Option<AnyView>,
    /// What stands below what happened.
    pub note: Option<AnyView>,
}

/// The table, the latest line first. On a phone a line is a block, and only its roles still say that it is a row.
pub fn log(lines: Vec<Told<'_>>, reader: &Reader) -> AnyView {
    let is_about_many = lines.iter().any(|told| told.who.is_some());
    let rows = lines
        .into_iter()
        .map(|told| row(told, reader))
        .collect_view();
    view! {
        <div class="log" role="region" aria-label="Events" tabindex="0">
            <table role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">
                            "What"
                        </th>
                        {is_about_many
                            .then(|| {
                                view! {
                                    <th scope="col" role="columnheader">
                                        "Who"
                                    </th>
                                }
                            })}
                        <th scope="col" role="columnheader">
                            "Where"
                        </th>
                        <th class="numeric" scope="col" role="columnheader">
                            "When"
                        </th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(told: Told<'_>, reader: &Reader) -> impl IntoView + use<> {
    let Told { line, who, note } = told;
    let is_refused = line.outcome == Outcome::Refused;
    let device = Some(device::name(&line.user_agent)).filter(|name| !name.is_empty());
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {words(line.event, line.outcome)}
                {is_refused.then(|| view! { " " <span class="badge badge--danger">"Refused"</span> })}
                {note.map(|note| view! { <br /> {note} })}
            </th>
            {who.map(|who| view! { <td role="cell">{who}</td> })}
            <td role="cell">
                {device.map(|name| view! { {name} <br /> })} <span class="quiet">{line.ip_address.clone()}</span>
            </td>
            <td class="numeric" role="cell">
                {reader.stamp(line.at)}
            </td>
        </tr>
    }
    .into_any()
}

/// What was only tried is not told as if it had been done.
fn words(event: Event, outcome: Outcome) -> &'static str {
    match (event, outcome) {
        (Event::SignIn, Outcome::Refused) => "Sign-in",
        (Event::SignUp, Outcome::Refused) => "Sign-up",
        (Event::InvitationUsed, Outcome::Refused) => "Invitation",
        (Event::PasswordReset | Event::PasswordResetRequested, Outcome::Refused) => "Password link",
        (Event::PasswordChanged, Outcome::Refused) => "Password change",
        (Event::EmailChanged, Outcome::Refused) => "Address change",
        (Event::Confirmed, Outcome::Refused) => "Confirmation that it is you",
        (Event::ProviderUnlinked, Outcome::Refused) => "Disconnecting the provider",
        (Event::Deleted, Outcome::Refused) => "Account deletion",
        _ => event.words(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_only_tried_is_not_told_as_done() {
        assert_eq!(words(Event::SignIn, Outcome::Success), "Signed in");
        assert_eq!(words(Event::SignIn, Outcome::Refused), "Sign-in");
        assert_eq!(
            words(Event::EmailChanged, Outcome::Refused),
            "Address change"
        );
    }
}
