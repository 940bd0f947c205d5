//! Lines that functions log as JSON, made readable: the message first, then what goes with it.

use serde_json::{Map, Value};
use std::fmt::Write;

/// Members that stand elsewhere on the line, or that only a machine wants.
const LEFT_OUT: [&str; 5] = ["timestamp", "requestId", "function", "_aws", "xRayTraceId"];
const LEVELS: [&str; 2] = ["level", "severity"];
const MESSAGES: [&str; 2] = ["message", "msg"];

/// `INFO answered status=302 durationMs=0.14` for an object with a message; any other line as it is.
pub(super) fn readable(line: &str) -> Option<String> {
    let Ok(Value::Object(members)) = serde_json::from_str(line) else { return None };
    let message = first(&members, &MESSAGES)?.as_str()?;
    let level =
        first(&members, &LEVELS).and_then(Value::as_str).map(|level| format!("{level} ")).unwrap_or_default();
    let mut made = format!("{level}{message}");
    for (name, value) in &members {
        let named = [&LEFT_OUT[..], &LEVELS, &MESSAGES].concat();
        if named.contains(&name.as_str()) {
            continue;
        }
        // Writing to a text does not fail.
        let _ = match value {
            Value::String(text) if !text.is_empty() && !text.contains([' ', '"', '=']) => {
                write!(made, " {name}={text}")
            }
            other => write!(made, " {name}={other}"),
        };
    }
    Some(made)
}

fn first<'m>(members: &'m Map<String, Value>, names: &[&str]) -> Option<&'m Value> {
    names.iter().find_map(|name| members.get(*name))
}

#[cfg(test)]
mod tests {
    use super::readable;

    fn check(line: &str, expect: Option<&str>) {
        assert_eq!(readable(line).as_deref(), expect);
    }

    #[test]
    fn a_message_comes_first_and_nothing_is_lost() {
        check(
            r#"{"level":"INFO","message":"answered","status":302,"requestId":"x","why":"no session","path":"/"}"#,
            Some("INFO answered status=302 why=\"no session\" path=/"),
        );
        check(r#"{"level":"INFO"}"#, None);
        check(r#"{"message":{"a":1}}"#, None);
        check("[1]", None);
        check("plain text", None);
    }
}
