//! The shapes of what is sent and answered.

use super::codes;
use crate::{
    action::{
        account::Status,
        address::{Confirmed, Posted},
        auth::{Entered, SecondStep, SessionAnswer, SignedInAnswer, Success, TokenAnswer},
        own::Deleted,
        provider::Departure,
        second_factor::{Passed, RecoveryCodes, SetUpAnswer, TotpUri},
    },
    domain::{
        Description, ListedSession, Name, Priority, SessionView, Sort, Task, Title, User, WayIn,
    },
    http::api::tasks::TaskList,
    service::provider,
};
use serde_json::json;
use utoipa::{
    ToSchema,
    openapi::{
        Ref, RefOr, Schema,
        schema::{
            AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaFormat,
            SchemaType, Type,
        },
    },
};

/// A schema, or the name of one.
pub type Schemed = RefOr<Schema>;

/// Every shape with its name.
pub fn all() -> Vec<(&'static str, Schemed)> {
    vec![
        ("Task", whole::<Task>(&[])),
        (
            "Priority",
            words(Priority::ALL.iter().map(|each| each.as_str())),
        ),
        ("Sort", words(Sort::ALL.iter().map(|each| each.as_str()))),
        ("TaskList", whole::<TaskList>(&[])),
        ("NewTask", task(true)),
        ("TaskChange", task(false)),
        ("User", whole::<User>(&[])),
        ("SessionView", whole::<SessionView>(&[])),
        ("Entered", whole::<Entered>(&[])),
        ("SignedInAnswer", whole::<SignedInAnswer>(&["url"])),
        ("SessionAnswer", whole::<SessionAnswer>(&[])),
        ("TokenAnswer", whole::<TokenAnswer>(&[])),
        ("Success", whole::<Success>(&[])),
        ("Status", whole::<Status>(&[])),
        ("SignUp", sign_up()),
        ("SignIn", sign_in()),
        ("UpdateUser", update_user()),
        ("ListedSession", whole::<ListedSession>(&[])),
        ("WayIn", whole::<WayIn>(&[])),
        ("Deleted", whole::<Deleted>(&[])),
        ("RevokeSession", object(&[("token", text().into())])),
        ("ChangePassword", change_password()),
        ("VerifyPassword", object(&[("password", claimed().into())])),
        ("DeleteUser", delete_user()),
        ("ResetPassword", reset_password()),
        ("Posted", whole::<Posted>(&[])),
        ("AddressConfirmed", whole::<Confirmed>(&[])),
        ("RequestPasswordReset", request_password_reset()),
        ("SendVerificationEmail", send_verification_email()),
        ("VerifyEmail", object(&[("token", text().into())])),
        ("ChangeEmail", change_email()),
        ("Departure", whole::<Departure>(&[])),
        ("SignInWithProvider", sign_in_with_provider()),
        ("ProviderId", object(&[("providerId", provider_id())])),
        ("SecondStep", whole::<SecondStep>(&[])),
        ("SetUpAnswer", whole::<SetUpAnswer>(&[])),
        ("Passed", whole::<Passed>(&[])),
        ("RecoveryCodes", whole::<RecoveryCodes>(&[])),
        ("TotpUri", whole::<TotpUri>(&[])),
        ("Confirmed", confirmed().into()),
        ("EnableTwoFactor", enable_two_factor()),
        ("VerifyTotp", verify_totp()),
        ("VerifyBackupCode", verify_backup_code()),
        ("Problem", problem()),
    ]
}

/// One of these words.
fn words(all: impl Iterator<Item = &'static str>) -> Schemed {
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

fn name() -> Schemed {
    text()
        .min_length(Some(1))
        .max_length(Some(Name::MOST))
        .into()
}

fn password() -> ObjectBuilder {
    formatted("password")
        .min_length(Some(8))
        .max_length(Some(128))
}

/// A password that the account has already.
fn claimed() -> ObjectBuilder {
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

fn task(is_new: bool) -> Schemed {
    const FARTHEST: isize = (1 << 53) - 1;
    let title = text().min_length(Some(1)).max_length(Some(Title::MOST));
    let notes = text()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .max_length(Some(Description::MOST))
        .description(Some("Notes, in several lines if need be; null for none."));
    let completed = flag().description(Some("Whether it is done."));
    let date = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .format(Some(SchemaFormat::Custom("date".to_owned())))
        .description(Some("Of the years 1900 to 2999; null for none."));
    let position = integer()
        .minimum(Some(-FARTHEST))
        .maximum(Some(FARTHEST))
        .description(Some(
            "Its place in your own order; at the end if nothing is said.",
        ));
    let object = ObjectBuilder::new()
        .property("title", title)
        .property("description", notes)
        .property("completed", completed)
        .property("priority", named("Priority"))
        .property("dueDate", date)
        .property("position", position)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .examples([
            json!({ "title": "Water the plants", "priority": "high", "dueDate": "2026-11-21" }),
        ]);
    if is_new {
        object.required("title").into()
    } else {
        object.into()
    }
}

fn sign_up() -> Schemed {
    let zone = text().description(Some("An IANA name; decides what “today” is."));
    ObjectBuilder::new()
        .property("name", name())
        .property("email", formatted("email"))
        .property("password", password())
        .property("rememberMe", remember())
        .property("timeZone", zone)
        .property("invitation", invitation())
        .property(
            "callbackURL",
            a_path("A path of this site, for the link of the letter."),
        )
        .required("name")
        .required("email")
        .required("password")
        .into()
}

fn invitation() -> Schemed {
    text()
        .description(Some(
            "What the link of an invitation holds, where an account takes one.",
        ))
        .into()
}

fn remember() -> ObjectBuilder {
    flag().default(Some(json!(true))).description(Some(
        "False: the session ends with the browser, or after 24 hours.",
    ))
}

fn sign_in() -> Schemed {
    let callback = text().description(Some("A path of this site, to be sent on to."));
    ObjectBuilder::new()
        .property("email", formatted("email"))
        .property("password", formatted("password"))
        .property("rememberMe", remember())
        .property("callbackURL", callback)
        .required("email")
        .required("password")
        .into()
}

fn a_path(words: &'static str) -> ObjectBuilder {
    text().description(Some(words))
}

fn request_password_reset() -> Schemed {
    let there = a_path("A path of this site that takes the token instead of our page.");
    ObjectBuilder::new()
        .property("email", formatted("email"))
        .property("redirectTo", there)
        .required("email")
        .into()
}

fn send_verification_email() -> Schemed {
    ObjectBuilder::new()
        .property("email", formatted("email"))
        .property(
            "callbackURL",
            a_path("A path of this site, to be sent on to."),
        )
        .required("email")
        .into()
}

fn change_email() -> Schemed {
    let password = claimed().description(Some("Without it the sign-in has to be fresh."));
    ObjectBuilder::new()
        .property("newEmail", formatted("email"))
        .property("currentPassword", password)
        .property(
            "callbackURL",
            a_path("A path of this site, to be sent on to."),
        )
        .required("newEmail")
        .into()
}

fn reset_password() -> Schemed {
    object(&[("token", text().into()), ("newPassword", password().into())])
}

fn provider_id() -> Schemed {
    text().enum_values(Some([provider::ID])).into()
}

fn sign_in_with_provider() -> Schemed {
    let callback = text().description(Some("A path of this site, to be sent on to."));
    ObjectBuilder::new()
        .property("providerId", provider_id())
        .property("callbackURL", callback)
        .property("invitation", invitation())
        .required("providerId")
        .into()
}

fn confirmed() -> ObjectBuilder {
    let password = claimed().description(Some(
        "Needed unless you signed in, or confirmed that it is you, in the last ten minutes.",
    ));
    ObjectBuilder::new().property("password", password)
}

fn enable_two_factor() -> Schemed {
    let issuer = text().description(Some(
        "What the app calls this place; latchkey if nothing is said.",
    ));
    let method = words(std::iter::once("totp"));
    confirmed()
        .property("issuer", issuer)
        .property("method", method)
        .into()
}

/// With a code, and whether the browser is trusted from then on.
fn with_code(code: ObjectBuilder) -> ObjectBuilder {
    let trust = flag().default(Some(json!(false))).description(Some(
        "True: this browser is not asked again for 30 days from its last sign-in.",
    ));
    ObjectBuilder::new()
        .property("code", code)
        .property("trustDevice", trust)
        .required("code")
}

fn verify_totp() -> Schemed {
    with_code(text().pattern(Some("^[0-9]{6}$"))).into()
}

fn verify_backup_code() -> Schemed {
    let code = text().description(Some("As in k7m2-x9qd-4tnb-w8fr."));
    let without = flag().default(Some(json!(false))).description(Some(
        "True: no session begins, and there is no token in the answer.",
    ));
    with_code(code).property("disableSession", without).into()
}

fn update_user() -> Schemed {
    let image = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .format(Some(SchemaFormat::Custom("uri".to_owned())))
        .description(Some("A picture’s address; null takes it away."));
    ObjectBuilder::new()
        .property("name", name())
        .property("image", image)
        .into()
}

fn change_password() -> Schemed {
    let others = flag().description(Some(
        "Taken for the sake of others; every other session ends in any case.",
    ));
    ObjectBuilder::new()
        .property("currentPassword", claimed())
        .property("newPassword", password())
        .property("revokeOtherSessions", others)
        .required("currentPassword")
        .required("newPassword")
        .into()
}

fn delete_user() -> Schemed {
    let password = claimed().description(Some("Needed where the account has one."));
    let email = formatted("email").description(Some("If it is given, it must be the account’s."));
    ObjectBuilder::new()
        .property("password", password)
        .property("email", email)
        .into()
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
