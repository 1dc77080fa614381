//! What is written down beside the code, and what is pinned: nothing there is forgotten in silence.

use std::{fs, path::Path};

fn text(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(whole).unwrap_or_else(|cause| panic!("{path}: {cause}"))
}

fn names(folder: &str) -> Vec<String> {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names: Vec<String> = fs::read_dir(whole)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string())
        .collect::<Result<_, _>>()
        .expect("text");
    names.sort();
    names
}

#[test]
fn f111_every_decision_is_whole_and_listed_once() {
    let list = text("docs/adr/README.md");
    let pages = names("docs/adr");
    let pages: Vec<_> = pages.iter().filter(|name| *name != "README.md").collect();
    for (at, name) in (1..).zip(&pages) {
        assert!(name.starts_with(&format!("{at:04}-")), "{name}");
        let page = text(&format!("docs/adr/{name}"));
        // Two that hang together may stand on one page.
        for part in ["\n**Context.", "\n**Decision", "\n**Consequences."] {
            assert!(page.contains(part), "{name}: {part}");
        }
        let heading = page.lines().next().unwrap_or_default();
        let heading = heading.strip_prefix(&format!("# {at:04} "));
        let heading = heading.unwrap_or_else(|| panic!("{name} has no heading"));
        let line = format!("| [{at:04}]({name}) | {heading} |");
        assert_eq!(list.matches(&line).count(), 1, "{line}");
    }
}

#[test]
fn f126_hs256_and_the_seven_days_are_decisions_that_name_what_was_weighed() {
    for (page, words) in [
        (
            "0001-hs256-with-the-secrets-own-bytes.md",
            ["HS256", "RS256", "EdDSA", "PyJWT"],
        ),
        (
            "0002-seven-days-sliding.md",
            ["seven days", "TOKEN_TTL", "SESSION_TTL", "sign"],
        ),
    ] {
        let page = text(&format!("docs/adr/{page}"));
        for word in words {
            assert!(page.contains(word), "{word}");
        }
    }
}

/// Whether this is one version and no range: `1.95.0`.
fn is_exact(version: &str) -> bool {
    let parts: Vec<_> = version.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
}

#[test]
fn f124_every_library_and_tool_is_pinned_and_no_step_takes_another() {
    assert!(text("Cargo.lock").contains("name = \"latchkey\""));
    let toolchain = text("rust-toolchain.toml");
    let channel = toolchain.split("channel = \"").nth(1);
    let channel = channel.and_then(|rest| rest.split('"').next());
    assert!(channel.is_some_and(is_exact), "{toolchain}");

    let package: serde_json::Value =
        serde_json::from_str(&text("end2end/package.json")).expect("JSON");
    let lock: serde_json::Value =
        serde_json::from_str(&text("end2end/package-lock.json")).expect("JSON");
    for (name, version) in package["devDependencies"].as_object().expect("libraries") {
        assert!(version.as_str().is_some_and(is_exact), "{name}: {version}");
        let locked = &lock["packages"][format!("node_modules/{name}")]["version"];
        assert_eq!(locked, version, "{name}");
    }

    for script in names("bin") {
        for line in text(&format!("bin/{script}")).lines() {
            let runs = ["build", "clippy", "nextest run", "test", "deny", "leptos"]
                .iter()
                .any(|what| line.contains(&format!("cargo {what} ")));
            let is_bound = line.contains("--locked") || line.contains("--cargo-locked");
            let is_said = line.trim_start().starts_with('#') || line.contains("deny fetch");
            assert!(!runs || is_bound || is_said, "bin/{script}: {line}");
        }
    }
}
