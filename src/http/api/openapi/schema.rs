//! What shapes are made of, and those that many calls speak of.

use super::codes;
use crate::{
    action::{account::Status, auth::Entered},
    domain::{Name, SessionView, User},
};
use utoipa::{
    ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaFormat, Type},
    },
};

/// A schema, or the name of one.
pub type Schemed = RefOr<Schema>;

/// The shapes that calls of several kinds speak of.
pub fn shared() -> Vec<(&'static str, Schemed)> {
    vec![
        ("User", whole::<User>(&[])),
        ("SessionView", whole::<SessionView>(&[])),
        ("Entered", whole::<Entered>(&[])),
        ("Status", whole::<Status>(&[])),
        ("Problem", problem()),
    ]
}

/// One of these words.
pub fn words(all: impl Iterator<Item = &'static str>) -> Schemed {
    text().enum_values(Some(all)).into()
}

/// What we answer always has all its members, but for these.
pub fn whole<T: ToSchema>(but: &[&str]) -> Schemed {
    let mut schema = T::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.required = object
            .properties
            .keys()
            .filter(|name| !but.contains(&name.as_str()))
            .cloned()
            .collect();
    }
    schema
}

pub fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

pub fn formatted(format: &str) -> ObjectBuilder {
    text().format(Some(SchemaFormat::Custom(format.to_owned())))
}

pub fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

pub fn integer() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer)
}

pub fn named(name: &str) -> Schemed {
    Ref::from_schema_name(name).into()
}

/// One of these two.
pub fn either(one: &str, other: &str) -> Schemed {
    OneOfBuilder::new()
        .item(named(one))
        .item(named(other))
        .into()
}

/// This, or `null`.
pub fn nullable(name: &str) -> Schemed {
    let null = ObjectBuilder::new().schema_type(Type::Null);
    OneOfBuilder::new().item(named(name)).item(null).into()
}

pub fn name() -> Schemed {
    text()
        .min_length(Some(1))
        .max_length(Some(Name::MOST))
        .into()
}

pub fn password() -> ObjectBuilder {
    formatted("password")
        .min_length(Some(8))
        .max_length(Some(128))
}

/// A password that the account has already.
pub fn claimed() -> ObjectBuilder {
    formatted("password").max_length(Some(128))
}

/// As many of these as there are.
pub fn several(name: &str) -> Schemed {
    ArrayBuilder::new().items(named(name)).into()
}

/// An object of these members, all of them needed.
pub fn object(members: &[(&str, Schemed)]) -> Schemed {
    members
        .iter()
        .fold(ObjectBuilder::new(), |object, (name, schema)| {
            object.property(*name, schema.clone()).required(*name)
        })
        .into()
}

pub fn invitation() -> Schemed {
    text()
        .description(Some(
            "What the link of an invitation holds, where an account takes one.",
        ))
        .into()
}

pub fn a_path(words: &'static str) -> ObjectBuilder {
    text().description(Some(words))
}

fn problem() -> Schemed {
    let code = || text().enum_values(Some(codes()));
    let scope = text().description(Some("With INSUFFICIENT_SCOPE: the scope that is missing."));
    let fault = object(&[
        ("field", text().into()),
        ("code", code().into()),
        ("message", text().into()),
    ]);
    let faults = ArrayBuilder::new().items(fault).description(Some(
        "What is wrong with which member, where that is known.",
    ));
    let id = text().description(Some(
        "The request’s id, which the server’s log carries too.",
    ));
    ObjectBuilder::new()
        .description(Some("What went wrong (RFC 9457)."))
        .property("type", formatted("uri-reference"))
        .property("title", text())
        .property("status", integer())
        .property("detail", text())
        .property("instance", id)
        .property("code", code())
        .property("message", text())
        .property("errors", faults)
        .property("scope", scope)
        .required("type")
        .required("title")
        .required("status")
        .required("detail")
        .required("instance")
        .required("code")
        .required("message")
        .into()
}
