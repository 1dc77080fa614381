//! Which key does what.

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// To write a task down.
    New,
    /// To look for tasks.
    Find,
    /// To take the next row in hand.
    Next,
    /// To take the row before in hand.
    Previous,
    /// To tick the row in hand, or to take its tick away.
    Tick,
    /// To edit the row in hand.
    Edit,
    /// To undo what was just done.
    Undo,
    /// To delete the row in hand, which can be undone.
    Delete,
    /// To send the form that is being written in.
    Send,
    /// To see all keys.
    Keys,
    /// To close what is open, or to leave what is being edited.
    Leave,
}

/// Every key as the browser names it, what it asks for, and that in words.
pub const KEYS: [(&str, Command, &str); 11] = [
    ("n", Command::New, "New task"),
    ("/", Command::Find, "Search"),
    ("j", Command::Next, "Next task"),
    ("k", Command::Previous, "Previous task"),
    ("x", Command::Tick, "Done, or not done"),
    ("e", Command::Edit, "Edit"),
    ("Delete", Command::Delete, "Delete"),
    ("u", Command::Undo, "Undo"),
    ("Enter", Command::Send, "Save what you write"),
    ("?", Command::Keys, "All keys"),
    ("Escape", Command::Leave, "Close, or leave editing"),
];

/// What this key asks for. With Control, Alt or Meta held it is the browser's, and in a field it is text; only Escape is neither, and Enter
/// sends what is being written when one of them is held.
pub fn command(key: &str, is_held: bool, is_typing: bool) -> Option<Command> {
    let (_, command, _) = KEYS.iter().find(|(name, ..)| *name == key)?;
    let is_heard = match command {
        Command::Send => is_held && is_typing,
        Command::Leave => !is_held,
        _ => !is_held && !is_typing,
    };
    is_heard.then_some(*command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_asks_for_one_thing_and_every_thing_has_one_key() {
        for (at, (key, wanted, _)) in KEYS.iter().enumerate() {
            let is_sending = *wanted == Command::Send;
            assert_eq!(command(key, is_sending, is_sending), Some(*wanted), "{key}");
            assert!(
                KEYS[at + 1..]
                    .iter()
                    .all(|(other, does, _)| other != key && does != wanted),
                "{key}"
            );
        }
    }

    #[test]
    fn in_a_field_every_key_is_text_but_escape() {
        for (key, wanted, _) in KEYS {
            let heard = command(key, false, true);
            assert_eq!(heard, (wanted == Command::Leave).then_some(wanted), "{key}");
        }
    }

    #[test]
    fn a_key_held_with_control_alt_or_meta_stays_the_browsers_but_for_enter_in_a_field() {
        for (key, wanted, _) in KEYS {
            let sends = (wanted == Command::Send).then_some(wanted);
            assert_eq!(command(key, true, false), None, "{key}");
            assert_eq!(command(key, true, true), sends, "{key}");
        }
    }

    #[test]
    fn a_capital_or_an_unknown_key_asks_for_nothing() {
        for key in ["N", "X", "Enter", " ", "", "nn", "Tab"] {
            assert_eq!(command(key, false, false), None, "{key}");
        }
    }
}
