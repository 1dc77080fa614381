//! The site's own files: style, script, WASM, and what lies in `public/`. In the binary with the feature `embed`, else in `target/site`.

use crate::ui::Assets;
use axum::{Router, body::Body, response::Response, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
    },
};
use std::{collections::BTreeMap, sync::LazyLock};

/// How the style sheet, the script and the WASM begin.
const OUR_FILES: &str = "pkg/latchkey";
/// What `--precompress` leaves beside a file, best first: the ending and the coding's name.
const CODINGS: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];
/// A hash in a file's name has at least this many characters.
const SHORTEST_HASH: usize = 16;

const FOREVER: &str = "public, max-age=31536000, immutable";
const FOR_A_DAY: &str = "public, max-age=86400";
const ASK_FIRST: &str = "no-cache";

static SITE: LazyLock<Site> = LazyLock::new(|| Site::of(source::files()));

/// Every file of the site at its path.
pub fn routes() -> Router {
    SITE.routes()
}

/// The addresses of the files that pages name.
pub fn asset_names() -> Assets {
    SITE.names()
}

/// One file as it was built.
#[derive(Clone, Debug)]
struct File {
    path: String,
    bytes: Bytes,
    hash: [u8; 32],
}

/// One file as it can be sent: plain, and compressed where that was done.
#[derive(Clone, Debug, Default)]
struct Asset {
    plain: Option<File>,
    compressed: [Option<File>; CODINGS.len()],
}

/// All files by path. Of two hashed names of one file the later one counts.
#[derive(Clone, Debug, Default)]
struct Site {
    assets: BTreeMap<String, Asset>,
    order: Vec<String>,
}

impl Site {
    fn of(files: Vec<File>) -> Self {
        let mut site = Self::default();
        for file in files {
            let coding = CODINGS
                .iter()
                .position(|(ending, _)| file.path.ends_with(ending));
            let path = coding.map_or(file.path.as_str(), |coding| {
                &file.path[..file.path.len() - CODINGS[coding].0.len()]
            });
            let asset = site.assets.entry(path.to_owned()).or_default();
            if let Some(coding) = coding {
                asset.compressed[coding] = Some(file);
            } else {
                site.order.push(file.path.clone());
                asset.plain = Some(file);
            }
        }
        site.assets.retain(|_, asset| asset.plain.is_some());
        site
    }

    fn names(&self) -> Assets {
        let named = |ending: &str| {
            let is_it = |path: &&String| path.starts_with(OUR_FILES) && path.ends_with(ending);
            let path = self.order.iter().rev().find(is_it);
            path.map_or(String::new(), |path| format!("/{path}"))
        };
        Assets {
            css: named(".css"),
            js: named(".js"),
            wasm: named(".wasm"),
        }
    }

    /// One route a file: what has no route cannot be reached by any spelling.
    fn routes(&self) -> Router {
        self.assets
            .iter()
            .filter(|(path, _)| !path.contains(['{', '}']))
            .fold(Router::new(), |router, (path, asset)| {
                let (path, asset) = (path.clone(), asset.clone());
                let route = format!("/{path}");
                let answers = move |headers: HeaderMap| {
                    let answer = asset.answer(&path, &headers);
                    async move { answer }
                };
                router.route(&route, get(answers))
            })
    }
}

impl Asset {
    fn answer(&self, path: &str, asked: &HeaderMap) -> Response {
        let (file, coding) = self.best(asked);
        let Some(file) = file else {
            return Response::default();
        };
        // Compressed forms are files of their own, with hashes of their own.
        let tag = tag(&file.hash);
        let is_known = is_known(asked, &tag);
        let mut response = if is_known {
            let mut unchanged = Response::new(Body::empty());
            *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
            unchanged
        } else {
            Response::new(Body::from(file.bytes.clone()))
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keeping(path)));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(ETAG, tag);
        }
        if !is_known {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind(path)));
            if let Some(coding) = coding {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
            }
        }
        response
    }

    /// The smallest form that the browser takes.
    fn best(&self, asked: &HeaderMap) -> (Option<&File>, Option<&'static str>) {
        for (file, (_, coding)) in self.compressed.iter().zip(CODINGS) {
            if file.is_some() && takes(asked, coding) {
                return (file.as_ref(), Some(coding));
            }
        }
        (self.plain.as_ref(), None)
    }
}

/// Whether `Accept-Encoding` names this coding, and not only to refuse it.
fn takes(asked: &HeaderMap, coding: &str) -> bool {
    asked
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|codings| codings.to_str().ok())
        .flat_map(|codings| codings.split(','))
        .any(|word| {
            let (name, weight) = word.split_once(';').unwrap_or((word, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            name.trim().eq_ignore_ascii_case(coding)
                && weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
        })
}

/// The tag of what has this hash.
pub fn tag(hash: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(hash))
}

/// Whether `If-None-Match` names this tag, as a weak one or not.
pub fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag)
}

fn keeping(path: &str) -> &'static str {
    let Some(name) = path.strip_prefix("pkg/") else {
        return FOR_A_DAY;
    };
    let parts: Vec<&str> = name.rsplit('/').next().unwrap_or(name).split('.').collect();
    let is_hashed = parts.len() > 2 && parts[parts.len() - 2].len() >= SHORTEST_HASH;
    if is_hashed { FOREVER } else { ASK_FIRST }
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "ico" => "image/x-icon",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(feature = "embed")]
mod source {
    use super::File;
    use bytes::Bytes;
    use rust_embed::RustEmbed;
    use std::borrow::Cow;

    #[derive(RustEmbed)]
    #[folder = "target/site"]
    struct Built;

    /// What the binary carries.
    pub fn files() -> Vec<File> {
        let file = |path: Cow<'static, str>| {
            Built::get(&path).map(|file| File {
                path: path.into_owned(),
                hash: file.metadata.sha256_hash(),
                bytes: match file.data {
                    Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                    Cow::Owned(bytes) => bytes.into(),
                },
            })
        };
        Built::iter().filter_map(file).collect()
    }
}

#[cfg(not(feature = "embed"))]
mod source {
    use super::File;
    use sha2::{Digest as _, Sha256};
    use std::{
        fs, io,
        path::{Path, PathBuf},
        time::SystemTime,
    };

    /// Where `cargo leptos` leaves the site.
    const BUILT: &str = "target/site";

    /// What was built last, the newest last; nothing when nothing was built.
    pub fn files() -> Vec<File> {
        let mut found = Vec::new();
        if let Err(cause) = walk(Path::new(BUILT), &mut found) {
            tracing::warn!(%cause, "the site is not built: pages come without style and script");
        }
        found.sort();
        found
            .into_iter()
            .filter_map(|(_, path)| read(&path))
            .collect()
    }

    fn walk(folder: &Path, found: &mut Vec<(SystemTime, PathBuf)>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_dir() {
                walk(&entry.path(), found)?;
            } else if about.is_file() {
                found.push((about.modified()?, entry.path()));
            }
        }
        Ok(())
    }

    fn read(path: &Path) -> Option<File> {
        let bytes = fs::read(path).ok()?;
        Some(File {
            path: path.strip_prefix(BUILT).ok()?.to_str()?.to_owned(),
            hash: Sha256::digest(&bytes).into(),
            bytes: bytes.into(),
        })
    }
}

#[cfg(test)]
mod tests;
