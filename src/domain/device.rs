//! A browser or program by a name that people know, from what it says of itself.

/// Looked for in this order: most say that they are others too.
const PROGRAMS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

fn first(names: &[(&str, &'static str)], agent: &str) -> Option<&'static str> {
    names
        .iter()
        .find(|(said, _)| agent.contains(said))
        .map(|(_, name)| *name)
}

/// Its name, with the system that it runs on if it says so; empty if it says nothing.
#[must_use]
pub fn name(agent: &str) -> String {
    let Some(program) = first(&PROGRAMS, agent) else {
        return agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .to_owned();
    };
    first(&SYSTEMS, agent).map_or_else(
        || program.to_owned(),
        |system| format!("{program} on {system}"),
    )
}

/// The same, and a word for what does not say what it is.
#[must_use]
pub fn named(agent: &str) -> String {
    match name(agent) {
        name if name.is_empty() => "Unknown device".to_owned(),
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_known_by_their_names() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.5.0", "curl"),
            ("", ""),
        ] {
            assert_eq!(name(agent), expected);
        }
    }
}
