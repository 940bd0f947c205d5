//! What is decoded of paths and query strings.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Parameters in the order of the query string.
pub(crate) type Query = Vec<(String, String)>;

/// Decodes `%41`; a malformed `%` stays as it is, and what is no UTF-8 becomes `U+FFFD`.
pub(crate) fn decode(text: &str) -> String {
    if text.contains('%') {
        percent_decode_str(text).decode_utf8_lossy().into_owned()
    } else {
        text.to_owned()
    }
}

fn decode_form(text: &str) -> String {
    if text.contains('+') { decode(&text.replace('+', " ")) } else { decode(text) }
}

/// Reads a query string. A REST API splits at `;` too
/// ([notes](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)).
pub(crate) fn query(text: &str, semicolons: bool) -> Query {
    let pairs = text.split(|c| c == '&' || (semicolons && c == ';')).filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode_form(name), decode_form(value))
    };
    pairs.map(pair).collect()
}

/// `{"name": "last value"}`, or null without any.
pub(crate) fn last_values(pairs: &[(String, String)]) -> Value {
    let map: Map<_, _> = pairs.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    or_null(map)
}

/// `{"name": ["every", "value"]}`, or null without any.
pub(crate) fn all_values(pairs: &[(String, String)]) -> Value {
    let mut map = Map::new();
    for (name, value) in pairs {
        let list = map.entry(name.clone()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(value.clone().into());
        }
    }
    or_null(map)
}

/// `{"name": "every,value"}`, or null without any.
pub(crate) fn joined_values(pairs: &[(String, String)]) -> Value {
    let mut map = Map::new();
    for (name, value) in pairs {
        match map.get_mut(name) {
            Some(Value::String(joined)) => {
                joined.push(',');
                joined.push_str(value);
            }
            _ => drop(map.insert(name.clone(), value.clone().into())),
        }
    }
    or_null(map)
}

fn or_null(map: Map<String, Value>) -> Value {
    if map.is_empty() { Value::Null } else { Value::Object(map) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_query_strings_as_aws_does() {
        let check = |text, rest: Value, joined: Value| {
            assert_eq!(last_values(&query(text, true)), rest, "{text}");
            assert_eq!(joined_values(&query(text, false)), joined, "{text}");
        };
        check("", json!(null), json!(null));
        check("a=1&a=2", json!({"a": "2"}), json!({"a": "1,2"}));
        check("a", json!({"a": ""}), json!({"a": ""}));
        check(
            "mail=x%2By%40z&t=a+b",
            json!({"mail": "x+y@z", "t": "a b"}),
            json!({"mail": "x+y@z", "t": "a b"}),
        );
        check("a=1;b=2", json!({"a": "1", "b": "2"}), json!({"a": "1;b=2"}));
        check("a=%zz%f&&=", json!({"a": "%zz%f", "": ""}), json!({"a": "%zz%f", "": ""}));
        check("a=%ff", json!({"a": "\u{fffd}"}), json!({"a": "\u{fffd}"}));
        assert_eq!(all_values(&query("a=1&a=2&b=", true)), json!({"a": ["1", "2"], "b": [""]}));
    }

    #[test]
    fn a_huge_query_takes_linear_time() {
        let text = "a=1&".repeat(200_000);
        assert_eq!(query(&text, true).len(), 200_000);
        assert_eq!(joined_values(&query(&text, false))["a"].as_str().map(str::len), Some(399_999));
    }
}
