//! What becomes of an answer that came in place.

use super::way::is_page;

/// What was asked, and what the answer turned out to be.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Outcome<'a> {
    /// Whether a form was posted.
    pub is_form: bool,
    /// The answer's status.
    pub status: u16,
    /// Whether the server sent us on before it answered.
    pub was_sent_on: bool,
    /// The path that answered in the end.
    pub path: &'a str,
    /// Whether the answer is one of the pages that are worked on, by its looks.
    pub is_house: bool,
    /// Whether it has the same script and style as the page that stands.
    pub is_same_build: bool,
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It takes the page's place.
    Show,
    /// The browser goes there by itself.
    Go,
    /// Nothing was saved: say so, and keep everything as it is.
    NotSaved,
    /// Nothing was saved because nobody is signed in any more.
    SignedOut,
}

impl Outcome<'_> {
    /// What becomes of it. Whatever is in doubt is left to the browser, except what would lose something typed.
    pub fn verdict(&self) -> Verdict {
        let is_refused_form = self.is_form && !self.was_sent_on;
        if self.is_form && self.status == 401 {
            return Verdict::SignedOut;
        }
        if is_refused_form {
            return match self.status {
                500.. => Verdict::NotSaved,
                _ if self.is_house => Verdict::Show,
                400.. => Verdict::NotSaved,
                _ => Verdict::Go,
            };
        }
        if self.is_form && self.path == "/signin" {
            return Verdict::SignedOut;
        }
        if self.is_house && self.is_same_build && self.status < 500 && is_page(self.path) {
            Verdict::Show
        } else {
            Verdict::Go
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: Outcome = Outcome {
        is_form: true,
        status: 200,
        was_sent_on: true,
        path: "/dashboard",
        is_house: true,
        is_same_build: true,
    };

    #[test]
    fn a_saved_form_shows_the_page_it_was_sent_on_to() {
        assert_eq!(SENT.verdict(), Verdict::Show);
        assert_eq!(
            Outcome {
                is_same_build: false,
                ..SENT
            }
            .verdict(),
            Verdict::Go
        );
        assert_eq!(
            Outcome {
                is_house: false,
                ..SENT
            }
            .verdict(),
            Verdict::Go
        );
        assert_eq!(
            Outcome {
                path: "/",
                is_house: false,
                ..SENT
            }
            .verdict(),
            Verdict::Go
        );
        assert_eq!(
            Outcome {
                status: 503,
                ..SENT
            }
            .verdict(),
            Verdict::Go
        );
    }

    #[test]
    fn a_refused_form_is_shown_again_even_by_a_newer_build_so_that_nothing_typed_is_lost() {
        let refused = Outcome {
            status: 422,
            was_sent_on: false,
            path: "/action/tasks/create",
            is_same_build: false,
            ..SENT
        };
        assert_eq!(refused.verdict(), Verdict::Show);
        assert_eq!(
            Outcome {
                is_house: false,
                ..refused
            }
            .verdict(),
            Verdict::NotSaved
        );
        assert_eq!(
            Outcome {
                status: 503,
                ..refused
            }
            .verdict(),
            Verdict::NotSaved
        );
        assert_eq!(
            Outcome {
                status: 503,
                is_house: false,
                ..refused
            }
            .verdict(),
            Verdict::NotSaved
        );
    }

    #[test]
    fn a_form_sent_when_nobody_is_signed_in_any_more_loses_nothing_typed() {
        let signed_out = Outcome {
            path: "/signin",
            is_house: false,
            ..SENT
        };
        assert_eq!(signed_out.verdict(), Verdict::SignedOut);
        assert_eq!(
            Outcome {
                is_form: false,
                ..signed_out
            }
            .verdict(),
            Verdict::Go
        );
        let said_so = Outcome {
            status: 401,
            was_sent_on: false,
            path: "/action/tasks/create",
            ..signed_out
        };
        assert_eq!(said_so.verdict(), Verdict::SignedOut);
    }
}
