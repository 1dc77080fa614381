//! `.env.example` and the reader name the same variables.

use super::*;

const EXAMPLE: &str = include_str!("../../../../.env.example");

#[test]
fn the_example_names_every_variable_that_is_read_in_order() {
    let named: Vec<_> = EXAMPLE
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once('='))
        .map(|(name, _)| name)
        .filter(|name| name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        .collect();
    assert_eq!(named, VARIABLES);
}

#[test]
fn the_example_boots_as_it_is_and_with_every_line_taken_in() {
    let taken_in: String = EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(setting)
                if VARIABLES
                    .iter()
                    .any(|name| setting.starts_with(&format!("{name}="))) =>
            {
                setting
            }
            _ => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    let parse = |text: &str| -> Variables {
        dotenvy::from_read_iter(text.as_bytes())
            .map(Result::unwrap)
            .collect()
    };
    assert_eq!(parse(EXAMPLE), Variables::new());
    assert_eq!(parse(&taken_in).len(), VARIABLES.len());

    let plain = |mut config: Config| {
        config.log_filter.clear();
        format!("{config:?} {:?}", config.database_url.expose())
    };
    let config = Config::read(&parse(&taken_in), |_| Ok(GOOD.into())).unwrap();
    assert_eq!(plain(config), plain(read(&[]).unwrap()));
}
