//! The whole house behind its front door, and those who knock: a browser with its cookies, a program with its token.

pub use super::answer::Answer;
use super::{House, PASSWORD, described::Described, sink::Sink};
use axum::{Router, body::Body};
use http::{Method, Request, Response, StatusCode, header};
use latchkey::{
    domain::Moment,
    http::router,
    service::{
        AppState, Config, clock,
        config::{Mail, Secret},
        mail::Post,
        stopping::Stopping,
    },
    ui::Assets,
};
use serde_json::Value;
use std::cell::RefCell;
use tower::ServiceExt;
use url::form_urlencoded;

/// The address that the tests' house is reached by.
pub const ORIGIN: &str = "http://localhost:3000";

/// A house with its front door.
pub struct App {
    pub house: House,
    pub stopping: Stopping,
    pub state: AppState,
    router: Router,
}

impl App {
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let app = Self::of(House::with(change).await);
        app.house.db.migrate().await.expect("the migrations run");
        app
    }

    /// The front door of this house as it stands.
    pub fn of(house: House) -> Self {
        let state = AppState::new(house.config.clone(), house.db.clone()).expect("the house");
        let assets = Assets {
            css: "/pkg/latchkey.css".to_owned(),
            js: "/pkg/latchkey.js".to_owned(),
            wasm: "/pkg/latchkey.wasm".to_owned(),
        };
        Self {
            stopping: state.stopping.clone(),
            router: router::router(state.clone(), assets),
            state,
            house,
        }
    }

    /// With a mail server.
    pub async fn with_mail(sink: &Sink, change: impl FnOnce(&mut Config)) -> Self {
        Self::with(|config| {
            config.mail = Some(mail_by(sink));
            change(config);
        })
        .await
    }

    /// Sends what is due now; says how many letters went.
    pub async fn carries(&self) -> u64 {
        self.carries_at(clock::now()).await
    }

    /// Sends what is due by then.
    pub async fn carries_at(&self, then: Moment) -> u64 {
        Post::new(&self.state).carry(then).await.expect("carried")
    }

    /// A browser that holds nothing yet.
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            app: self,
            cookies: RefCell::default(),
        }
    }

    /// A browser that holds one cookie already.
    pub fn browser_with(&self, cookie: &str) -> Browser<'_> {
        let browser = self.browser();
        browser.keep(cookie);
        browser
    }

    /// A browser whose person has just signed up.
    pub async fn person(&self, name: &str) -> Browser<'_> {
        let browser = self.browser();
        let email = format!("{}@example.org", name.to_lowercase());
        let fields = [
            ("name", name),
            ("email", email.as_str()),
            ("password", PASSWORD),
        ];
        browser
            .form("/signup", &fields)
            .await
            .is(StatusCode::SEE_OTHER);
        browser
    }

    /// A program without a token.
    pub fn program(&self) -> Program<'_> {
        Program {
            app: self,
            token: None,
        }
    }

    /// The answer while its body is still on its way.
    pub async fn begins(&self, request: Request<Body>) -> Response<Body> {
        let door = self.router.clone();
        door.oneshot(request).await.expect("an answer")
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let described = Described::of(&request);
        let answer = Answer::of(self.begins(request).await).await;
        described.inspect(|call| call.check(&answer));
        answer
    }
}

/// The configuration that leads to this mail server.
pub fn mail_by(sink: &Sink) -> Mail {
    Mail {
        smtp: Secret::new(sink.url()),
        from: "tasks@example.org".to_owned(),
    }
}

/// A request to our own address.
pub fn request(method: Method, path: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost:3000")
}

/// A person's browser.
pub struct Browser<'a> {
    app: &'a App,
    cookies: RefCell<Vec<(String, String)>>,
}

impl<'a> Browser<'a> {
    pub async fn get(&self, path: &str) -> Answer {
        let request = asks(Method::GET, path)
            .body(Body::empty())
            .expect("a request");
        self.send(request).await
    }

    /// Comes back from another site: the navigation that its redirect makes.
    pub async fn returns(&self, path: &str) -> Answer {
        let request = request(Method::GET, path)
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document")
            .body(Body::empty())
            .expect("a request");
        self.send(request).await
    }

    /// Sends a plain form, as the page at the same path would.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.form_from("/dashboard", path, fields).await
    }

    /// Sends a plain form that stands on this page.
    pub async fn form_from(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = asks(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::REFERER, format!("{ORIGIN}{page}"))
            .body(body.into())
            .expect("a request");
        self.send(request).await
    }

    /// Calls a function as a script on our page would.
    pub async fn calls(&self, path: &str, body: &Value) -> Answer {
        let request = request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ORIGIN, ORIGIN)
            .body(body.to_string().into())
            .expect("a request");
        self.send(request).await
    }

    /// Reads a function as a script on our page would.
    pub async fn reads(&self, path: &str) -> Answer {
        let request = request(Method::GET, path)
            .body(Body::empty())
            .expect("a request");
        self.send(request).await
    }

    /// Sends this with the browser's cookies, and keeps those that come back.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = self.cookie_header() {
            let value = cookie.parse().expect("a header");
            request.headers_mut().entry(header::COOKIE).or_insert(value);
        }
        let answer = self.app.ask(request).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(set.to_str().expect("text"));
        }
        answer
    }

    /// The cookies as one header.
    pub fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// A program with a token of this browser's session.
    pub async fn program(&self) -> Program<'a> {
        let token = self
            .reads("/api/auth/token")
            .await
            .is(StatusCode::OK)
            .json()["token"]
            .clone();
        Program {
            app: self.app,
            token: Some(token.as_str().expect("a token").to_owned()),
        }
    }

    fn keep(&self, set: &str) {
        let mut parts = set.split(';').map(str::trim);
        let (name, value) = parts
            .next()
            .and_then(|pair| pair.split_once('='))
            .expect("a cookie");
        let is_gone = parts.any(|part| part.eq_ignore_ascii_case("max-age=0"));
        let mut cookies = self.cookies.borrow_mut();
        cookies.retain(|(known, _)| known != name);
        if !is_gone {
            cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}

/// A program, with a token or without.
#[derive(Clone)]
pub struct Program<'a> {
    app: &'a App,
    pub token: Option<String>,
}

impl Program<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.sends(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.sends(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.sends(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.sends(Method::DELETE, path, None).await
    }

    async fn sends(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = request(method, path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| body.to_string().into());
        self.app.ask(request.body(body).expect("a request")).await
    }
}

/// As a browser asks, from a page of ours.
fn asks(method: Method, path: &str) -> http::request::Builder {
    request(method, path)
        .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("sec-fetch-site", "same-origin")
}
