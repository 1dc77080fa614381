//! The programs' paths alone, as the front door mounts them, and a program that knocks there.

pub use super::answer::Answer;
use super::{House, described::Described};
use axum::{
    Router,
    body::Body,
    extract::Request,
    middleware::{Next, from_fn},
};
use http::{Method, StatusCode, header};
use latchkey::{
    domain::SignedIn,
    http::{api, reply},
    service::{AppState, Config, Source},
    ui::Assets,
};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tower::ServiceExt;

/// A house with the programs' paths.
pub struct Api {
    pub house: House,
    pub router: Router,
}

impl Api {
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let house = House::with(change).await;
        house.db.migrate().await.expect("the migrations run");
        let state = AppState::new(house.config.clone(), house.db.clone()).expect("the house");
        let assets = Assets {
            css: "/pkg/latchkey.css".to_owned(),
            ..Assets::default()
        };
        let router = api::routes()
            .with_state(state)
            .merge(api::descriptions(&house.config, &assets))
            .fallback(async || StatusCode::NOT_FOUND)
            .layer(from_fn(async |request, next: Next| {
                reply::finish(request, |request| next.run(request)).await
            }))
            .layer(from_fn(async |mut request: Request, next: Next| {
                request.extensions_mut().insert(Source::operator());
                next.run(request).await
            }));
        Self { house, router }
    }

    /// A program of a person who has just signed up and in.
    pub async fn person(&self, name: &str) -> (Program<'_>, SignedIn) {
        let user = self.house.sign_up(name).await;
        let who = self.house.signs_in(&self.house.browser(), &user).await;
        let (token, _) = self.house.keys.issue(&who).expect("a token");
        (self.program(&format!("Bearer {token}")), who)
    }

    /// A program that sends this `Authorization`.
    pub fn program(&self, authorization: &str) -> Program<'_> {
        Program {
            api: self,
            authorization: authorization.to_owned(),
        }
    }

    pub async fn ask(&self, request: Request) -> Answer {
        let described = Described::of(&request);
        let response = self.router.clone().oneshot(request).await;
        let answer = Answer::of(response.expect("an answer")).await;
        described.inspect(|call| call.check(&answer));
        answer
    }
}

/// A body that comes when the test lets it, and says when it is waited for.
pub struct SlowBody {
    is_waited_for: oneshot::Receiver<()>,
    rest: oneshot::Sender<&'static str>,
}

impl SlowBody {
    pub fn new() -> (Body, Self) {
        let ((waits, is_waited_for), (rest, comes)) = (oneshot::channel(), oneshot::channel());
        let body = Body::from_stream(futures::stream::once(async move {
            waits.send(()).expect("the test goes on");
            Ok::<_, std::io::Error>(comes.await.expect("the rest comes"))
        }));
        let slow = Self {
            is_waited_for,
            rest,
        };
        (body, slow)
    }

    /// Does something when the request is under way, and then lets the rest come.
    pub async fn meanwhile(self, happens: impl Future<Output = ()>, rest: &'static str) {
        self.is_waited_for.await.expect("the body is waited for");
        happens.await;
        self.rest.send(rest).expect("somebody waits");
    }
}

/// A program with what it says of itself.
#[derive(Clone)]
pub struct Program<'a> {
    api: &'a Api,
    pub authorization: String,
}

impl Program<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.sends(Method::GET, path, &[], "").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        let json = [("content-type", "application/json")];
        self.sends(Method::POST, path, &json, &body.to_string())
            .await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        let json = [("content-type", "application/merge-patch+json")];
        self.sends(Method::PATCH, path, &json, &body.to_string())
            .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.sends(Method::DELETE, path, &[], "").await
    }

    pub async fn sends(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, &self.authorization);
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| {
                request.header(*name, *value)
            })
            .body(Body::from(body.to_owned()))
            .expect("a request");
        self.api.ask(request).await
    }

    /// Makes a task with this title, and gives its path.
    pub async fn makes(&self, title: &str) -> String {
        let answer = self.post("/api/tasks", &json!({ "title": title })).await;
        let answer = answer.is(StatusCode::CREATED);
        answer.header("location").to_owned()
    }

    /// The titles of a list.
    pub async fn titles(&self, path: &str) -> Vec<String> {
        let list = self.get(path).await.is(StatusCode::OK).json();
        list["tasks"]
            .as_array()
            .expect("tasks")
            .iter()
            .map(|task| task["title"].as_str().expect("a title").to_owned())
            .collect()
    }
}
