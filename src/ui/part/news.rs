//! What a person is told about their account wherever they work, until they have said a word to it.

use super::{icon::Icon, reader::Reader};
use crate::{action::sessions::device_news, domain::NewDevice, ui::asked::Asked};
use leptos::prelude::*;

const ACCEPT: &str = "/action/devices/accept";
const DENY: &str = "/action/devices/deny";

/// That somebody signed in from a device that was not known. When it cannot be asked, there is more on the page that says so.
pub async fn of_a_device(asked: &Asked) -> Option<AnyView> {
    let new = device_news().await.ok().flatten()?;
    let answer = |path: &'static str, class: &'static str, words: &'static str| {
        view! {
            <form method="post" action=path>
                <input type="hidden" name="device" value=new.device.clone() />
                <button class=class>{words}</button>
            </form>
        }
    };
    let shown = view! {
        <section class="alert" aria-labelledby="news">
            <Icon name="person" />
            <div class="stack stack--tight">
                <p id="news">
                    <strong>{from(&new)}</strong> " "
                    {Reader::of(asked).stamp(new.first_seen_at)}
                    ". Was that you?"
                </p>
                <div class="row">
                    {answer(ACCEPT, "button", "Yes, that was me")} {answer(DENY, "button button--danger", "No, sign it out")}
                </div>
            </div>
        </section>
    };
    Some(shown.into_any())
}

/// What signed in, and from where.
fn from(new: &NewDevice) -> String {
    let device = match new.device.as_str() {
        "" => "an unknown device",
        device => device,
    };
    if new.ip_address.is_empty() {
        format!("New sign-in from {device}.")
    } else {
        format!("New sign-in from {device} at {}.", new.ip_address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Moment;

    #[test]
    fn a_device_is_named_as_far_as_it_is_known() {
        for (device, ip_address, expected) in [
            (
                "Firefox on Linux",
                "192.0.2.7",
                "New sign-in from Firefox on Linux at 192.0.2.7.",
            ),
            ("curl", "", "New sign-in from curl."),
            (
                "",
                "192.0.2.7",
                "New sign-in from an unknown device at 192.0.2.7.",
            ),
        ] {
            let new = NewDevice {
                device: device.to_owned(),
                ip_address: ip_address.to_owned(),
                first_seen_at: Moment(0),
            };
            assert_eq!(from(&new), expected);
        }
    }
}
