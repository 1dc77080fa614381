//! How pages look, and where the person is.

use crate::{
    domain::{Theme, Wishes},
    ui::{
        asked::Asked,
        form::Form,
        part::{
            alert::Alert,
            choice::Choice,
            field::{FieldFault, described_by},
        },
    },
};
use leptos::prelude::*;
use std::iter;

const LOOK: &str = "/action/settings/look";

/// Theme and time zone.
pub fn section(asked: &Asked, wishes: &Wishes) -> impl IntoView + use<> {
    let form = Form::at(asked, &[LOOK], &["theme", "timeZone"]);
    view! {
        <section class="section" aria-labelledby="look">
            <div class="section__head">
                <h2 id="look">"Look"</h2>
                <p class="quiet">"Light, dark, or whatever this device has. Your days begin and end where you are."</p>
            </div>
            <form class="stack" method="post" action=LOOK>
                {form.alert().map(|error| view! { <Alert message=error.message() /> })}
                {themes(&form, wishes.theme)}
                {time_zone(&form, wishes)}
                <div class="row">
                    <button class="button">"Apply"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn themes(form: &Form, theme: Theme) -> impl IntoView + use<> {
    let fault = form.fault("theme");
    let chosen = form.typed_or("theme", theme.as_str().unwrap_or_default());
    let takes_cursor = fault.is_some();
    let choices =
        [("", "Automatic"), ("light", "Light"), ("dark", "Dark")].map(|(value, words)| {
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="theme"
                        value=value
                        checked=chosen == value
                        autofocus=takes_cursor && value.is_empty()
                    />
                    {words}
                </label>
            }
        });
    view! {
        <fieldset class="row" aria-describedby=described_by("theme", false, fault.is_some())>
            <legend class="visually-hidden">"Theme"</legend>
            {choices.into_iter().collect_view()}
            <FieldFault id="theme" message=fault />
        </fieldset>
    }
    .into_any()
}

fn time_zone(form: &Form, wishes: &Wishes) -> impl IntoView + use<> {
    let chosen = form.typed_or("timeZone", wishes.time_zone.as_deref().unwrap_or_default());
    let zones = zones(&chosen).into_iter().map(|zone| {
        let words = zone.replace('_', " ");
        (zone, words)
    });
    let options = iter::once((String::new(), "UTC".to_owned())).chain(zones);
    let takes_cursor = form.fault("timeZone").is_some();
    view! { <Choice form name="timeZone" label="Time zone" options chosen=&chosen takes_cursor /> }
}

/// The zones to choose from: those named after places, and the chosen one whatever it is named after.
fn zones(chosen: &str) -> Vec<String> {
    const PARTS: [&str; 10] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    jiff::tz::db()
        .available()
        .map(|name| name.to_string())
        .filter(|name| {
            let is_place = name
                .split_once('/')
                .is_some_and(|(part, _)| PARTS.contains(&part));
            is_place || name == chosen
        })
        .collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn zones_are_places_and_whatever_was_chosen_before() {
        let zones = zones("Etc/GMT+5");
        for name in ["Europe/Paris", "America/Argentina/Ushuaia", "Etc/GMT+5"] {
            assert!(zones.iter().any(|zone| zone == name), "{name}");
        }
        assert!(
            !zones
                .iter()
                .any(|zone| zone == "Etc/GMT+6" || zone == "EST")
        );
    }
}
