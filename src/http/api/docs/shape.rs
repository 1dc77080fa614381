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
pub fn members(description: &Value, schema: &Value) -> Vec<(String, String, String)> {
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
                shape(description, member),
                format!("{need}{}", text(&member["description"]).replace('`', "")),
            )
        })
        .collect()
}

/// A schema in a few words: its kind, or the name of a shape, or the words that there are.
pub fn shape(description: &Value, schema: &Value) -> String {
    const FEW: usize = 12;
    let named = resolve(description, schema);
    if let Some(words) = named["enum"].as_array().filter(|all| all.len() <= FEW) {
        return words.iter().map(text).collect::<Vec<_>>().join(", ");
    }
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or(name).to_owned();
    }
    if let Some(either) = schema["oneOf"].as_array() {
        let either = either.iter().map(|one| shape(description, one));
        return either.collect::<Vec<_>>().join(" or ");
    }
    if schema["type"] == "array" {
        return format!("{}[]", shape(description, &schema["items"]));
    }
    kind(schema)
}

fn kind(schema: &Value) -> String {
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        kind => text(kind),
    };
    let (least, most) = match &schema["maxLength"] {
        Value::Null => (&schema["minimum"], &schema["maximum"]),
        most => (&schema["minLength"], most),
    };
    match (schema["format"].as_str(), least, most) {
        (_, Value::Number(least), Value::Number(most)) => format!("{kind}, {least} to {most}"),
        (_, _, Value::Number(most)) => format!("{kind}, at most {most}"),
        (Some(format), _, _) if format != "int64" => format!("{kind} ({format})"),
        _ => kind,
    }
}

/// What is in an answer that went well.
pub fn answer_shape(description: &Value, response: &Value) -> String {
    shape(
        description,
        &response["content"]["application/json"]["schema"],
    )
}
