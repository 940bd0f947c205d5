//! Text that must not be shown.

use crate::Error;
use serde_json::Value;
use std::fmt;

/// A password or secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hidden(pub(crate) String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Hidden {
    /// `error` without this text, which a service may quote: as it is, as JSON, or a part of it that is JSON itself.
    pub(crate) fn taken_out_of(&self, error: Error) -> Error {
        let mut texts = vec![self.0.clone()];
        texts_in(&serde_json::from_str(&self.0).unwrap_or_default(), &mut texts);
        texts.extend(texts.iter().map(|text| escaped(text)).collect::<Vec<_>>());
        texts.retain(|text| !text.is_empty());
        // A text that holds another one goes first.
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        let clean = |message: String| {
            texts.iter().fold(message, |message, text| message.replace(text.as_str(), "(hidden)"))
        };
        match error {
            Error::Service { action, code, message, request_id } => {
                Error::Service { action, code, message: clean(message), request_id }
            }
            Error::AccessDenied { action, message } => {
                Error::AccessDenied { action, message: clean(message) }
            }
            Error::NotAws { endpoint, action, detail } => {
                Error::NotAws { endpoint, action, detail: clean(detail) }
            }
            error => error,
        }
    }
}

/// The text as it stands between the quotation marks of JSON.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Every text among the values of `value`, at any depth.
fn texts_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts_in(value, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts_in(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hidden: &str, message: &str, expect: &str) {
        let error = Error::AccessDenied { action: "a:B", message: message.to_owned() };
        let error = Hidden(hidden.to_owned()).taken_out_of(error).to_string();
        assert_eq!(error, format!("not allowed to call `a:B`: {expect}"));
    }

    #[test]
    fn a_part_of_it_and_its_escaped_form_are_hidden_too() {
        let secret = r#"{"picard":"makeitso","more":["Tea\""]}"#;
        check(secret, "value makeitso of picard", "value (hidden) of picard");
        check(secret, r#"value Tea\" is odd"#, "value (hidden) is odd");
        check(secret, &format!("'{secret}'"), "'(hidden)'");
        check("", "nothing", "nothing");
    }

    #[test]
    fn neither_debug_nor_an_error_shows_it() {
        let hidden = Hidden("KHAAAN!!!".to_owned());
        assert_eq!(format!("{hidden:?}"), "(hidden)");
        let error = Error::Service {
            action: "cognito-idp:AdminSetUserPassword",
            code: "InvalidPasswordException".to_owned(),
            message: "Value 'KHAAAN!!!' is too short".to_owned(),
            request_id: "1".to_owned(),
        };
        let error = hidden.taken_out_of(error);
        assert!(!error.to_string().contains("KHAAAN"), "{error}");
        assert!(error.to_string().contains("Value '(hidden)' is too short"));
    }
}
