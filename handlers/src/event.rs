//! Picking values out of an event that may hold anything anywhere.

use serde_json::Value;
use std::collections::BTreeMap;

/// The text at this JSON pointer.
pub(crate) fn text(event: &Value, pointer: &str) -> Option<String> {
    event.pointer(pointer)?.as_str().map(str::to_owned)
}

/// All values of a header, in the order they came.
///
/// Only REST events have `multiValueHeaders`; their `headers` hold the last value of each, and both keep the case that
/// the client wrote.
pub(crate) fn headers(event: &Value, name: &str) -> Vec<String> {
    let several = member(event.get("multiValueHeaders"), name).and_then(Value::as_array);
    let one = || member(event.get("headers"), name).into_iter();
    match several {
        Some(values) => owned(values.iter()),
        None => owned(one()),
    }
}

/// The members of an object that are text.
pub(crate) fn strings(object: Option<&Value>) -> BTreeMap<String, String> {
    let pairs = object.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

fn member<'a>(object: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    let (_, value) = object?.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value)
}

fn owned<'a>(values: impl Iterator<Item = &'a Value>) -> Vec<String> {
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn header_names_have_no_case() {
        let event = json!({"headers": {"X-One": "1"}, "multiValueHeaders": {"x-TWO": ["2", 3, "4"]}});
        assert_eq!(headers(&event, "x-one"), ["1"]);
        assert_eq!(headers(&event, "x-two"), ["2", "4"]);
        assert!(headers(&event, "x-three").is_empty());
    }

    #[test]
    fn only_text_is_taken() {
        let object = json!({"a": "1", "b": 2, "c": null, "d": ["x"]});
        assert_eq!(strings(Some(&object)), [("a".to_owned(), "1".to_owned())].into());
        assert_eq!(text(&object, "/b"), None);
    }
}
