//! What kind of value one schema node describes, as far as the node itself tells.

use serde_json::Value;

use super::constraints::pattern;
use super::schema::{object, type_names};

/// The values of an enum of strings: listed, a single constant, or hidden in a pattern of alternatives.
pub(crate) fn enum_values(node: &Value) -> Option<Vec<String>> {
    if let Some(listed) = node.get("enum").and_then(Value::as_array) {
        return listed.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    }
    if let Some(constant) = node.get("const").and_then(Value::as_str) {
        return Some(vec![constant.to_owned()]);
    }
    let written = node.get("pattern").and_then(Value::as_str)?;
    (node.get("type")? == "string").then(|| alternatives(written)).flatten()
}

/// `^(a|b)$`, `^a$|^b$` and `a|b` as `[a, b]`, if every alternative is a plain word.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let mut inner = pattern.strip_prefix('^').unwrap_or(pattern);
    inner = inner.strip_suffix('$').unwrap_or(inner);
    let unwrapped = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    let inner = unwrapped.unwrap_or(inner);
    let words = inner.strip_prefix("?:").unwrap_or(inner).split('|').map(|word| {
        let word = word.trim_start_matches(['^', '(']).trim_end_matches([')', '$']);
        let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        plain.then(|| word.to_owned())
    });
    words.collect::<Option<Vec<_>>>().filter(|words| words.len() > 1)
}

/// The letter of a scalar or of plain JSON; none for lists, maps and unions.
pub(crate) fn scalar(node: &Value) -> Option<&'static str> {
    let format = node.get("format").and_then(Value::as_str);
    if format == Some("json") {
        return Some("j");
    }
    match type_names(node).as_slice() {
        [] => untyped_text(node).then_some("s"),
        ["string"] => Some(if format == Some("date-time") { "t" } else { "s" }),
        [one] => letter(one),
        // `["integer", "string"]` is an integer that CloudFormation also takes as text.
        ["string", one] | [one, "string"] if *one != "array" => Some(letter(one).unwrap_or("j")),
        many if many.contains(&"object") => Some("j"),
        many if many.contains(&"array") => None,
        _ => Some("s"),
    }
}

fn letter(kind: &str) -> Option<&'static str> {
    [("string", "s"), ("integer", "i"), ("number", "n"), ("boolean", "b")]
        .into_iter()
        .find_map(|(name, letter)| (name == kind).then_some(letter))
}

/// A few schemas forget `type`; a length or an ARN's format gives a string away.
fn untyped_text(node: &Value) -> bool {
    ["minLength", "maxLength", "pattern", "format"].iter().any(|key| node.get(key).is_some())
}

/// The schema of a map's values, and the pattern its keys must match when no other key is allowed.
pub(crate) fn map_values(node: &Value) -> Option<(&Value, Option<String>)> {
    let patterns = object(node, "patternProperties").into_iter().flatten();
    let closed = node.get("additionalProperties") == Some(&Value::Bool(false));
    let patterns: Vec<_> = patterns.collect();
    if let [(key_pattern, values), rest @ ..] = patterns.as_slice() {
        let agree = rest.iter().all(|(_, other)| type_names(other) == type_names(values));
        let only = pattern(key_pattern).filter(|_| closed && rest.is_empty());
        return Some((if agree { values } else { &Value::Null }, only));
    }
    let values = node.get("additionalProperties").filter(|values| values.is_object())?;
    Some((values, None)).filter(|_| values.as_object().is_some_and(|values| !values.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_alternatives() {
        for pattern in
            ["^(yes|no-way)$", "^yes$|^no-way$", "yes|no-way", "^(?:yes|no-way)$", "^(yes)|(no-way)$"]
        {
            assert_eq!(
                alternatives(pattern).as_deref(),
                Some(&["yes".to_owned(), "no-way".to_owned()][..]),
                "{pattern}"
            );
        }
        for pattern in ["^yes$", "^(a|b)+$", "^(a|[0-9])$", "^(a|)$", "^(a|b c)$", ""] {
            assert_eq!(alternatives(pattern), None, "{pattern}");
        }
    }
}
