//! Plain JSON as `DynamoDB` writes it, and whether a table can hold it.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The largest item, in bytes, names included; counted here as JSON, which is a little more
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>).
const LARGEST: usize = 400 * 1024;

/// What a table wants of its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// The attributes of the table's own key.
    own: Vec<String>,
    /// The type (`S`, `N` or `B`) of each attribute of a key, those of indexes too.
    types: BTreeMap<String, String>,
}

impl Keys {
    /// Reads the answer of `DescribeTable`.
    pub(crate) fn read(answer: &Value) -> Self {
        let table = &answer["Table"];
        let list = |name: &str| table[name].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            own: list("KeySchema").iter().map(|key| text(&key["AttributeName"])).collect(),
            types: list("AttributeDefinitions")
                .iter()
                .map(|attribute| (text(&attribute["AttributeName"]), text(&attribute["AttributeType"])))
                .collect(),
        }
    }

    /// The items as `DynamoDB` writes them, or the number of the first that it would refuse, and why.
    pub(crate) fn accept(&self, items: &[Map<String, Value>]) -> Result<Vec<Value>, (usize, String)> {
        let mut seen = BTreeSet::new();
        let mut accepted = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let attributes = attributes(item);
            self.fault(&attributes).map_or(Ok(()), |fault| Err((n, fault)))?;
            let key: Vec<String> = self.own.iter().map(|name| attributes[name].to_string()).collect();
            if !seen.insert(key) {
                return Err((n, "another item before has the same key".to_owned()));
            }
            accepted.push(attributes);
        }
        Ok(accepted)
    }

    fn fault(&self, item: &Value) -> Option<String> {
        if let Some(missing) = self.own.iter().find(|name| item[name.as_str()].is_null()) {
            return Some(format!("the key {missing:?} is missing"));
        }
        let wrong = |(name, kind): &(&String, &String)| {
            !item[name.as_str()].is_null() && item[name.as_str()][kind.as_str()].is_null()
        };
        if let Some((name, kind)) = self.types.iter().find(wrong) {
            return Some(format!("{name:?} is part of a key and has to be {}", spelled(kind)));
        }
        if let Some(name) = self.types.keys().find(|name| item[name.as_str()]["S"] == "") {
            return Some(format!("{name:?} is part of a key and must not be empty"));
        }
        (item.to_string().len() > LARGEST).then(|| "it is larger than the 400 KiB of an item".to_owned())
    }
}

fn spelled(kind: &str) -> &'static str {
    match kind {
        "S" => "a text",
        "N" => "a number",
        _ => "bytes, which JSON cannot say",
    }
}

fn attributes(item: &Map<String, Value>) -> Value {
    item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>().into()
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(truth) => json!({ "BOOL": truth }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(values) => json!({ "L": values.iter().map(attribute).collect::<Vec<_>>() }),
        Value::Object(fields) => json!({ "M": attributes(fields) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::read(&json!({"Table": {
            "KeySchema": [{"AttributeName": "user", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
            "AttributeDefinitions": [
                {"AttributeName": "user", "AttributeType": "S"},
                {"AttributeName": "at", "AttributeType": "N"},
                {"AttributeName": "kind", "AttributeType": "S"},
            ],
        }}))
    }

    fn accept(items: Value) -> Result<Vec<Value>, (usize, String)> {
        let items: Vec<_> =
            items.as_array().unwrap().iter().map(|item| item.as_object().unwrap().clone()).collect();
        keys().accept(&items)
    }

    #[test]
    fn json_becomes_attributes() {
        let item = json!({"user": "a", "at": 1.5, "n": null, "b": true, "l": [1, "x"], "m": {"k": "v"}});
        assert_eq!(
            accept(json!([item])).unwrap(),
            [json!({
                "user": {"S": "a"}, "at": {"N": "1.5"}, "n": {"NULL": true}, "b": {"BOOL": true},
                "l": {"L": [{"N": "1"}, {"S": "x"}]}, "m": {"M": {"k": {"S": "v"}}},
            })]
        );
    }

    #[track_caller]
    fn check(items: Value, n: usize, problem: &str) {
        assert_eq!(accept(items), Err((n, problem.to_owned())));
    }

    #[test]
    fn what_the_table_would_refuse_is_found_before() {
        check(json!([{"user": "a", "at": 1}, {"user": "a"}]), 1, "the key \"at\" is missing");
        check(json!([{"user": "a", "at": "1"}]), 0, "\"at\" is part of a key and has to be a number");
        check(json!([{"user": "", "at": 1}]), 0, "\"user\" is part of a key and must not be empty");
        check(
            json!([{"user": "a", "at": 1, "kind": 2}]),
            0,
            "\"kind\" is part of a key and has to be a text",
        );
        check(
            json!([{"user": "a", "at": 1}, {"user": "a", "at": 1}]),
            1,
            "another item before has the same key",
        );
        let long = "x".repeat(LARGEST);
        check(json!([{"user": "a", "at": 1, "t": long}]), 0, "it is larger than the 400 KiB of an item");
    }
}
