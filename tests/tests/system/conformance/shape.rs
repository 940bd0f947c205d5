//! Whether an answer has the shape that a case expects.

use serde_json::Value;

/// Says where `answer` is not as `expected`; nothing when it is.
///
/// An object may have more members than are expected, and `null` is expected of one that is not there. A list has
/// exactly the expected items. Text that begins with `~` is a pattern in which `*` stands for anything, of the value as
/// text; `!~` is one that must not fit.
pub(super) fn faults(expected: &Value, answer: &Value, path: &str, faults: &mut Vec<String>) {
    match (expected, answer) {
        (Value::Object(members), Value::Object(_)) => {
            for (name, value) in members {
                self::faults(value, &answer[name.as_str()], &format!("{path}/{name}"), faults);
            }
        }
        (Value::Array(items), Value::Array(got)) if items.len() == got.len() => {
            for (number, (item, got)) in items.iter().zip(got).enumerate() {
                self::faults(item, got, &format!("{path}/{number}"), faults);
            }
        }
        _ if is(expected, answer) => {}
        _ => faults.push(format!("{path}: expected {expected}, got {answer}")),
    }
}

fn is(expected: &Value, answer: &Value) -> bool {
    let pattern = expected.as_str().unwrap_or_default();
    if let Some(pattern) = pattern.strip_prefix("!~") {
        return !fits(pattern, &shown(answer));
    }
    match pattern.strip_prefix('~') {
        Some(pattern) => !answer.is_null() && fits(pattern, &shown(answer)),
        None => expected == answer,
    }
}

fn shown(answer: &Value) -> String {
    answer.as_str().map_or_else(|| answer.to_string(), str::to_owned)
}

fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(start) else { return false };
    let mut parts: Vec<_> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else { return false };
        text = &text[at + part.len()..];
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shapes_fit_what_holds_more_and_nothing_else() {
        let answer = json!({ "a": 1, "b": ["x", { "c": "text/html; charset=utf-8" }] });
        let check = |expected: Value, number: usize| {
            let mut found = Vec::new();
            faults(&expected, &answer, "", &mut found);
            assert_eq!(found.len(), number, "{expected}: {found:?}");
        };
        check(json!({ "a": 1, "z": null }), 0);
        check(json!({ "a": "~*", "b": ["x", { "c": "~text/*utf*" }] }), 0);
        check(json!({ "a": 2, "z": "~*" }), 2);
        check(json!({ "a": "!~1", "b": ["x"] }), 2);
        check(json!({ "b": ["~y*", { "c": "~text/*ascii" }] }), 2);
    }
}
