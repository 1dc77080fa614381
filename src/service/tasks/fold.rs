//! What searching and sorting go by, made here so that both databases, which fold differently, agree.

use crate::domain::line::is_mark;
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

/// What is alike but for case is the same: caseless matching of Unicode, 3.13. `STRASSE` is `Straße`, and a sigma is one wherever it stands.
pub(super) fn searched(text: &str) -> String {
    fold(text, |_| true)
}

/// The same without the marks on letters, so that `Ärger` stands before `Zebra`.
pub(super) fn sorted(title: &str) -> String {
    fold(title, |letter| !is_mark(letter))
}

fn fold(text: &str, keeps: impl Fn(char) -> bool) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let text: String = text.nfd().collect();
    let folded = UniCase::unicode(text).to_folded_case();
    folded.nfd().filter(|&letter| keeps(letter)).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_differs_in_case_is_folded_to_the_same(text in "\\PC{0,60}") {
            prop_assert_eq!(searched(&text.to_lowercase()), searched(&text));
            prop_assert_eq!(sorted(&text.to_lowercase()), sorted(&text));
        }

        #[test]
        fn what_is_folded_stays_so_and_what_looks_the_same_is_the_same(text in "\\PC{0,60}") {
            for fold in [searched, sorted] {
                let once = fold(&text);
                prop_assert_eq!(fold(&once), once.clone());
                prop_assert_eq!(fold(&text.nfd().collect::<String>()), once);
            }
        }
    }

    #[test]
    fn letters_are_told_from_each_other_by_what_makes_them_other_letters() {
        assert_eq!(searched("ΟΔΟΣ"), searched("οδος"));
        assert!(searched("ΟΔΟΣΗΜΟ").starts_with(&searched("ΟΔΟΣ")));
        assert_eq!(searched("Straße"), "strasse");
        assert_ne!(searched("schön"), searched("schon"));
        assert_eq!(sorted("Ärger, Øl und Éclair"), "arger, øl und eclair");
        assert_eq!(sorted("が"), "が");
    }

    /// Which is what a cursor has room for, times the letters of a title.
    #[test]
    fn no_letter_becomes_more_than_twelve_bytes() {
        let longest = ('\0'..=char::MAX).map(|letter| sorted(&letter.to_string()).len());
        assert!(longest.max() <= Some(12));
    }
}
