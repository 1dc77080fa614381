//! What happened to the account.

use crate::{
    action::account,
    domain::{Event, LogLine, Outcome, device},
    ui::{
        asked::Asked,
        part::{alert::Alert, due},
    },
};
use jiff::{civil::Date, tz::TimeZone};
use leptos::prelude::*;

/// The person's own log, newest first.
pub async fn section(asked: &Asked) -> AnyView {
    let lines = account::activity().await;
    let failed = lines.as_ref().err().map(|refusal| refusal.error);
    if let Some(error) = failed {
        asked.answer_with(error);
    }
    let zone = asked
        .who
        .as_ref()
        .map_or(TimeZone::UTC, |who| who.wishes.zone());
    let today = asked.now.date_in(&zone);
    view! {
        <section class="section" aria-labelledby="activity">
            <div class="section__head">
                <h2 id="activity">"Activity"</h2>
                <p class="quiet">"What happened to this account in the last 90 days, the latest 50 at most."</p>
            </div>
            {failed.map(|error| view! { <Alert message=error.message() /> })}
            {lines.ok().map(|lines| table(lines, &zone, today))}
        </section>
    }
    .into_any()
}

fn table(lines: Vec<LogLine>, zone: &TimeZone, today: Date) -> impl IntoView + use<> {
    let rows = lines
        .into_iter()
        .map(|line| row(line, zone, today))
        .collect_view();
    view! {
        <div class="log" role="region" aria-label="Events" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"Where"</th>
                        <th class="numeric" scope="col">
                            "When"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(line: LogLine, zone: &TimeZone, today: Date) -> impl IntoView + use<> {
    let at = line.at.in_zone(zone);
    let when = format!("{} {}", due::words(at.date(), today), at.strftime("%-H:%M"));
    let refused = line.outcome == Outcome::Refused;
    let device = Some(device::name(&line.user_agent)).filter(|name| !name.is_empty());
    view! {
        <tr>
            <th scope="row">
                {words(line.event, line.outcome)}
                {refused.then(|| view! { " " <span class="badge badge--danger">"Refused"</span> })}
                {device.map(|name| view! { <br /> <span class="quiet">{name}</span> })}
            </th>
            <td>
                {line.by_administrator.then_some("By an administrator")} {line.ip_address}
            </td>
            <td class="numeric">
                <time datetime=line.at.to_string()>{when}</time>
            </td>
        </tr>
    }
    .into_any()
}

/// What was only tried is not told as if it had been done.
pub fn words(event: Event, outcome: Outcome) -> &'static str {
    match (event, outcome) {
        (Event::SignIn, Outcome::Refused) => "Sign-in",
        (Event::SignUp, Outcome::Refused) => "Sign-up",
        (Event::InvitationUsed, Outcome::Refused) => "Invitation",
        (Event::PasswordReset, Outcome::Refused) => "Password link",
        (Event::PasswordChanged, Outcome::Refused) => "Password change",
        (Event::Deleted, Outcome::Refused) => "Account deletion",
        _ => event.words(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_sign_in_is_not_told_as_one() {
        assert_eq!(words(Event::SignIn, Outcome::Success), "Signed in");
        assert_eq!(words(Event::SignIn, Outcome::Refused), "Sign-in");
    }
}
