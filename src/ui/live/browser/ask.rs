//! One question to the server, and its answer read as a page.

use super::page::window;
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Headers, RequestInit, Response, SupportedType, Url, UrlSearchParams,
};

/// What is posted arrives even when its page is left meanwhile, as far as browsers promise that: up to 64 KiB.
const OUTLIVES: usize = 60 * 1024;

/// What is asked: an address, and what a form holds if one is posted.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The address.
    pub url: String,
    /// What is posted to it.
    pub form: Option<UrlSearchParams>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The address that answered in the end.
    pub url: Url,
    /// Its status.
    pub status: u16,
    /// Whether the server sent us on before it answered.
    pub was_sent_on: bool,
    /// The page, if it is one. Scripts in it never run.
    pub page: Option<Document>,
}

impl Ask {
    /// Asks. There is no answer when the server cannot be reached, or breaks off.
    pub async fn answer(&self) -> Result<Answer, JsValue> {
        let headers = Headers::new()?;
        // A plain form is answered with the next page; everybody else gets JSON.
        headers.set("Accept", "text/html")?;
        let options = RequestInit::new();
        options.set_headers(&headers);
        if let Some(form) = &self.form {
            let body = String::from(form.to_string());
            Reflect::set(
                &options,
                &"keepalive".into(),
                &(body.len() < OUTLIVES).into(),
            )?;
            options.set_method("POST");
            options.set_body(form);
        }
        let asked = window().fetch_with_str_and_init(&self.url, &options);
        let response: Response = JsFuture::from(asked).await?.dyn_into()?;
        let kind = response.headers().get("Content-Type")?.unwrap_or_default();
        let text = JsFuture::from(response.text()?).await?;
        let page = match text.as_string() {
            Some(text) if kind.starts_with("text/html") => {
                Some(DomParser::new()?.parse_from_string(&text, SupportedType::TextHtml)?)
            }
            _ => None,
        };
        Ok(Answer {
            url: Url::new(&response.url())?,
            status: response.status(),
            was_sent_on: response.redirected(),
            page,
        })
    }
}
