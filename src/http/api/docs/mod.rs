//! The description for people: one page, written from the same document, that loads nothing but our own style sheet and icons.

mod shape;

use self::shape::{answer_shape, members, resolve, shape, text};
use crate::{domain::Error, ui::Assets};
use serde_json::Value;
use std::fmt::{self, Write};

const METHODS: [&str; 5] = ["get", "post", "patch", "put", "delete"];

/// Text that cannot become markup.
#[derive(Clone, Copy)]
struct Safe<'a>(&'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            c => f.write_char(c),
        })
    }
}

fn safe(value: &Value) -> Safe<'_> {
    Safe(value.as_str().unwrap_or_default())
}

/// The whole page.
#[must_use]
pub fn page(description: &Value, assets: &Assets) -> String {
    let mut page = String::with_capacity(32 * 1024);
    // Writing to a String cannot fail.
    let _ = write(&mut page, description, assets);
    page
}

fn write(page: &mut String, description: &Value, assets: &Assets) -> fmt::Result {
    let origin = safe(&description["servers"][0]["url"]);
    write!(
        page,
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>API · latchkey</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{css}">
</head>
<body>
<a class="visually-hidden skip" href="#main">Skip to the page</a>
<main class="page page--wide" id="main" tabindex="-1">
<header class="stack">
<a class="brand" href="/"><svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"/></svg>latchkey</a>
<h1>API</h1>
<p>{about}</p>
<div class="secret"><pre><code>curl {origin}/api/tasks -H "Authorization: Bearer $TOKEN"</code></pre></div>
<p class="quiet">The same for programs: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI {version}).</p>
</header>
"##,
        css = Safe(&assets.css),
        about = safe(&description["info"]["description"]),
        version = safe(&description["openapi"]),
    )?;
    for tag in description["tags"].as_array().into_iter().flatten() {
        write_tag(page, description, tag)?;
    }
    write_shapes(page, description)?;
    write_errors(page)?;
    page.write_str("</main>\n</body>\n</html>\n")
}

fn write_tag(page: &mut String, description: &Value, tag: &Value) -> fmt::Result {
    write_section(page, safe(&tag["name"]), safe(&tag["description"]))?;
    for (path, item) in description["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let call = &item[method];
            if call["tags"][0] == tag["name"] {
                write_call(page, description, (method, path), call)?;
            }
        }
    }
    page.write_str("</div>\n</section>\n")
}

fn write_section(page: &mut String, name: Safe<'_>, words: Safe<'_>) -> fmt::Result {
    write!(
        page,
        "<section class=\"section\" aria-labelledby=\"{name}\">\n<div class=\"section__head\"><h2 id=\"{name}\">{name}</h2><p class=\"quiet\">{words}</p></div>\n<div class=\"stack\">\n"
    )
}

fn write_call(
    page: &mut String,
    description: &Value,
    (method, path): (&str, &str),
    call: &Value,
) -> fmt::Result {
    let (id, summary) = (safe(&call["operationId"]), safe(&call["summary"]));
    let (method, path) = (method.to_ascii_uppercase(), Safe(path));
    write!(
        page,
        "<article class=\"card stack\" id=\"{id}\" aria-labelledby=\"{id}-name\">\n<div class=\"stack stack--tight\"><div class=\"row\"><span class=\"badge\">{method}</span><code>{path}</code></div><h3 id=\"{id}-name\">{summary}</h3></div>\n"
    )?;
    if let Some(scope) = call["security"][0]["token"][0].as_str() {
        let scope = Safe(scope);
        writeln!(page, "<p class=\"quiet\">Scope: <code>{scope}</code></p>")?;
    }
    let parameters = call["parameters"].as_array().into_iter().flatten();
    let rows: Vec<_> = parameters
        .map(|one| {
            (
                text(&one["name"]),
                shape(description, &one["schema"]),
                text(&one["description"]),
            )
        })
        .collect();
    write_table(page, "Parameters", &rows)?;
    let mut kinds = call["requestBody"]["content"]
        .as_object()
        .into_iter()
        .flatten();
    if let Some((_, content)) = kinds.next() {
        write_table(
            page,
            "Body",
            &members(description, resolve(description, &content["schema"])),
        )?;
    }
    let (mut answers, mut failures) = (Vec::new(), Vec::new());
    for (status, response) in call["responses"].as_object().into_iter().flatten() {
        let row = |words: &str| {
            (
                status.clone(),
                answer_shape(description, response),
                words.to_owned(),
            )
        };
        let words = text(&response["description"]);
        if status.starts_with(['2', '3']) {
            answers.push(row(&words));
        } else {
            failures.extend(words.split("\n\n").filter_map(|line| {
                let (code, words) = line.split_once(": ")?;
                Some((status.clone(), code.to_owned(), words.to_owned()))
            }));
        }
    }
    write_table(page, "Answers", &answers)?;
    page.write_str(
        "<details><summary class=\"button button--quiet\">What can go wrong</summary>\n",
    )?;
    write_table(page, "Errors", &failures)?;
    page.write_str("</details>\n</article>\n")
}

fn write_table(page: &mut String, name: &str, rows: &[(String, String, String)]) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    let (first, second) = match name {
        "Answers" => ("Status", "Body"),
        "Errors" => ("Status", "Code"),
        _ => ("Name", "Type"),
    };
    write!(
        page,
        "<div class=\"log\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\"><table>\n<thead><tr><th scope=\"col\">{first}</th><th scope=\"col\">{second}</th><th scope=\"col\">{name}</th></tr></thead>\n<tbody>\n"
    )?;
    for (head, middle, words) in rows {
        let (head, middle, words) = (Safe(head), Safe(middle), Safe(words));
        writeln!(
            page,
            "<tr><th scope=\"row\"><code>{head}</code></th><td><code>{middle}</code></td><td>{words}</td></tr>"
        )?;
    }
    page.write_str("</tbody></table></div>\n")
}

fn write_shapes(page: &mut String, description: &Value) -> fmt::Result {
    let words = "What is sent and answered, by name. Times are RFC 3339 in UTC.";
    write_section(page, Safe("Shapes"), Safe(words))?;
    let shapes = description["components"]["schemas"].as_object();
    for (name, schema) in shapes.into_iter().flatten() {
        let rows = members(description, schema);
        if !rows.is_empty() {
            let name = Safe(name);
            writeln!(page, "<h3><code>{name}</code></h3>")?;
            write_table(page, "Members", &rows)?;
        }
    }
    page.write_str("</div>\n</section>\n")
}

fn write_errors(page: &mut String) -> fmt::Result {
    let words = "Every code there is. The answer is application/problem+json; errors names each member that is wrong.";
    write_section(page, Safe("Errors"), Safe(words))?;
    let rows: Vec<_> = Error::ALL
        .iter()
        .map(|row| {
            (
                row.status().as_u16().to_string(),
                row.code().to_owned(),
                row.message().to_owned(),
            )
        })
        .collect();
    write_table(page, "Errors", &rows)?;
    page.write_str("</div>\n</section>\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn b31_nothing_in_the_document_becomes_markup() {
        let description = json!({
            "info": { "description": "<script>alert(1)</script>" },
            "servers": [{ "url": "http://a\"><b>" }],
            "tags": [{ "name": "T", "description": "'<i>" }],
        });
        let page = page(&description, &Assets::default());
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("<i>"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }
}
