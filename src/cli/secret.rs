//! `latchkey secret`: a fresh one, to sign tokens with.

use latchkey::service::config::fresh_secret;
use std::io::{self, Write};

/// Prints a fresh secret.
pub fn run(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", fresh_secret())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_prints_one_line_that_is_never_the_same() {
        let print = || {
            let mut out = Vec::new();
            run(&mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let (one, two) = (print(), print());
        assert_ne!(one, two);
        assert!(one.trim_end().len() >= 43 && one.ends_with('\n') && one.lines().count() == 1);
    }
}
