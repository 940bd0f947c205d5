//! The file of demonstration data: what it says, by the logical ids of the stack that named it.

use super::SeedError;
use super::hidden::Hidden;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What the file asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Document {
    /// Items by table.
    pub(crate) tables: BTreeMap<String, Vec<Map<String, Value>>>,
    /// Text by secret.
    pub(crate) secrets: BTreeMap<String, Hidden>,
    /// Users by user pool.
    pub(crate) users: BTreeMap<String, Vec<User>>,
}

/// A user who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) password: Hidden,
    /// Such as `email`.
    pub(crate) attributes: BTreeMap<String, String>,
}

/// A mistake: where, and what.
type Mistake = (String, String);

impl Document {
    /// Reads the text of `file`.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, SeedError> {
        let malformed =
            |(place, problem): Mistake| SeedError::Malformed { file: file.to_owned(), place, problem };
        let value = serde_json::from_str(text)
            .map_err(|error| malformed((String::new(), format!("it is no JSON: {error}"))))?;
        read(&value).map_err(malformed)
    }
}

fn read(value: &Value) -> Result<Document, Mistake> {
    let sections = object(value, "")?;
    let mut document = Document::default();
    for (section, content) in sections {
        for (id, content) in object(content, section)? {
            let place = format!("{section}.{id}");
            match section.as_str() {
                "tables" => drop(document.tables.insert(id.clone(), items(content, &place)?)),
                "secrets" => drop(document.secrets.insert(id.clone(), secret(content, &place)?)),
                "users" => drop(document.users.insert(id.clone(), users(content, &place)?)),
                _ => {}
            }
        }
        if !["tables", "secrets", "users"].contains(&section.as_str()) {
            return Err((String::new(), format!("it has no place for {section:?}")));
        }
    }
    if sections.is_empty() {
        return Err((String::new(), "it asks for nothing".to_owned()));
    }
    Ok(document)
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Map<String, Value>, Mistake> {
    value.as_object().ok_or_else(|| (place.to_owned(), "it should be a JSON object".to_owned()))
}

fn array<'a>(value: &'a Value, place: &str) -> Result<&'a Vec<Value>, Mistake> {
    value.as_array().ok_or_else(|| (place.to_owned(), "it should be a JSON array".to_owned()))
}

fn items(value: &Value, place: &str) -> Result<Vec<Map<String, Value>>, Mistake> {
    let each = |(n, item): (usize, &Value)| Ok(object(item, &format!("{place}[{n}]"))?.clone());
    array(value, place)?.iter().enumerate().map(each).collect()
}

/// A string is the secret itself; anything else is its JSON.
fn secret(value: &Value, place: &str) -> Result<Hidden, Mistake> {
    match value {
        Value::Null => Err((place.to_owned(), "a secret has to be something".to_owned())),
        Value::String(text) if text.is_empty() => {
            Err((place.to_owned(), "a secret has to be something".to_owned()))
        }
        Value::String(text) => Ok(Hidden(text.clone())),
        value => Ok(Hidden(value.to_string())),
    }
}

fn users(value: &Value, place: &str) -> Result<Vec<User>, Mistake> {
    let mut names = BTreeSet::new();
    let mut users = Vec::new();
    for (n, value) in array(value, place)?.iter().enumerate() {
        let place = format!("{place}[{n}]");
        let user = user(value, &place)?;
        if !names.insert(user.name.clone()) {
            return Err((place, format!("the user {:?} is there before", user.name)));
        }
        users.push(user);
    }
    Ok(users)
}

fn user(value: &Value, place: &str) -> Result<User, Mistake> {
    let fields = object(value, place)?;
    let known = ["userName", "password", "attributes"];
    if let Some(unknown) = fields.keys().find(|field| !known.contains(&field.as_str())) {
        return Err((place.to_owned(), format!("a user has no {unknown:?}, only {}", known.join(", "))));
    }
    let text = |field: &str| {
        let text = fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| (place.to_owned(), format!("a user needs a text {field:?}")))
    };
    let attributes = match fields.get("attributes") {
        Some(attributes) => attributes_of(attributes, &format!("{place}.attributes"))?,
        None => BTreeMap::new(),
    };
    Ok(User { name: text("userName")?, password: Hidden(text("password")?), attributes })
}

/// Cognito keeps every attribute as text.
fn attributes_of(value: &Value, place: &str) -> Result<BTreeMap<String, String>, Mistake> {
    let each = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Ok((name.clone(), text.clone())),
        Value::Bool(_) | Value::Number(_) => Ok((name.clone(), value.to_string())),
        _ => Err((format!("{place}.{name}"), "an attribute is a text, a number or a boolean".to_owned())),
    };
    object(value, place)?.iter().map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parsed(text: &str) -> Result<Document, String> {
        Document::parse("seed.json", text).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_that_can_be_asked_for() {
        let text = json!({
            "tables": {"Logs": [{"userName": "kirk", "stardate": 1.5}]},
            "secrets": {"Passwords": {"kirk": "KHAAAN!!!"}, "Plain": "text"},
            "users": {"Users": [{"userName": "k", "password": "p", "attributes": {"email": "k@x", "email_verified": true}}]},
        });
        let document = parsed(&text.to_string()).unwrap();
        assert_eq!(document.tables["Logs"][0]["stardate"], 1.5);
        assert_eq!(document.secrets["Passwords"].0, r#"{"kirk":"KHAAAN!!!"}"#);
        assert_eq!(document.secrets["Plain"].0, "text");
        assert_eq!(document.users["Users"][0].attributes["email_verified"], "true");
        let shown = format!("{document:?}");
        assert!(!shown.contains("KHAAAN") && !shown.contains("text"), "{shown}");
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(parsed(text).unwrap_err(), expect);
    }

    #[test]
    fn a_mistake_is_where_it_is() {
        check("{", "`seed.json`: it is no JSON: EOF while parsing an object at line 1 column 1");
        check("[]", "`seed.json`: it should be a JSON object");
        check("{}", "`seed.json`: it asks for nothing");
        check(r#"{"table": {}}"#, "`seed.json`: it has no place for \"table\"");
        check(r#"{"tables": []}"#, "`seed.json` at `tables`: it should be a JSON object");
        check(r#"{"tables": {"A": {}}}"#, "`seed.json` at `tables.A`: it should be a JSON array");
        check(r#"{"tables": {"A": [{}, 1]}}"#, "`seed.json` at `tables.A[1]`: it should be a JSON object");
        check(r#"{"secrets": {"A": null}}"#, "`seed.json` at `secrets.A`: a secret has to be something");
        let user = |user: &str| format!(r#"{{"users": {{"U": [{user}]}}}}"#);
        check(&user(r#"{"userName": "a"}"#), "`seed.json` at `users.U[0]`: a user needs a text \"password\"");
        check(
            &user(r#"{"name": "a"}"#),
            "`seed.json` at `users.U[0]`: a user has no \"name\", only userName, password, attributes",
        );
        check(
            &user(r#"{"userName": "a", "password": "p", "attributes": {"x": []}}"#),
            "`seed.json` at `users.U[0].attributes.x`: an attribute is a text, a number or a boolean",
        );
        let one = r#"{"userName": "a", "password": "p"}"#;
        check(&user(&format!("{one}, {one}")), "`seed.json` at `users.U[1]`: the user \"a\" is there before");
    }
}
