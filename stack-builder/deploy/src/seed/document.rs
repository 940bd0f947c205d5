//! The file of demonstration data: what it says, by the logical ids of the stack that named it.

use super::SeedError;
use super::hidden::Hidden;
use super::json::{Fault, Fields, Json};
use super::mistakes::{Mistake, Mistakes};
use std::collections::{BTreeMap, BTreeSet};

/// What the file asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Document {
    /// Items by table.
    pub(crate) tables: BTreeMap<String, Vec<Fields>>,
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

impl Document {
    /// Reads the text of `file`.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, SeedError> {
        let mut mistakes = Mistakes::new(file);
        let mut document = Self::default();
        match Json::read(text) {
            Ok(value) => document.read(&value, &mut mistakes),
            Err(Fault::Syntax(error)) => mistakes.note((String::new(), format!("it is no JSON: {error}"))),
            Err(Fault::Twice(twice)) => {
                for (place, name) in twice {
                    mistakes.note((place, format!("it has {name:?} twice")));
                }
            }
        }
        mistakes.finish().map(|()| document)
    }

    fn read(&mut self, value: &Json, mistakes: &mut Mistakes) {
        let Some(sections) = mistakes.take(object(value, "")) else { return };
        for (section, content) in &sections.0 {
            if !["tables", "secrets", "users"].contains(&section.as_str()) {
                mistakes.note((String::new(), format!("it has no place for {section:?}")));
                continue;
            }
            for (id, content) in mistakes.take(object(content, section)).into_iter().flat_map(|it| &it.0) {
                self.read_one(section, id, content, mistakes);
            }
        }
        let is_empty = |content: &Json| matches!(content, Json::Object(fields) if fields.0.is_empty());
        if sections.0.iter().all(|(_, content)| is_empty(content)) {
            mistakes.note((String::new(), "it asks for nothing".to_owned()));
        }
    }

    fn read_one(&mut self, section: &str, id: &str, content: &Json, mistakes: &mut Mistakes) {
        let place = format!("{section}.{id}");
        match section {
            "tables" => drop(self.tables.insert(id.to_owned(), items(content, &place, mistakes))),
            "users" => drop(self.users.insert(id.to_owned(), users(content, &place, mistakes))),
            _ => {
                let secret = mistakes.take(secret(content, &place));
                self.secrets.extend(secret.map(|secret| (id.to_owned(), secret)));
            }
        }
    }
}

fn object<'a>(value: &'a Json, place: &str) -> Result<&'a Fields, Mistake> {
    match value {
        Json::Object(fields) => Ok(fields),
        _ => Err((place.to_owned(), "it should be a JSON object".to_owned())),
    }
}

fn array<'a>(value: &'a Json, place: &str) -> Result<&'a [Json], Mistake> {
    match value {
        Json::Array(values) => Ok(values),
        _ => Err((place.to_owned(), "it should be a JSON array".to_owned())),
    }
}

fn items(value: &Json, place: &str, mistakes: &mut Mistakes) -> Vec<Fields> {
    let items = mistakes.take(array(value, place)).unwrap_or_default().iter().enumerate();
    items.filter_map(|(n, item)| mistakes.take(object(item, &format!("{place}[{n}]"))).cloned()).collect()
}

/// A string is the secret itself; anything else is its JSON.
fn secret(value: &Json, place: &str) -> Result<Hidden, Mistake> {
    match value {
        Json::Null => Err((place.to_owned(), "a secret has to be something".to_owned())),
        Json::Text(text) if text.is_empty() => {
            Err((place.to_owned(), "a secret has to be something".to_owned()))
        }
        Json::Text(text) => Ok(Hidden(text.clone())),
        value => Ok(Hidden(value.to_string())),
    }
}

fn users(value: &Json, place: &str, mistakes: &mut Mistakes) -> Vec<User> {
    let mut names = BTreeSet::new();
    let mut users = Vec::new();
    for (n, value) in mistakes.take(array(value, place)).unwrap_or_default().iter().enumerate() {
        let place = format!("{place}[{n}]");
        let Some(user) = mistakes.take(user(value, &place)) else { continue };
        if !names.insert(user.name.clone()) {
            mistakes.note((place, format!("the user {:?} is there before", user.name)));
        }
        users.push(user);
    }
    users
}

fn user(value: &Json, place: &str) -> Result<User, Mistake> {
    let fields = object(value, place)?;
    let known = ["userName", "password", "attributes"];
    if let Some((unknown, _)) = fields.0.iter().find(|(field, _)| !known.contains(&field.as_str())) {
        return Err((place.to_owned(), format!("a user has no {unknown:?}, only {}", known.join(", "))));
    }
    let text = |field: &str| match fields.get(field) {
        Some(Json::Text(text)) if !text.is_empty() => Ok(text.clone()),
        _ => Err((place.to_owned(), format!("a user needs a text {field:?}"))),
    };
    let attributes = match fields.get("attributes") {
        Some(attributes) => attributes_of(attributes, &format!("{place}.attributes"))?,
        None => BTreeMap::new(),
    };
    Ok(User { name: text("userName")?, password: Hidden(text("password")?), attributes })
}

/// Cognito keeps every attribute as text.
fn attributes_of(value: &Json, place: &str) -> Result<BTreeMap<String, String>, Mistake> {
    let each = |(name, value): &(String, Json)| match value {
        Json::Text(text) => Ok((name.clone(), text.clone())),
        Json::Bool(_) | Json::Number(_) => Ok((name.clone(), value.to_string())),
        _ => Err((format!("{place}.{name}"), "an attribute is a text, a number or a boolean".to_owned())),
    };
    object(value, place)?.0.iter().map(each).collect()
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
        assert_eq!(document.tables["Logs"][0].get("stardate"), Some(&Json::Number("1.5".to_owned())));
        assert_eq!(document.secrets["Passwords"].0, r#"{"kirk":"KHAAAN!!!"}"#);
        assert_eq!(document.secrets["Plain"].0, "text");
        assert_eq!(document.users["Users"][0].attributes["email_verified"], "true");
        let shown = format!("{document:?}");
        assert!(!shown.contains("KHAAAN") && !shown.contains("text"), "{shown}");
    }

    #[test]
    fn digits_stay_as_they_are_written_everywhere() {
        let long = "1234567890123456789012345";
        let user = format!(r#"{{"userName": "k", "password": "p", "attributes": {{"n": {long}}}}}"#);
        let text = format!(r#"{{"secrets": {{"S": {{"n": [{long}]}}}}, "users": {{"U": [{user}]}}}}"#);
        let document = parsed(&text).unwrap();
        assert_eq!(document.secrets["S"].0, format!(r#"{{"n":[{long}]}}"#));
        assert_eq!(document.users["U"][0].attributes["n"], long);
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        check(
            r#"{"tables": {"A": [1, {}, 2]}, "secrets": {"B": ""}, "more": 1}"#,
            "the demonstration data has 4 mistakes:\n  \
             `seed.json` at `tables.A[0]`: it should be a JSON object\n  \
             `seed.json` at `tables.A[2]`: it should be a JSON object\n  \
             `seed.json` at `secrets.B`: a secret has to be something\n  \
             `seed.json`: it has no place for \"more\"",
        );
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
        check(r#"{"tables": {}}"#, "`seed.json`: it asks for nothing");
        check(r#"{"table": {"A": []}}"#, "`seed.json`: it has no place for \"table\"");
        check(r#"{"tables": []}"#, "`seed.json` at `tables`: it should be a JSON object");
        check(r#"{"tables": {"A": {}}}"#, "`seed.json` at `tables.A`: it should be a JSON array");
        check(r#"{"tables": {"A": [{}, 1]}}"#, "`seed.json` at `tables.A[1]`: it should be a JSON object");
        check(r#"{"secrets": {"A": null}}"#, "`seed.json` at `secrets.A`: a secret has to be something");
        check(
            r#"{"users": {"U": [{"userName": "x", "password": "p", "userName": "y"}]}}"#,
            "`seed.json` at `users.U[0]`: it has \"userName\" twice",
        );
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
