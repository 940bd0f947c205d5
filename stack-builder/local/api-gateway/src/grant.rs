//! What an authorizer says of a caller, for events, access logs and templates.

use crate::time;
use crate::token::Claims;
use serde_json::{Map, Value, json};

/// An authorizer's word.
#[derive(Clone, Debug)]
pub(crate) enum Grant {
    /// Claims of a token, with the scopes that let it pass.
    Token { claims: Claims, scopes: Vec<String> },
    /// A function's word.
    Lambda { principal: Option<String>, context: Map<String, Value>, key: Option<String> },
}

impl Grant {
    /// `requestContext.authorizer` in payload format 2.0.
    pub(crate) fn format_2(&self) -> Value {
        match self {
            Self::Token { claims, scopes } => {
                json!({ "jwt": { "claims": http_claims(claims), "scopes": or_null(scopes) } })
            }
            Self::Lambda { context, .. } => json!({ "lambda": context }),
        }
    }

    /// `requestContext.authorizer` in payload format 1.0 of an HTTP API.
    pub(crate) fn format_1(&self) -> Value {
        match self {
            Self::Token { claims, scopes } => {
                json!({ "claims": http_claims(claims), "scopes": or_null(scopes) })
            }
            Self::Lambda { .. } => self.lambda(false),
        }
    }

    /// `requestContext.authorizer` of a REST API, where every value is text.
    pub(crate) fn rest(&self) -> Value {
        match self {
            Self::Token { claims, scopes } if scopes.is_empty() => json!({ "claims": rest_claims(claims) }),
            Self::Token { claims, scopes } => json!({ "claims": rest_claims(claims), "scopes": scopes }),
            Self::Lambda { .. } => self.lambda(true),
        }
    }

    fn lambda(&self, as_text: bool) -> Value {
        let Self::Lambda { principal, context, .. } = self else { return Value::Null };
        let mut all = Map::new();
        if let Some(principal) = principal {
            all.insert("principalId".to_owned(), principal.clone().into());
        }
        for (name, value) in context {
            let value = if as_text { text(value).into() } else { value.clone() };
            all.insert(name.clone(), value);
        }
        all.into()
    }

    /// `$context.authorizer.<name>`.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        match self {
            Self::Token { claims, .. } => claims.get(name.strip_prefix("claims.")?).map(text),
            Self::Lambda { principal, .. } if name == "principalId" => principal.clone(),
            Self::Lambda { context, .. } => context.get(name).map(text),
        }
    }
}

fn or_null(scopes: &[String]) -> Value {
    if scopes.is_empty() { Value::Null } else { scopes.into() }
}

/// Text as it is, anything else as JSON.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An HTTP API writes a list as `[a b]`.
fn http_claims(claims: &Map<String, Value>) -> Map<String, Value> {
    let write = |value: &Value| match value {
        Value::Array(list) => format!("[{}]", list.iter().map(text).collect::<Vec<_>>().join(" ")),
        other => text(other),
    };
    claims.iter().map(|(name, value)| (name.clone(), write(value).into())).collect()
}

/// A REST API writes a list as `a,b`, and two of the times for people.
fn rest_claims(claims: &Map<String, Value>) -> Map<String, Value> {
    let write = |name: &str, value: &Value| match (name, value) {
        ("exp" | "iat", Value::Number(seconds)) => time::claim_time(seconds.as_u64().unwrap_or(0)),
        (_, Value::Array(list)) => list.iter().map(text).collect::<Vec<_>>().join(","),
        (_, other) => text(other),
    };
    claims.iter().map(|(name, value)| (name.clone(), write(name, value).into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn claims_are_text_in_each_format() {
        let claims = json!({"sub": "u", "cognito:groups": ["a", "b"], "exp": 1_495_742_003, "auth_time": 7, "ok": true});
        let claims = Arc::new(claims.as_object().expect("an object").clone());
        let grant = Grant::Token { claims, scopes: vec!["s".into()] };
        let http = json!({"sub": "u", "cognito:groups": "[a b]", "exp": "1495742003", "auth_time": "7", "ok": "true"});
        let exp = "Thu May 25 19:53:23 UTC 2017";
        let rest = json!({"sub": "u", "cognito:groups": "a,b", "exp": exp, "auth_time": "7", "ok": "true"});
        assert_eq!(grant.format_2(), json!({"jwt": {"claims": http, "scopes": ["s"]}}));
        assert_eq!(grant.format_1(), json!({"claims": http, "scopes": ["s"]}));
        assert_eq!(grant.rest(), json!({"claims": rest, "scopes": ["s"]}));
        assert_eq!(grant.variable("claims.sub").as_deref(), Some("u"));
        assert_eq!(grant.variable("sub"), None);
    }

    #[test]
    fn a_rest_api_makes_text_of_a_context() {
        let context = json!({"n": 1, "b": true, "t": "x"}).as_object().expect("an object").clone();
        let grant = Grant::Lambda { principal: Some("me".into()), context, key: None };
        assert_eq!(grant.rest(), json!({"principalId": "me", "n": "1", "b": "true", "t": "x"}));
        assert_eq!(grant.format_2(), json!({"lambda": {"n": 1, "b": true, "t": "x"}}));
    }
}
