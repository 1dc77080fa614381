//! Where to go next: a path of this site, or nowhere.

use std::{fmt, str::FromStr};

/// A path of this site with its query, safe to put into a `Location` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next(String);

impl Next {
    /// The page of one's tasks, where a person lands unless they asked for another.
    pub const HOME: &str = "/dashboard";

    /// The path, query included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path that was asked for, or home when it is not one of ours.
    #[must_use]
    pub fn or_home(text: Option<&str>) -> Self {
        text.and_then(|text| text.parse().ok())
            .unwrap_or_else(|| Self(Self::HOME.to_owned()))
    }

    /// One of our pages that has to be passed first, and then leads on to here. What leads home need not be said.
    #[must_use]
    pub fn by_way_of(&self, page: &str) -> Self {
        let query = serde_urlencoded::to_string([("next", self.as_str())]).unwrap_or_default();
        if self.0 == Self::HOME {
            Self(page.to_owned())
        } else {
            Self(format!("{page}?{query}"))
        }
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// It leads off this site, or cannot stand in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOurs;

impl FromStr for Next {
    type Err = NotOurs;

    /// Takes what begins with exactly one `/` and holds visible ASCII only, without a backslash anywhere and without an encoded slash,
    /// backslash or control character: browsers and proxies read some of those as the beginning of another host.
    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let path = text
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let leaves = text.starts_with("//") || path.contains("//") || text.contains('\\');
        let hides = ["%2f", "%5c", "%0", "%1", "%7f", "%25"]
            .iter()
            .any(|code| path.contains(code));
        let dots = path
            .split('/')
            .any(|part| matches!(part, "." | ".." | "%2e" | "%2e%2e" | ".%2e" | "%2e."));
        let legal = text.len() <= 2048
            && text.bytes().all(|b| b.is_ascii_graphic())
            && !text.to_ascii_lowercase().contains("%0d")
            && !text.to_ascii_lowercase().contains("%0a");
        if text.starts_with('/') && legal && !leaves && !hides && !dots {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotOurs)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn b19_what_leads_off_the_site_is_ignored() {
        for evil in [
            "//evil",
            "/\\evil",
            "/%09/evil",
            "https:evil",
            "https://good@evil",
            "\\/\\/evil",
            "/%2f%2fevil",
            "javascript:alert(1)",
            "data:text/html,x",
            "/%0d%0aSet-Cookie:x=1",
            "//evil%2f..",
            "",
            "evil",
            "/a//evil",
            "/\tevil",
            "/a\r\nb",
            "/é",
            "/%5cevil",
            "/../evil",
            "/.//evil",
            "/%252f/evil",
            "/a?b=\\evil",
        ] {
            assert_eq!(Next::or_home(Some(evil)).as_str(), "/dashboard", "{evil:?}");
        }
    }

    #[test]
    fn a_path_of_ours_is_kept_with_its_query() {
        for good in [
            "/dashboard",
            "/settings?tab=a",
            "/dashboard?q=a%20b&filter=open",
            "/",
            "/dashboard?next=//x",
            "/a#b",
        ] {
            assert_eq!(Next::or_home(Some(good)).as_str(), good);
        }
    }

    proptest! {
        #[test]
        fn b19_whatever_is_typed_stays_on_the_site(text in "[/\\\\a-z:@.%0-9?#\\t\\r\\n-]{0,40}") {
            let next = Next::or_home(Some(&text));
            let site = url::Url::parse("https://ours.example/signin").unwrap();
            let there = site.join(next.as_str()).unwrap();
            prop_assert_eq!(there.origin(), site.origin());
            prop_assert!(http::HeaderValue::from_str(next.as_str()).is_ok());
        }
    }
}
