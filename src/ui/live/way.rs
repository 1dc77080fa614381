//! Which ways are gone without leaving the page, and what becomes of the answer.

/// Whether this path is one of the pages that are worked on.
pub fn is_page(path: &str) -> bool {
    matches!(path, "/dashboard" | "/settings")
}

/// An address within this site: path, query and fragment, each as the browser gives it (`?q=a`, `#new`, or nothing).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The path.
    pub path: &'a str,
    /// The query with its question mark.
    pub query: &'a str,
    /// The fragment with its number sign.
    pub fragment: &'a str,
}

impl Place<'_> {
    /// Whether a link from here to there can be followed in place. A fragment of this same page is the browser's own work.
    pub fn leads_to(&self, there: Place) -> bool {
        let is_here = self.path == there.path && self.query == there.query;
        let is_fragment = is_here && !there.fragment.is_empty();
        !is_fragment && is_page(self.path) && is_page(there.path)
    }

    /// Whether both show the same part of the same list: then nothing scrolls. Being edited, or told what was done, moves nothing.
    pub fn shows_the_same_as(&self, there: Place) -> bool {
        let part = |place: Place, name: &str| -> String {
            place
                .query
                .trim_start_matches('?')
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map_or_else(String::new, |(_, value)| value.to_owned())
        };
        self.path == there.path
            && ["filter", "q", "sort", "after"]
                .iter()
                .all(|name| part(*self, name) == part(there, name))
    }
}

/// Whether a form that is sent there can be sent in place. What ends a session, or answers with something else than a page, is not.
pub fn is_ours(method: &str, path: &str) -> bool {
    match method {
        "get" => is_page(path),
        "post" => path.starts_with("/action/") || path == "/api/auth/update-user",
        _ => false,
    }
}

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

    fn at<'a>(path: &'a str, query: &'a str, fragment: &'a str) -> Place<'a> {
        Place {
            path,
            query,
            fragment,
        }
    }

    const SENT: Outcome = Outcome {
        is_form: true,
        status: 200,
        was_sent_on: true,
        path: "/dashboard",
        is_house: true,
        is_same_build: true,
    };

    #[test]
    fn links_between_pages_that_are_worked_on_are_followed_in_place() {
        let here = at("/dashboard", "?filter=done", "");
        for there in [
            at("/dashboard", "", ""),
            at("/dashboard", "?filter=done", ""),
            at("/settings", "", ""),
            at("/settings", "", "#devices"),
        ] {
            assert!(here.leads_to(there), "{there:?}");
        }
    }

    #[test]
    fn every_other_link_is_the_browsers() {
        let here = at("/dashboard", "", "");
        for path in [
            "/",
            "/signin",
            "/signup",
            "/api/docs",
            "/dashboard/x",
            "/dashboards",
            "/pkg/a.js",
        ] {
            assert!(!here.leads_to(at(path, "", "")), "{path}");
        }
        assert!(!here.leads_to(at("/dashboard", "", "#new")));
        assert!(!at("/", "", "").leads_to(here));
    }

    #[test]
    fn editing_and_being_told_what_was_done_move_nothing() {
        let list = at("/dashboard", "?filter=done&q=a%20b", "");
        assert!(list.shows_the_same_as(at("/dashboard", "?q=a%20b&filter=done&edit=7", "")));
        assert!(list.shows_the_same_as(at("/dashboard", "?filter=done&q=a%20b&reopened=7", "")));
        assert!(list.shows_the_same_as(at("/dashboard", "?filter=done&q=a%20b&sort=", "")));
        assert!(!list.shows_the_same_as(at("/dashboard", "?filter=done&q=a", "")));
        assert!(!list.shows_the_same_as(at("/dashboard", "?filter=done&q=a%20b&after=9", "")));
        assert!(!list.shows_the_same_as(at("/settings", "?filter=done&q=a%20b", "")));
    }

    #[test]
    fn only_forms_that_answer_with_a_page_are_sent_in_place() {
        assert!(is_ours("get", "/dashboard"));
        assert!(is_ours("post", "/action/tasks/create"));
        assert!(is_ours("post", "/api/auth/update-user"));
        for (method, path) in [
            ("post", "/api/auth/sign-out"),
            ("post", "/api/auth/token"),
            ("post", "/signin"),
            ("post", "/dashboard"),
            ("get", "/"),
            ("dialog", "/dashboard"),
        ] {
            assert!(!is_ours(method, path), "{method} {path}");
        }
    }

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
    }
}
