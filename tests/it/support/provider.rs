//! A small identity provider that does as it is told, and lies when it is told to.

use super::app::{App, Browser};
use axum::{
    Form, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use hmac::{Hmac, Mac};
use http::{HeaderMap, StatusCode, header};
use latchkey::service::{
    Config, clock,
    config::{Oidc, Secret},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use url::Url;

pub const CLIENT: &str = "latchkey-client";
pub const CLIENT_SECRET: &str = "the client's secret, long enough";
pub const CALLBACK: &str = "/api/auth/oauth2/callback/oidc";
pub const LEAVE: &str = "/api/auth/sign-in/oauth2";
const RSA: &str = include_str!("provider.pem");

/// How it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    Es256,
    Rs256,
    /// `alg: none`, with nothing behind the last dot.
    Not,
    /// HS256 with the client's secret.
    WithTheSecret,
    /// HS256 with its public key's own text: what confuses a careless checker.
    WithThePublicKey,
    /// With a key that it never published, under the name of the published one.
    WithAnotherKey,
    /// With a new key that it publishes from now on.
    WithANewKey,
}

/// How it answers when a code is redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    Well,
    Late,
    WithoutEnd,
    WithARefusal,
    WithARedirect,
    WithoutIdToken,
}

/// What it does next.
pub struct Plan {
    /// Over the claims of a good token; null takes one away.
    pub claims: Value,
    pub signs: Signs,
    pub answers: Answers,
    /// Over its description of itself.
    pub described: Value,
    /// How often it was asked for this path.
    pub asked: BTreeMap<&'static str, u32>,
    codes: HashMap<String, Grant>,
    /// How many codes it has given: none is given twice.
    given: u32,
}

struct Grant {
    /// Over the claims of a good token, as the plan had it when the person said yes.
    claims: Value,
    nonce: String,
    challenge: String,
    redirect: String,
}

/// The provider.
pub struct Idp {
    pub issuer: String,
    plan: Arc<Mutex<Plan>>,
}

#[derive(Clone)]
struct Desk {
    issuer: String,
    plan: Arc<Mutex<Plan>>,
}

impl Idp {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let plan = Arc::new(Mutex::new(Plan {
            claims: json!({}),
            signs: Signs::Es256,
            answers: Answers::Well,
            described: json!({}),
            asked: BTreeMap::new(),
            codes: HashMap::new(),
            given: 0,
        }));
        let desk = Desk {
            issuer: issuer.clone(),
            plan: plan.clone(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(redeem))
            .with_state(desk);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { issuer, plan }
    }

    /// A house that people come into with this provider.
    pub async fn house(&self) -> App {
        self.house_with(|_| {}).await
    }

    pub async fn house_with(&self, change: impl FnOnce(&mut Config)) -> App {
        let oidc = self.oidc();
        App::with(|config| {
            config.oidc = Some(oidc);
            change(config);
        })
        .await
    }

    pub fn oidc(&self) -> Oidc {
        Oidc {
            issuer: self.issuer.clone(),
            client_id: CLIENT.to_owned(),
            client_secret: Secret::new(CLIENT_SECRET.to_owned()),
            name: "Example ID".to_owned(),
        }
    }

    pub fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().expect("the plan")
    }

    /// From now on it vouches for this person.
    pub fn vouches_for(&self, sub: &str, email: &str, is_verified: bool) {
        let name = email.split('@').next().unwrap_or_default();
        self.plan().claims =
            json!({ "sub": sub, "email": email, "email_verified": is_verified, "name": name });
    }

    /// What a person who says yes at this address brings back.
    pub fn lets_through(&self, address: &str) -> String {
        let address = Url::parse(address).expect("an address");
        assert!(
            address
                .as_str()
                .starts_with(&format!("{}/authorize?", self.issuer)),
            "{address}"
        );
        let asked: HashMap<String, String> = address.query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["code_challenge_method"], "S256");
        for scope in ["openid", "email", "profile"] {
            assert!(asked["scope"].split(' ').any(|one| one == scope), "{scope}");
        }
        let mut plan = self.plan();
        plan.given += 1;
        let (code, claims) = (format!("code-{}", plan.given), plan.claims.clone());
        plan.codes.insert(
            code.clone(),
            Grant {
                claims,
                nonce: asked["nonce"].clone(),
                challenge: asked["code_challenge"].clone(),
                redirect: asked["redirect_uri"].clone(),
            },
        );
        back(&[("code", &code), ("state", &asked["state"])])
    }
}

/// The way back with these words.
pub fn back(words: &[(&str, &str)]) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(words)
        .finish();
    format!("{CALLBACK}?{query}")
}

/// Presses the button, and says where it leads.
pub async fn leaves(browser: &Browser<'_>, next: &str) -> String {
    let fields = [("providerId", "oidc"), ("next", next)];
    let answer = browser.form_from("/signin", LEAVE, &fields).await;
    answer.is(StatusCode::SEE_OTHER).location().to_owned()
}

/// Comes in with the provider, as far as that goes; says where it ends.
pub async fn comes_in(browser: &Browser<'_>, idp: &Idp) -> String {
    let way_back = idp.lets_through(&leaves(browser, "").await);
    let answer = browser.returns(&way_back).await;
    answer.is(StatusCode::SEE_OTHER).location().to_owned()
}

impl Desk {
    fn counts(&self, path: &'static str) -> MutexGuard<'_, Plan> {
        let mut plan = self.plan.lock().expect("the plan");
        *plan.asked.entry(path).or_default() += 1;
        plan
    }
}

async fn describe(State(desk): State<Desk>) -> Json<Value> {
    let plan = desk.counts("description");
    let at = |path: &str| format!("{}{path}", desk.issuer);
    let said = json!({
        "issuer": desk.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256", "none"],
    });
    Json(over(said, &plan.described))
}

async fn keys(State(desk): State<Desk>) -> Json<Value> {
    let plan = desk.counts("keys");
    let mut keys = vec![public(&key(1), "first"), rsa_public()];
    if plan.signs == Signs::WithANewKey {
        keys.push(public(&key(3), "new"));
    }
    Json(json!({ "keys": keys }))
}

async fn redeem(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Response {
    let answers = desk.counts("token").answers;
    match answers {
        Answers::Late => tokio::time::sleep(Duration::from_mins(1)).await,
        Answers::WithoutEnd => return vec![b' '; 1_000_000].into_response(),
        Answers::WithARefusal => return refused("invalid_client"),
        Answers::WithARedirect => {
            let location = [(header::LOCATION, format!("{}/keys", desk.issuer))];
            return (StatusCode::TEMPORARY_REDIRECT, location).into_response();
        }
        Answers::Well | Answers::WithoutIdToken => {}
    }
    let basic = format!(
        "Basic {}",
        BASE64_STANDARD.encode(format!("{CLIENT}:{}", form(CLIENT_SECRET)))
    );
    if headers[header::AUTHORIZATION] != basic {
        return refused("invalid_client");
    }
    let mut plan = desk.plan.lock().expect("the plan");
    let Some(grant) = plan.codes.remove(&sent["code"]) else {
        return refused("invalid_grant");
    };
    let verifier = sent.get("code_verifier").map_or("", String::as_str);
    let challenge = BASE64URL.encode(Sha256::digest(verifier));
    if challenge != grant.challenge || sent["redirect_uri"] != grant.redirect {
        return refused("invalid_grant");
    }
    let now = clock::now().seconds();
    let good = json!({
        "iss": desk.issuer, "sub": "ada", "aud": CLIENT, "nonce": grant.nonce,
        "iat": now, "exp": now + 300,
    });
    let mut answer = json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 300 });
    if plan.answers == Answers::Well {
        answer["id_token"] = signed(plan.signs, &over(good, &grant.claims)).into();
    }
    Json(answer).into_response()
}

fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn refused(code: &str) -> Response {
    let said =
        json!({ "error": code, "error_description": "<script>words of the provider</script>" });
    (StatusCode::BAD_REQUEST, Json(said)).into_response()
}

fn over(mut said: Value, change: &Value) -> Value {
    let (Some(said_of), Some(change)) = (said.as_object_mut(), change.as_object()) else {
        panic!("both are objects");
    };
    for (name, value) in change {
        said_of.insert(name.clone(), value.clone());
    }
    let whole: Map<_, _> = std::mem::take(said_of)
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect();
    whole.into()
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32].into()).expect("a key")
}

fn public(key: &SigningKey, id: &str) -> Value {
    let point = key.verifying_key().to_sec1_point(false);
    let part = |part: Option<&p256::FieldBytes>| BASE64URL.encode(part.expect("a coordinate"));
    json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": id,
            "x": part(point.x()), "y": part(point.y()) })
}

fn rsa() -> CoreRsaPrivateSigningKey {
    let id = JsonWebKeyId::new("rsa".to_owned());
    CoreRsaPrivateSigningKey::from_pem(RSA, Some(id)).expect("a key")
}

fn rsa_public() -> Value {
    serde_json::to_value(rsa().as_verification_key()).expect("a key")
}

fn signed(signs: Signs, claims: &Value) -> String {
    let (algorithm, id) = match signs {
        Signs::Es256 | Signs::WithAnotherKey => ("ES256", "first"),
        Signs::WithANewKey => ("ES256", "new"),
        Signs::Rs256 => ("RS256", "rsa"),
        Signs::Not => ("none", "first"),
        Signs::WithTheSecret | Signs::WithThePublicKey => ("HS256", "first"),
    };
    let head = json!({ "alg": algorithm, "kid": id });
    let part = |value: &Value| BASE64URL.encode(value.to_string());
    let message = format!("{}.{}", part(&head), part(claims));
    let curve = |number| {
        let signature: Signature = key(number).sign(message.as_bytes());
        signature.to_bytes().to_vec()
    };
    let hmac = |secret: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key");
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let signature = match signs {
        Signs::Es256 => curve(1),
        Signs::WithAnotherKey => curve(2),
        Signs::WithANewKey => curve(3),
        Signs::Rs256 => rsa()
            .sign(
                &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                message.as_bytes(),
            )
            .expect("a signature"),
        Signs::Not => Vec::new(),
        Signs::WithTheSecret => hmac(CLIENT_SECRET.as_bytes()),
        Signs::WithThePublicKey => hmac(public(&key(1), "first").to_string().as_bytes()),
    };
    format!("{message}.{}", BASE64URL.encode(signature))
}
