//! What comes of a row: a person by our words, or a reason.

use super::*;
use crate::service::foreign::tests::anything;
use proptest::prelude::*;
use serde_json::json;

const NOW: Moment = Moment(1_795_215_662_123);
const HASH: &str = "895fbd498397d41e09f4ece4e0c9d456:63a3b4fb749024a8efac1bb530eb0727bd121981d5641368620573a84ebab2a32b7f4d9dae5d0699258affc913ec693bef7eba7e974e5c4ab1b3bbf7eb8f63f6";

fn row(value: &Value) -> Row {
    value.as_object().cloned().unwrap()
}

fn maya(change: &Value) -> Row {
    let mut maya = row(&json!({
        "id": "x7", "name": "Maya", "email": "Maya@Example.org", "email_verified": 1, "image": null,
        "created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-02-02T03:04:05.678Z",
    }));
    maya.extend(row(change));
    maya
}

fn credential() -> Row {
    row(&json!({ "user_id": "x7", "provider_id": "credential", "password": HASH }))
}

fn read_of(change: &Value) -> Result<Newcomer, Why> {
    read(&maya(change), &[credential()], NOW)
}

#[test]
fn a_person_comes_as_they_are() {
    let maya = read_of(&json!({ "image": "https://example.org/maya.png" })).unwrap();
    assert_eq!(
        (maya.name.as_str(), maya.email.as_str()),
        ("Maya", "Maya@Example.org")
    );
    assert!(maya.email_verified && !maya.disabled && maya.password.is_some());
    assert_eq!(maya.created_at.to_string(), "2026-01-02T03:04:05.678Z");
    assert_eq!(maya.updated_at.to_string(), "2026-02-02T03:04:05.678Z");
    assert_eq!(maya.image.as_deref(), Some("https://example.org/maya.png"));
    assert_eq!(maya.remarks, []);
}

#[test]
fn an_id_that_is_a_uuid_stays_and_another_becomes_one() {
    let uuid = "0197A9D4-0000-7000-8000-00000000000A";
    let kept = read_of(&json!({ "id": uuid })).unwrap();
    assert_eq!(kept.id.to_string(), uuid.to_lowercase());
    for other in [json!("x7"), json!(7)] {
        let new = read_of(&json!({ "id": other })).unwrap().id;
        assert_eq!(new.0.get_version_num(), 7, "{other}");
    }
}

#[test]
fn b18_b41_what_our_own_words_refuse_does_not_come() {
    for bad in [
        json!(null),
        json!(""),
        json!(7),
        json!("maya"),
        json!("maya@localhost"),
        json!("a@x.io\r\nBcc: v@y"),
    ] {
        let refused = read_of(&json!({ "email": bad }));
        assert_eq!(refused.unwrap_err(), Why::NoEmail, "{bad}");
    }
    for bad in [json!(null), json!(""), json!("a\u{0}b"), json!([1])] {
        let refused = read_of(&json!({ "id": bad }));
        assert_eq!(refused.unwrap_err(), Why::NoId, "{bad}");
    }
    for (name, becomes) in [
        (json!(null), "Maya"),
        (json!("  "), "Maya"),
        (json!("\u{202e}\u{1b}[31mMaya\nL"), "[31mMaya L"),
        (json!("\u{200b}\u{ad}"), "Maya"),
        (json!("Rene\u{301}\nL"), "Rene\u{301} L"),
        (json!("m".repeat(101)), &"m".repeat(100)),
    ] {
        let maya = read_of(&json!({ "name": name })).unwrap();
        assert_eq!(maya.name.as_str(), becomes);
        assert_eq!(maya.remarks, [Remark::Renamed]);
    }
    for image in ["javascript:alert(1)", "data:image/png;base64,AA==", "x"] {
        let maya = read_of(&json!({ "image": image })).unwrap();
        assert_eq!(
            (maya.image, &maya.remarks[..]),
            (None, &[Remark::NoImage][..])
        );
    }
}

#[test]
fn whoever_has_no_password_that_can_be_read_comes_without_one_and_it_is_said_why() {
    let github = row(&json!({ "user_id": "x7", "provider_id": "github", "password": null }));
    let mut strange = credential();
    strange.insert("password".into(), json!("$2b$10$abc"));
    let mut empty = credential();
    empty.insert("password".into(), json!(""));
    for (accounts, remark) in [
        (vec![], Remark::NoPassword(vec![])),
        (vec![empty], Remark::NoPassword(vec![])),
        (
            vec![github.clone(), github.clone()],
            Remark::NoPassword(vec!["github".into()]),
        ),
        (vec![strange], Remark::StrangeHash),
        (vec![credential(), credential()], Remark::SeveralPasswords),
    ] {
        let person = read(&maya(&json!({})), &accounts, NOW).unwrap();
        assert!(person.password.is_none() && remark.wants_link());
        assert_eq!(person.remarks, [remark]);
    }
    let both = read(&maya(&json!({})), &[github, credential()], NOW).unwrap();
    assert!(both.password.is_some() && both.remarks.is_empty());
}

#[test]
fn whoever_is_banned_there_is_disabled_here_and_a_second_factor_is_not_lost_in_silence() {
    let banned = |until: Value| {
        read_of(&json!({ "banned": true, "ban_expires": until }))
            .unwrap()
            .disabled
    };
    assert!(banned(json!(null)) && banned(json!("2027-01-01T00:00:00Z")));
    assert!(!banned(json!("2026-01-01T00:00:00Z")));
    let maya = read_of(&json!({ "two_factor_enabled": 1, "banned": 0 })).unwrap();
    assert_eq!(maya.remarks, [Remark::TwoFactors]);
}

#[test]
fn an_account_is_never_from_the_future_and_one_without_a_date_is_from_today() {
    let future = read_of(&json!({ "created_at": "2999-01-01T00:00:00Z" })).unwrap();
    assert_eq!((future.created_at, future.updated_at), (NOW, NOW));
    let none = read_of(&json!({ "created_at": null, "updated_at": "soon" })).unwrap();
    assert_eq!((none.created_at, none.updated_at), (NOW, NOW));
    assert_eq!(none.remarks, [Remark::NoDate]);
}

proptest! {
    #[test]
    fn whoever_comes_comes_by_our_words_and_in_the_order_of_time(values in prop::collection::vec(anything(), 7)) {
        let columns = ["id", "name", "image", "created_at", "updated_at", "banned", "ban_expires"];
        let change: Row = columns.iter().map(|&name| name.to_owned()).zip(values.clone()).collect();
        let mut account = credential();
        account.insert("password".to_owned(), values[1].clone());
        account.insert("provider_id".to_owned(), values[2].clone());
        let row = maya(&Value::Object(change));
        if let Ok(maya) = read(&row, &[credential(), account], NOW) {
            prop_assert_eq!(maya.name.as_str().parse::<Name>().unwrap(), maya.name);
            prop_assert!(maya.created_at <= maya.updated_at && maya.updated_at <= NOW);
            let leads_to_the_web = |image: &String| image.starts_with("http://") || image.starts_with("https://");
            prop_assert!(maya.image.iter().all(leads_to_the_web));
        }
    }

    #[test]
    fn b18_nobody_comes_with_an_address_that_sign_up_would_refuse(email in "\\PC{0,40}|[A-Za-z.+ ]{1,12}@[A-Za-z.-]{1,20}") {
        let known = email.parse::<Email>();
        match read_of(&json!({ "email": email })) {
            Ok(maya) => prop_assert_eq!(Ok(maya.email), known),
            Err(_) => prop_assert!(known.is_err()),
        }
    }
}
