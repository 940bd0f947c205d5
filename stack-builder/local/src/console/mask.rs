//! Values that nobody is shown.

use crate::application::Application;
use serde_json::Value;

/// What stands for a value that is not shown.
pub(super) const HIDDEN: &str = "••••••";
/// Shorter values are hidden where they stand alone, but not looked for inside others.
const FINDABLE: usize = 4;

/// Words by which a name says that its value is secret.
const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "credential",
    "credentials",
    "authorization",
    "cookie",
];
/// Words that make a key a secret one.
const BEFORE_KEY: &[&str] =
    &["api", "access", "private", "signing", "encryption", "auth", "master", "session", "hmac"];

/// Hides the values of parameters with `NoEcho`, and what is named like a secret.
pub(super) struct Mask(Vec<String>);

impl Mask {
    /// What must be hidden of an application.
    pub(super) fn new(application: &Application) -> Self {
        let hidden = application.stacks.iter().flat_map(|stack| stack.hidden.iter());
        Self(hidden.filter(|value| !value.is_empty()).cloned().collect())
    }

    /// A copy of a value without what must be hidden.
    pub(super) fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(text).into(),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let member = |(name, value): (&String, &Value)| (name.clone(), self.member(name, value));
                Value::Object(members.iter().map(member).collect())
            }
            plain => plain.clone(),
        }
    }

    fn member(&self, name: &str, value: &Value) -> Value {
        match value {
            // Units of time, under the names of tokens.
            _ if name == "TokenValidityUnits" => value.clone(),
            Value::String(text) if is_secret(name, text) => HIDDEN.into(),
            value => self.value(value),
        }
    }

    fn text(&self, text: &str) -> String {
        let is_hidden = |hidden: &String| hidden == text || hidden.len() >= FINDABLE && text.contains(hidden);
        if self.0.iter().any(is_hidden) || has_password(text) { HIDDEN.to_owned() } else { text.to_owned() }
    }
}

/// Whether a name says that its value is secret, and the value is more than the place of a secret.
fn is_secret(name: &str, value: &str) -> bool {
    let is_place = value.starts_with("arn:") || value.starts_with("{{resolve:") || value.is_empty();
    let words = words(name);
    let key = |pair: &[String]| pair[1] == "key" && BEFORE_KEY.contains(&pair[0].as_str());
    !is_place && (words.iter().any(|word| SECRET.contains(&word.as_str())) || words.windows(2).any(key))
}

/// A URL with somebody's password in it.
fn has_password(text: &str) -> bool {
    let after =
        text.split_once("://").map(|(_, after)| after.split(['/', '?', '#']).next().unwrap_or_default());
    after.and_then(|host| host.rsplit_once('@')).is_some_and(|(user, _)| user.contains(':'))
}

/// The words of a name in any of the usual styles, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() || letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric() {
            words.iter_mut().last().into_iter().for_each(|word| word.push(letter.to_ascii_lowercase()));
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_are_told_by_their_names() {
        let check = |name: &str, value: &str, expect: bool| {
            assert_eq!(is_secret(name, value), expect, "{name}={value}");
        };
        for name in ["DB_PASSWORD", "ClientSecret", "githubToken", "API_KEY", "SecretString", "access-key"] {
            check(name, "x", true);
        }
        for name in ["TABLE_NAME", "KeySchema", "PublicKey", "Tokenizer", "SECRETARY", "GenerateStringKey"] {
            check(name, "x", false);
        }
        check("SECRET_ARN", "arn:aws:secretsmanager:x", false);
        check("PASSWORD", "{{resolve:secretsmanager:x}}", false);
    }

    #[test]
    fn what_has_no_echo_is_hidden_wherever_it_went() {
        let mask = Mask(vec!["hunter2".to_owned(), "no".to_owned()]);
        let shown = mask.value(&json!({
            "Url": "https://x/?k=hunter2", "A": ["no", "node"], "B": { "Password": "p" }, "N": 1,
            "C": "postgres://me:pw@host/db", "TokenValidityUnits": { "AccessToken": "minutes" },
        }));
        let expect = json!({
            "Url": HIDDEN, "A": [HIDDEN, "node"], "B": { "Password": HIDDEN }, "N": 1,
            "C": HIDDEN, "TokenValidityUnits": { "AccessToken": "minutes" },
        });
        assert_eq!(shown, expect);
    }
}
