//! Whatever stands in the environment, the reader answers, and never with a value.

use super::*;
use proptest::prelude::*;
use std::io;

/// Something that may stand in a variable: often nearly right, often not.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "(sqlite|postgres|postgresql|smtp|smtps|http|https):/{0,3}[a-z0-9:@?=&%./*\\[\\]-]{0,40}",
        "[0-9]{1,22}[smhd]?",
        "[0-9a-f:.]{1,20}/?[0-9]{0,3}(,[0-9a-f:.]{1,20})?",
        Just(String::new()),
        Just(GOOD.to_owned()),
    ]
}

proptest! {
    #[test]
    fn no_environment_makes_the_reader_stumble(values in prop::collection::vec(value(), VARIABLES.len()), kept in any::<Vec<u8>>()) {
        let variables = VARIABLES.iter().map(ToString::to_string).zip(values).collect();
        match Config::read(&variables, |_| Ok(kept.clone())) {
            Ok(config) => prop_assert!(config.secret.expose().len() >= 32),
            Err(error) => prop_assert_eq!(error.to_string().lines().count(), error.faults().len()),
        }
    }

    #[test]
    fn a37_no_fault_tells_a_value(hush in "[XQZ0-9]{12,60}", shape in 0_usize..5) {
        let value = match shape {
            0 => hush.clone(),
            1 => format!("postgres://u:{hush}@db:port/x"),
            2 => format!("{hush}://{hush}"),
            3 => format!("https://{hush}@host/{hush},{hush}"),
            _ => format!("\u{1}{hush}"),
        };
        let variables = VARIABLES.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
        let error = Config::read(&variables, |_| Err(io::Error::other(hush.clone()))).unwrap_err();
        prop_assert!(!error.to_string().contains(&hush), "{}", error);
        let debugged = format!("{error:?}");
        prop_assert!(!debugged.contains(&hush));
    }
}
