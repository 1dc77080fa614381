//! What is looked for in a page's markup.

/// Whether these stand on the page in this order.
pub fn in_order(html: &str, words: &[&str]) -> bool {
    let mut rest = html;
    words.iter().all(|word| match rest.split_once(word) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// How often the markup says it; the loader's script, which names attributes too, is no markup.
pub fn count(html: &str, what: &str) -> usize {
    html.split("<script")
        .enumerate()
        .map(|(at, part)| match part.split_once("</script>") {
            Some((_, markup)) if at > 0 => markup,
            _ => part,
        })
        .map(|markup| markup.matches(what).count())
        .sum()
}

/// Everything that must hold of every page.
pub fn is_sound(html: &str) {
    assert_eq!(count(html, "<h1"), 1, "one heading");
    assert_eq!(count(html, "<main"), 1, "one main");
    for forbidden in [
        " style=",
        "javascript:",
        "<style",
        " onclick=",
        "http-equiv",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let mut ids: Vec<&str> = values(html, " id=\"").collect();
    for label in values(html, "<label class=\"field__label\" for=\"") {
        assert!(ids.contains(&label), "a label for {label}");
    }
    for names in values(html, " aria-describedby=\"").chain(values(html, " aria-labelledby=\"")) {
        for name in names.split(' ') {
            assert!(ids.contains(&name), "a description {name}");
        }
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "every id once");
}

pub fn values<'a>(html: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}
