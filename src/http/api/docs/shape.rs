//! A schema in a few words, for people.

use serde_json::Value;

/// The text, if it is one.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The schema that a reference names, or the schema itself.
pub fn resolve<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    schema["$ref"]
        .as_str()
        .and_then(|name| description.pointer(name.strip_prefix('#')?))
        .unwrap_or(schema)
}

/// The members of an object: name, type, and what is said of them.
pub fn members(schema: &Value) -> Vec<(String, String, String)> {
    let required = |name: &str| {
        schema["required"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one == name))
    };
    let members = schema["properties"].as_object().into_iter().flatten();
    members
        .map(|(name, member)| {
            let need = if required(name) { "Required. " } else { "" };
            (
                name.clone(),
                shape(member),
                format!("{need}{}", text(&member["description"])),
            )
        })
        .collect()
}

/// A schema in a few words.
pub fn shape(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    if let Some(either) = schema["oneOf"].as_array() {
        return either.iter().map(shape).collect::<Vec<_>>().join(" or ");
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        kind => text(kind),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{kind} ({format})"),
        None => match (&schema["minLength"], &schema["maxLength"]) {
            (Value::Null, Value::Null) => kind,
            (Value::Null, most) => format!("{kind}, at most {most}"),
            (least, most) => format!("{kind}, {least} to {most}"),
        },
    }
}

/// What is in an answer that went well.
pub fn answer_shape(response: &Value) -> String {
    shape(&response["content"]["application/json"]["schema"])
}
