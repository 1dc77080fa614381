//! Which ways are gone without leaving the page.

use crate::ui::Chapter;

/// Whether this path is one of the pages that are worked on.
pub fn is_page(path: &str) -> bool {
    path == "/dashboard" || Chapter::ALL.iter().any(|chapter| chapter.path() == path)
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

    /// The path and query without what was said once: that something was done is not said again when the page is loaded anew.
    pub fn lasting(&self) -> String {
        const LASTING: [&str; 5] = ["filter", "q", "sort", "after", "edit"];
        if self.path != "/dashboard" {
            return format!("{}{}", self.path, self.query);
        }
        let kept: Vec<_> = self
            .query
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| LASTING.contains(&pair.split('=').next().unwrap_or_default()))
            .collect();
        if kept.is_empty() {
            self.path.to_owned()
        } else {
            format!("{}?{}", self.path, kept.join("&"))
        }
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

/// Calls under Better Auth's names that leave one signed in as one was.
const IN_PLACE: [&str; 3] = [
    "/api/auth/update-user",
    "/api/auth/revoke-session",
    "/api/auth/revoke-other-sessions",
];

/// Whether a form that is sent there can be sent in place. What ends a session, or answers with something else than a page, is not.
pub fn is_ours(method: &str, path: &str) -> bool {
    match method {
        "get" => is_page(path),
        "post" => path.starts_with("/action/") || IN_PLACE.contains(&path),
        _ => false,
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

    #[test]
    fn links_between_pages_that_are_worked_on_are_followed_in_place() {
        let here = at("/dashboard", "?filter=done", "");
        for there in [
            at("/dashboard", "", ""),
            at("/dashboard", "?filter=done", ""),
            at("/settings", "", ""),
            at("/settings/api", "", "#access-tokens"),
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
            "/settings/x",
            "/pkg/a.js",
        ] {
            assert!(!here.leads_to(at(path, "", "")), "{path}");
        }
        assert!(!here.leads_to(at("/dashboard", "", "#new")));
        assert!(!at("/", "", "").leads_to(here));
    }

    #[test]
    fn what_was_said_once_does_not_stay_in_the_address() {
        let lasting = |query| at("/dashboard", query, "").lasting();
        assert_eq!(lasting(""), "/dashboard");
        assert_eq!(lasting("?added=7"), "/dashboard");
        assert_eq!(
            lasting("?filter=done&reopened=7&q=a%20b"),
            "/dashboard?filter=done&q=a%20b"
        );
        assert_eq!(lasting("?edit=7"), "/dashboard?edit=7");
        let settings = at("/settings/security", "?saved=password", "");
        assert_eq!(settings.lasting(), "/settings/security?saved=password");
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
        assert!(is_ours("post", "/api/auth/revoke-session"));
        for (method, path) in [
            ("post", "/api/auth/sign-out"),
            ("post", "/api/auth/token"),
            ("post", "/api/auth/revoke-sessions"),
            ("post", "/api/auth/change-password"),
            ("post", "/api/auth/delete-user"),
            ("post", "/signin"),
            ("post", "/dashboard"),
            ("get", "/"),
            ("dialog", "/dashboard"),
        ] {
            assert!(!is_ours(method, path), "{method} {path}");
        }
    }
}
