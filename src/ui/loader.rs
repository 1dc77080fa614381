//! Brings the WASM to a page: at once where it is worked on, elsewhere only when somebody touches the page.

use super::{Asked, Page};
use leptos::{nonce::use_nonce, prelude::*};

/// Whoever runs no scripts is not sent any.
const SCRIPTED: &str = "(scripting: enabled)";

/// Whether the page is worked on as soon as it stands.
fn is_eager(page: Page) -> bool {
    matches!(page, Page::Dashboard | Page::Settings(_))
}

/// What the address of the script says that speaks with the browser about passkeys: a new script has a new one, so that none outlives its server.
/// FNV-1a, worked out when this is compiled.
const PASSKEYS: u64 = {
    const SCRIPT: &[u8] = include_bytes!("../../public/passkeys.js");
    let (mut hash, mut at) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while at < SCRIPT.len() {
        hash = (hash ^ SCRIPT[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
};

/// Loads the script and the WASM, hydrates the islands and says so: `<html data-alive="true">`. It stands at the end of the body.
///
/// The first pointer, key or focus counts as a touch, but not the focus that the page gives itself. What was clicked before there was anything
/// to hear it is clicked again. What has to do with passkeys has a script of its own, which comes when it is wanted. When loading fails, or the person
/// goes elsewhere meanwhile, the page stays what it was: whole without a script.
#[component]
pub fn Loader() -> impl IntoView {
    let Asked { assets, page, .. } = expect_context::<Asked>();
    view! {
        <script
            type="module"
            nonce=use_nonce()
            data-js=assets.js
            data-wasm=assets.wasm
            data-eager=is_eager(page)
            data-passkeys=format!("/passkeys.js?{PASSKEYS:016x}")
            inner_html=include_str!("loader.js")
        ></script>
    }
}

/// Tells the browser early what [`Loader`] is going to ask for, in the head of the pages that ask at once.
#[component]
pub fn LoaderHints() -> impl IntoView {
    let Asked { assets, page, .. } = expect_context::<Asked>();
    is_eager(page).then(|| {
        view! {
            <link rel="modulepreload" href=assets.js media=SCRIPTED />
            <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="anonymous" href=assets.wasm media=SCRIPTED />
        }
    })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{
        domain::Moment,
        ui::{Assets, Chapter},
    };
    use leptos::nonce::Nonce;
    use std::sync::{Arc, atomic::AtomicU16};

    fn on<T: IntoView>(page: Page, what: impl FnOnce() -> T) -> String {
        Owner::new().with(|| {
            provide_context(Nonce::new());
            provide_context(Asked {
                page,
                query: std::collections::BTreeMap::new(),
                who: None,
                refused: None,
                made: None,
                again: None,
                now: Moment(0),
                request_id: String::new(),
                origin: String::new(),
                called_by: None,
                provider: None,
                passkey_origin: None,
                sign_up: crate::domain::SignUp::Open,
                has_mail: false,
                assets: Assets {
                    css: String::new(),
                    js: "/pkg/latchkey.js".to_owned(),
                    wasm: "/pkg/latchkey.wasm".to_owned(),
                },
                status: Arc::new(AtomicU16::new(200)),
            });
            what().into_view().to_html()
        })
    }

    #[test]
    fn only_pages_that_are_worked_on_load_the_wasm_at_once() {
        for page in [Page::Dashboard, Page::Settings(Chapter::Api)] {
            assert!(on(page, Loader).contains("data-eager"), "{page:?}");
            assert!(
                on(page, LoaderHints).contains("/pkg/latchkey.wasm"),
                "{page:?}"
            );
        }
        for page in [Page::Landing, Page::SignIn, Page::SignUp] {
            assert!(!on(page, Loader).contains("data-eager"), "{page:?}");
            assert!(!on(page, LoaderHints).contains("/pkg/"), "{page:?}");
        }
    }

    #[test]
    fn the_script_bears_the_nonce_and_arrives_as_it_was_written() {
        let html = on(Page::SignIn, Loader);
        assert!(html.contains(" nonce=\""), "{html}");
        assert!(
            html.contains("event.target.closest?.(\".scripted\") && "),
            "{html}"
        );
    }
}
