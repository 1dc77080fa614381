//! How the site's files are sent.

use super::*;
use crate::http::support::{self, answer};

const CSS: &str = "pkg/latchkey.ABCDEFGHIJKLMNOPQRSTUV.css";
const WASM: &str = "pkg/latchkey.abcdefghijklmnop-_stuv.wasm";

fn site() -> Site {
    let files = [
        ("pkg/latchkey.0000000000000000000000.css", "old"),
        (CSS, "a{}"),
        ("pkg/latchkey.ABCDEFGHIJKLMNOPQRSTUV.css.br", "BR"),
        ("pkg/latchkey.ABCDEFGHIJKLMNOPQRSTUV.css.gz", "GZ"),
        (WASM, "wasm"),
        ("pkg/latchkey.js", "script"),
        ("favicon.ico", "icon"),
        ("lonely.br", "no plain form"),
    ];
    let file = |(number, (path, text)): (usize, (&str, &'static str))| File {
        path: path.to_owned(),
        bytes: text.into(),
        hash: [u8::try_from(number).unwrap(); 32],
    };
    Site::of(files.into_iter().enumerate().map(file).collect())
}

async fn ask(method: &str, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, String) {
    let request = support::request(method, &format!("/{path}"), headers);
    let (status, headers, body) = answer(&site().routes(), request).await;
    (status.as_u16(), headers, String::from_utf8(body).unwrap())
}

#[test]
fn pages_name_the_newest_files() {
    let names = site().names();
    assert_eq!(names.css, format!("/{CSS}"));
    assert_eq!(names.wasm, format!("/{WASM}"));
    assert_eq!(names.js, "/pkg/latchkey.js");
    assert_eq!(Site::default().names(), Assets::default());
}

#[tokio::test]
async fn e9_a_hashed_file_is_kept_forever_and_no_other_one() {
    for (path, keeping, kind) in [
        (CSS, FOREVER, "text/css; charset=utf-8"),
        (WASM, FOREVER, "application/wasm"),
        (
            "pkg/latchkey.js",
            ASK_FIRST,
            "text/javascript; charset=utf-8",
        ),
        ("favicon.ico", FOR_A_DAY, "image/x-icon"),
    ] {
        let (status, headers, _) = ask("GET", path, &[]).await;
        assert_eq!(status, 200);
        assert_eq!(headers[CACHE_CONTROL], keeping, "{path}");
        assert_eq!(headers[CONTENT_TYPE], kind, "{path}");
    }
}

#[tokio::test]
async fn the_smallest_form_that_is_taken_is_sent() {
    for (accepts, coding, body) in [
        ("gzip, deflate, br, zstd", "br", "BR"),
        ("gzip", "gzip", "GZ"),
        ("GZIP;q=0.5", "gzip", "GZ"),
        ("br;q=0, gzip;q=1.0", "gzip", "GZ"),
        ("identity", "", "a{}"),
        ("brotli", "", "a{}"),
        ("br;q=x", "", "a{}"),
    ] {
        let (_, headers, sent) = ask("GET", CSS, &[("accept-encoding", accepts)]).await;
        let named = headers
            .get(CONTENT_ENCODING)
            .map_or("", |name| name.to_str().unwrap());
        assert_eq!((named, sent.as_str()), (coding, body), "{accepts}");
        assert_eq!(headers[VARY], "Accept-Encoding");
    }
}

#[tokio::test]
async fn a_file_that_is_known_is_not_sent_again() {
    let brotli = ("accept-encoding", "br");
    let (_, headers, _) = ask("GET", CSS, &[brotli]).await;
    let tag = headers[ETAG].to_str().unwrap().to_owned();
    for known in [tag.clone(), format!("\"x\", W/{tag}")] {
        let (status, headers, body) = ask("GET", CSS, &[brotli, ("if-none-match", &known)]).await;
        assert_eq!((status, body.as_str()), (304, ""));
        assert_eq!(headers[ETAG], tag);
    }
    let (status, ..) = ask("GET", CSS, &[("if-none-match", &tag)]).await;
    assert_eq!(status, 200, "another form has another tag");
}

#[tokio::test]
async fn head_tells_the_size_alone_and_other_methods_are_405() {
    let (status, headers, body) = ask("HEAD", CSS, &[]).await;
    assert_eq!((status, body.as_str()), (200, ""));
    assert_eq!(headers["content-length"], "3");
    let (status, headers, _) = ask("POST", CSS, &[]).await;
    assert_eq!(
        (status, &headers["allow"]),
        (405, &HeaderValue::from_static("GET,HEAD"))
    );
}

#[tokio::test]
async fn no_spelling_leads_out_of_the_site() {
    for path in [
        "../Cargo.toml",
        "pkg/../../Cargo.toml",
        "pkg/%2e%2e/%2e%2e/Cargo.toml",
        "pkg/..%2f..%2fCargo.toml",
        "pkg//etc/passwd",
        "pkg/",
        "favicon.ico%00",
        "lonely",
        "lonely.br",
        "pkg/latchkey.ABCDEFGHIJKLMNOPQRSTUV.css.br",
    ] {
        assert_eq!(ask("GET", path, &[]).await.0, 404, "{path}");
    }
}
