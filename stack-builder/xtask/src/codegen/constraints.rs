//! The limits a schema puts on a value, under the short keys of the facts.

use serde_json::Value;

use super::schema::Object;

/// Schema keyword, key in the facts, and the kinds of value on which it means anything.
const KEYS: &[(&str, &str, &str)] = &[
    ("pattern", "pat", "s"),
    ("minLength", "nl", "s"),
    ("maxLength", "xl", "s"),
    ("enumCaseInsensitive", "eci", "s"),
    ("format", "f", "saj"),
    ("minimum", "mn", "in"),
    ("maximum", "mx", "in"),
    ("exclusiveMinimum", "en", "in"),
    ("exclusiveMaximum", "ex", "in"),
    ("multipleOf", "mo", "in"),
    ("enum", "v", "in"),
    ("const", "c", "inb"),
    ("minItems", "ni", "a"),
    ("maxItems", "xi", "a"),
    ("uniqueItems", "u", "a"),
    ("minProperties", "np", "mr"),
    ("maxProperties", "xp", "mr"),
];

/// Formats that only repeat the type.
const IDLE_FORMATS: [&str; 6] = ["int64", "double", "string", "timestamp", "date-time", "password"];

/// The limits of `node` that apply to a value of this type (its spelling in the facts).
pub(crate) fn constraints(node: &Value, kind: &Value) -> Object {
    let Some(kind) = kind_letter(kind) else {
        return Object::new();
    };
    let applying = KEYS.iter().filter(|(_, _, kinds)| kinds.contains(kind));
    let found = applying.filter_map(|(keyword, key, _)| Some((*key, node.get(keyword)?)));
    let telling = found.filter(|(key, value)| says_something(key, value));
    telling.filter_map(|(key, value)| Some((key.into(), spelled(key, value)?))).collect()
}

/// A pattern in ECMAScript's notation, the one JSON schemas promise but do not always keep: `\Z` means the end
/// elsewhere, but a letter there. One with inline flags has no counterpart, and one that matches all says nothing.
pub(crate) fn pattern(written: &str) -> Option<String> {
    let pattern = written.replace(r"\Z", "$").replace(r"\z", "$").replace(r"\A", "^");
    let mut groups = pattern.match_indices("(?");
    let flags = groups.any(|(at, _)| pattern[at + 2..].starts_with(|c: char| c.is_ascii_lowercase()));
    let core = pattern.trim_start_matches('^').trim_end_matches('$');
    let idle = ["", ".*", "(.*)", r"[\s\S]*", r"[\S\s]*"].contains(&core);
    (!flags && !idle).then_some(pattern)
}

fn spelled(key: &str, value: &Value) -> Option<Value> {
    match (key, value) {
        ("pat", Value::String(written)) => pattern(written).map(Value::from),
        ("pat", _) => None,
        _ => Some(value.clone()),
    }
}

fn kind_letter(kind: &Value) -> Option<&str> {
    match kind {
        // A time has its own notation; a pattern for it would only repeat that.
        Value::String(letter) if letter == "t" => None,
        Value::String(letter) => Some(letter),
        // The values of an enum are its limit.
        Value::Array(parts) => parts.first()?.as_str().filter(|letter| *letter != "e"),
        _ => None,
    }
}

fn says_something(key: &str, value: &Value) -> bool {
    match key {
        "nl" | "ni" | "np" => value.as_u64() != Some(0),
        "u" => value.as_bool() == Some(true),
        "f" => value.as_str().is_some_and(|format| !IDLE_FORMATS.contains(&format) && !format.contains('(')),
        _ => !value.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(kind: &Value, node: &Value, expect: &Value) {
        assert_eq!(&Value::Object(constraints(node, kind)), expect);
    }

    #[test]
    fn limits_of_text() {
        let node = json!({ "minLength": 0, "maxLength": 8, "pattern": "^a+$", "minItems": 2, "format": "AWS::KMS::Key.Arn" });
        check(&json!("s"), &node, &json!({ "pat": "^a+$", "xl": 8, "f": "AWS::KMS::Key.Arn" }));
    }

    #[test]
    fn zero_is_a_limit_of_a_number_but_no_least_length() {
        check(
            &json!("i"),
            &json!({ "minimum": 0, "maximum": 0, "format": "int64" }),
            &json!({ "mn": 0, "mx": 0 }),
        );
        check(&json!(["a", "s"]), &json!({ "minItems": 0, "uniqueItems": false }), &json!({}));
    }

    #[test]
    fn an_enum_has_no_further_limits() {
        check(&json!(["e", "Mode"]), &json!({ "maxLength": 8, "pattern": "^a+$" }), &json!({}));
    }

    #[test]
    fn patterns_are_in_ecmascripts_notation() {
        assert_eq!(pattern(r"^[a-z]{1,512}\Z").as_deref(), Some("^[a-z]{1,512}$"));
        assert_eq!(pattern(r"\Aab(?!c)(?<!d)\z").as_deref(), Some("^ab(?!c)(?<!d)$"));
        for idle in [".*", "^.*$", "(?s).+", r"[\s\S]*", "^(?i)abc$"] {
            assert_eq!(pattern(idle), None, "{idle}");
        }
    }

    #[test]
    fn numbers_may_be_listed() {
        check(&json!("i"), &json!({ "enum": [1, 3, 5] }), &json!({ "v": [1, 3, 5] }));
    }
}
