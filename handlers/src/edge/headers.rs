//! Headers as CloudFront writes them: by lower-case name, a list of `{key, value}` each.

use super::EdgeError;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The headers of a request or response. A name may have several values, and their order is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(BTreeMap<String, Vec<Header>>);

/// One line: the name as the sender spelled it, if known, and the value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Header {
    key: Option<String>,
    value: String,
}

impl Headers {
    /// Reads the object of an event. Names that differ in case only are one, as in HTTP.
    pub(super) fn read(value: Option<&Value>) -> Result<Self, EdgeError> {
        let mut headers = Self::default();
        for (name, lines) in value.and_then(Value::as_object).ok_or(MALFORMED)? {
            let lines =
                lines.as_array().ok_or(MALFORMED)?.iter().map(header).collect::<Result<Vec<_>, _>>()?;
            headers.0.entry(name.to_ascii_lowercase()).or_default().extend(lines);
        }
        Ok(headers)
    }

    /// All values of a header, by its lower-case name.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|header| header.value.as_str())
    }

    /// The value of a header that must stand alone, by its lower-case name; none when it is absent or repeated.
    pub fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.values(name);
        values.next().filter(|_| values.next().is_none())
    }

    /// Sets a header to one value, in place of all that it had.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        let header = Header { key: Some(key.to_owned()), value: value.into() };
        self.0.insert(key.to_ascii_lowercase(), vec![header]);
    }

    /// Removes a header, by its lower-case name.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The lower-case names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a header is the same here and there: same values, same order.
    pub(super) fn same(&self, other: &Self, name: &str) -> bool {
        self.values(name).eq(other.values(name))
    }

    /// The object that CloudFront expects.
    pub(super) fn to_json(&self) -> Value {
        let lines = |headers: &Vec<Header>| headers.iter().map(line).collect::<Vec<_>>().into();
        Value::Object(
            self.0.iter().map(|(name, headers)| (name.clone(), lines(headers))).collect::<Map<_, _>>(),
        )
    }
}

const MALFORMED: EdgeError = EdgeError::Malformed("headers");

fn header(line: &Value) -> Result<Header, EdgeError> {
    let value = line.get("value").and_then(Value::as_str).ok_or(MALFORMED)?.to_owned();
    let key = match line.get("key") {
        None => None,
        Some(key) => Some(key.as_str().ok_or(MALFORMED)?.to_owned()),
    };
    Ok(Header { key, value })
}

fn line(header: &Header) -> Value {
    match &header.key {
        Some(key) => json!({"key": key, "value": header.value}),
        None => json!({"value": header.value}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let object = json!({
            "cookie": [{"key": "Cookie", "value": "a=1"}, {"key": "cookie", "value": "b=2"}],
            "x-empty": [],
            "x-nameless": [{"value": ""}],
        });
        assert_eq!(Headers::read(Some(&object)).unwrap().to_json(), object);
    }

    #[test]
    fn names_have_no_case_and_values_keep_their_order() {
        let object = json!({"COOKIE": [{"value": "a"}], "Cookie": [{"value": "b"}, {"value": "a"}]});
        let headers = Headers::read(Some(&object)).unwrap();
        assert_eq!(headers.values("cookie").collect::<Vec<_>>(), ["a", "b", "a"]);
        assert_eq!(headers.only("cookie"), None);
    }

    #[test]
    fn setting_replaces_every_value() {
        let object = json!({"location": [{"value": "a"}, {"value": "b"}]});
        let mut headers = Headers::read(Some(&object)).unwrap();
        headers.set("Location", "c");
        assert_eq!(headers.to_json(), json!({"location": [{"key": "Location", "value": "c"}]}));
        assert_eq!(headers.only("location"), Some("c"));
        headers.remove("location");
        assert_eq!(headers, Headers::default());
    }

    #[test]
    fn another_shape_is_malformed() {
        for value in [
            json!(null),
            json!([]),
            json!({"a": "b"}),
            json!({"a": [["b"]]}),
            json!({"a": [{"key": "A"}]}),
            json!({"a": [{"key": "A", "value": 1}]}),
            json!({"a": [{"key": null, "value": "b"}]}),
        ] {
            assert_eq!(Headers::read(Some(&value)), Err(MALFORMED), "{value}");
        }
        assert_eq!(Headers::read(None), Err(MALFORMED));
    }
}
