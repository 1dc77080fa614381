//! What comes to a server function: a form (`application/x-www-form-urlencoded`) or a JSON object, told apart by the first byte.

use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::fmt;

/// Both encodings on the same address. The door has checked the content type; a form never begins with a brace.
#[derive(Debug)]
pub struct FormOrJson;

/// The protocol of every function that changes something.
pub type Input = Post<FormOrJson>;

/// Why a body could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is neither a form nor a JSON object.
    Syntax,
    /// These members are missing, given twice, or of the wrong type.
    Members(Vec<String>),
}

/// As it travels through `server_fn`, which knows errors as text only.
impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("syntax"),
            Self::Members(names) => write!(f, "{}", Value::from(names.clone())),
        }
    }
}

impl Unread {
    /// Reads back what [`fmt::Display`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        serde_json::from_str(text).map_or(Self::Syntax, Self::Members)
    }
}

impl ContentType for FormOrJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for FormOrJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for FormOrJson {
    type Error = serde_json::Error;

    fn encode(input: &T) -> Result<bytes::Bytes, Self::Error> {
        serde_json::to_vec(input).map(Into::into)
    }
}

impl<T: DeserializeOwned> Decodes<T> for FormOrJson {
    type Error = Unread;

    fn decode(body: bytes::Bytes) -> Result<T, Unread> {
        let start = body.trim_ascii_start();
        match start.first() {
            None => from_members(Map::new()),
            Some(b'{') => from_json(&body),
            Some(_) => from_form(&body),
        }
    }
}

fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    let mut json = serde_json::Deserializer::from_slice(body);
    match member_by_member(&mut json) {
        Ok(input) => json.end().map(|()| input).map_err(|_| Unread::Syntax),
        Err(Some(name)) => {
            let members = serde_json::from_slice(body).map_err(|_| Unread::Syntax)?;
            Err(all_at_fault::<T>(members, name, member_by_member))
        }
        Err(None) => Err(Unread::Syntax),
    }
}

fn from_form<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_bytes(body).map_err(|_| Unread::Syntax)?;
    let mut members = Map::new();
    for (name, value) in pairs {
        if members.insert(name.clone(), Value::String(value)).is_some() {
            return Err(Unread::Members(vec![name]));
        }
    }
    from_members(members)
}

fn from_members<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, Unread> {
    word_by_word(Value::Object(members.clone())).map_err(|name| {
        name.map_or(Unread::Syntax, |name| {
            all_at_fault::<T>(members, name, word_by_word)
        })
    })
}

/// Reads a form, which has words only: where a yes or no is wanted, its word is taken for that.
fn word_by_word<T: DeserializeOwned>(mut fields: Value) -> Result<T, Option<String>> {
    loop {
        let read = member_by_member(fields.clone());
        let Err(Some(name)) = &read else { return read };
        let Some(field) = fields.get_mut(name.as_str()) else {
            return read;
        };
        let Some(flag) = field.as_str().and_then(flag) else {
            return read;
        };
        *field = flag.into();
    }
}

fn flag(word: &str) -> Option<bool> {
    match word {
        "true" | "on" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The members that cannot be read, `first` and whatever comes behind it: each is put right in its turn, so that the reader goes on.
fn all_at_fault<T>(
    mut members: Map<String, Value>,
    first: String,
    read: impl Fn(Value) -> Result<T, Option<String>>,
) -> Unread {
    const RIGHT: [Value; 2] = [Value::String(String::new()), Value::Bool(false)];
    let (mut names, mut tried, mut found) = (vec![first.clone()], 0, first);
    while let Some(right) = RIGHT.get(tried) {
        members.insert(found.clone(), right.clone());
        match read(Value::Object(members.clone())) {
            Err(Some(name)) if name == found => tried += 1,
            Err(Some(name)) if !names.contains(&name) => {
                names.push(name.clone());
                (tried, found) = (0, name);
            }
            _ => break,
        }
    }
    Unread::Members(names)
}

/// Reads it, or names the member at which the reader stopped; none if it is no JSON.
fn member_by_member<'de, T: DeserializeOwned, D: Deserializer<'de, Error = serde_json::Error>>(
    deserializer: D,
) -> Result<T, Option<String>> {
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        if !cause.is_data() {
            return None;
        }
        // "missing field `email`": the member is not in the path, because it is not there.
        let named = cause.to_string().split('`').nth(1).map(str::to_owned);
        Some(if path == "." {
            named.unwrap_or_default()
        } else {
            path
        })
    })
}

/// A yes or no: a JSON boolean, or a form's `true`, `on` or `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag(pub bool);

/// A member that may be missing, null, or there: of a change each means something else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Given<T> {
    /// It is not there.
    #[default]
    Nothing,
    /// It is null.
    Null,
    /// It is this.
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Null, Self::Value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct SignIn {
        email: String,
        #[serde(default, rename = "rememberMe")]
        remember_me: Option<Flag>,
    }

    fn read(body: &str) -> Result<SignIn, Unread> {
        FormOrJson::decode(body.to_owned().into())
    }

    #[test]
    fn a_form_and_a_json_object_say_the_same() {
        let expected = SignIn {
            email: "a@x.io".into(),
            remember_me: Some(Flag(true)),
        };
        assert_eq!(read("email=a%40x.io&rememberMe=on").as_ref(), Ok(&expected));
        assert_eq!(
            read(r#" {"email":"a@x.io","rememberMe":true}"#).as_ref(),
            Ok(&expected)
        );
        assert_eq!(
            read(r#"{"email":"a@x.io","unknown":[1]}"#)
                .unwrap()
                .remember_me,
            None
        );
    }

    #[test]
    fn what_is_missing_or_of_the_wrong_type_is_named() {
        let member = |name: &str| Err(Unread::Members(vec![name.into()]));
        assert_eq!(read("{}"), member("email"));
        assert_eq!(read(""), member("email"));
        assert_eq!(read("rememberMe=true"), member("email"));
        assert_eq!(read(r#"{"email":1}"#), member("email"));
        assert_eq!(read(r#"{"email":null}"#), member("email"));
        assert_eq!(read(r#"{"email":"a","email":"b"}"#), member("email"));
        assert_eq!(read("email=a&email=b"), member("email"));
        assert_eq!(
            read(r#"{"email":"a","rememberMe":"perhaps"}"#),
            member("rememberMe")
        );
    }

    #[test]
    fn a_word_is_a_yes_or_no_in_a_form_alone() {
        for word in ["true", "on", "false"] {
            let json = format!(r#"{{"email":"a","rememberMe":"{word}"}}"#);
            let member = Unread::Members(vec!["rememberMe".into()]);
            assert_eq!(read(&json), Err(member));
            let form = read(&format!("email=a&rememberMe={word}")).unwrap();
            assert_eq!(form.remember_me, Some(Flag(word != "false")));
        }
        let member = Unread::Members(vec!["email".into()]);
        assert_eq!(read("rememberMe=on"), Err(member));
    }

    #[test]
    fn all_that_is_missing_or_of_the_wrong_type_is_named_at_once() {
        for body in [
            "rememberMe=perhaps",
            r#"{"email":1,"rememberMe":[]}"#,
            r#"{"rememberMe":1,"email":null}"#,
            r#"{"rememberMe":"true","email":null}"#,
        ] {
            let Err(Unread::Members(mut names)) = read(body) else {
                panic!("{body} was read")
            };
            names.sort();
            assert_eq!(names, ["email", "rememberMe"], "{body}");
        }
    }

    #[test]
    fn b29_b40_what_is_no_json_is_told_apart_from_what_is_wrong_json() {
        for body in [
            "{",
            r#"{"email":"a"} trailing"#,
            r#"{"email":"\ud800"}"#,
            &format!(r#"{{"email":{}"#, "[".repeat(200_000)),
        ] {
            assert!(
                matches!(read(body), Err(Unread::Syntax | Unread::Members(_))),
                "{body:.40}"
            );
        }
        assert_eq!(read("{"), Err(Unread::Syntax));
    }

    #[test]
    fn an_unread_body_survives_its_way_through_text() {
        let members = Unread::Members(vec!["email".into(), "a \" b".into()]);
        for unread in [Unread::Syntax, members] {
            assert_eq!(Unread::from_text(&unread.to_string()), unread);
        }
    }

    proptest! {
        #[test]
        fn no_body_makes_the_reader_stumble(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = <FormOrJson as Decodes<SignIn>>::decode(body.into());
        }
    }
}
