//! Addresses of our own pages.

/// This path with these parameters, encoded; those that are empty are left out.
#[must_use]
pub fn address<'a>(path: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let said: Vec<(&str, &str)> = parameters
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    match serde_urlencoded::to_string(&said) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_encoded_and_what_is_not_said_is_left_out() {
        assert_eq!(address("/signin", [("next", "")]), "/signin");
        assert_eq!(
            address("/signin", [("next", "/dashboard?q=a&b"), ("done", "")]),
            "/signin?next=%2Fdashboard%3Fq%3Da%26b"
        );
    }
}
