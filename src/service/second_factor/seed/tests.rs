//! The codes of RFC 6238, and what a seal lets through.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

/// "12345678901234567890", the seed of the vectors.
const RFC: Seed = Seed(*b"12345678901234567890");

fn code(text: &str) -> TotpCode {
    text.parse().unwrap()
}

fn at(seconds: i64) -> Moment {
    Moment(seconds * 1000)
}

fn seals(current: u8, previous: Option<u8>) -> Seals {
    let seal = |byte: u8| Seal::new(&Key::of_bytes([byte; 32]));
    Seals {
        current: seal(current),
        previous: previous.map(seal),
    }
}

/// RFC 6238 appendix B has eight digits; ours are the last six of them.
#[test]
fn a35_the_codes_are_those_of_rfc_6238() {
    for (seconds, eight) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        let step = RFC.step_of(&code(&eight[2..]), at(seconds));
        assert_eq!(step, Some(seconds / 30), "{seconds}");
    }
}

#[test]
fn b36_a_code_is_good_one_step_before_and_after_and_no_longer() {
    // 081804 is the code of step 37037036.
    let begins = 37_037_036 * 30;
    for (seconds, is_good) in [
        (begins - 31, false),
        (begins - 30, true),
        (begins, true),
        (begins + 59, true),
        (begins + 60, false),
    ] {
        let step = RFC.step_of(&code("081804"), at(seconds));
        assert_eq!(step, is_good.then_some(37_037_036), "{seconds}");
    }
    assert_eq!(RFC.step_of(&code("081804"), Moment(-1)), None);
}

#[test]
fn an_app_learns_who_issued_the_seed_and_for_which_account() {
    let shown = RFC.shown("maya@example.org", None).unwrap();
    assert_eq!(
        shown.totp_uri,
        "otpauth://totp/latchkey:maya%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=latchkey&digits=6&period=30"
    );
    assert_eq!(shown.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let named = RFC.shown("maya@example.org", Some("Our house")).unwrap();
    assert!(
        named.totp_uri.contains("/Our%20house:"),
        "{}",
        named.totp_uri
    );
    let odd = RFC.shown("maya@example.org", Some("a:b")).unwrap();
    assert!(odd.totp_uri.contains("/latchkey:"), "{}", odd.totp_uri);
}

#[test]
fn a_seal_opens_for_its_person_and_its_keys_alone() {
    let (maya, jo) = (UserId(Uuid::now_v7()), UserId(Uuid::now_v7()));
    let sealed = seals(1, None).close(maya, &RFC).unwrap();
    let opened = |seals: Seals, user| seals.open(user, &sealed);
    let with = |is_outdated| {
        Ok(Unsealed {
            seed: RFC,
            is_outdated,
        })
    };
    assert_eq!(opened(seals(1, None), maya), with(false));
    assert_eq!(opened(seals(2, Some(1)), maya), with(true));
    assert_eq!(opened(seals(1, None), jo), Err(Error::Internal));
    assert_eq!(opened(seals(2, None), maya), Err(Error::Internal));
    assert_eq!(opened(seals(2, Some(3)), maya), Err(Error::Internal));
}

#[test]
fn two_seals_of_one_seed_have_nothing_in_common() {
    let maya = UserId(Uuid::now_v7());
    let (one, other) = (
        seals(1, None).close(maya, &RFC).unwrap(),
        seals(1, None).close(maya, &RFC).unwrap(),
    );
    assert_ne!(one.text, other.text);
    assert_eq!(format!("{RFC:?} {:?}", seals(1, None)), "Seed(…) Seals(…)");
}

proptest! {
    #[test]
    fn what_was_tampered_with_does_not_open(at in 0_usize..80, to in "[A-Za-z0-9+/]") {
        let maya = UserId(Uuid::nil());
        let seals = seals(1, None);
        let sealed = seals.close(maya, &RFC).unwrap();
        let mut text = sealed.text.clone();
        let at = at % text.len();
        text.replace_range(at..=at, &to);
        let changed = Sealed { text: text.clone(), ..sealed.clone() };
        prop_assert_eq!(seals.open(maya, &changed).is_ok(), text == sealed.text);
    }
}
