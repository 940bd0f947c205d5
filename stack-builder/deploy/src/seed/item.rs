//! Plain JSON as `DynamoDB` writes it, and whether a table can hold it.

use super::json::{Fields, Json};
use super::number::Number;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

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

    /// The items as `DynamoDB` writes them, or the number of each that it would refuse, and why.
    pub(crate) fn accept(&self, items: &[Fields]) -> Result<Vec<Value>, Vec<(usize, String)>> {
        let (mut seen, mut accepted, mut faults) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (n, item) in items.iter().enumerate() {
            let attributes = attributes(item);
            if let Some(fault) = self.fault(item, &attributes) {
                faults.push((n, fault));
                continue;
            }
            let key: Vec<String> = self.own.iter().map(|name| identity(&attributes[name])).collect();
            if let Some(before) = seen.insert(key, n) {
                faults.push((n, format!("the item [{before}] before has the same key")));
            }
            accepted.push(attributes);
        }
        if faults.is_empty() { Ok(accepted) } else { Err(faults) }
    }

    fn fault(&self, written: &Fields, item: &Value) -> Option<String> {
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
        if let Some(fault) = written.0.iter().find_map(|(_, value)| number_fault(value)) {
            return Some(fault);
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

/// What makes a key's attribute the same as another's.
fn identity(attribute: &Value) -> String {
    match attribute["N"].as_str() {
        Some(number) => format!("{:?}", Number::of(number)),
        None => attribute.to_string(),
    }
}

/// The first number, at any depth, that would not be kept as it is.
fn number_fault(value: &Json) -> Option<String> {
    match value {
        Json::Number(number) => {
            Number::of(number).fault().map(|fault| format!("the number {number} {fault}"))
        }
        Json::Array(values) => values.iter().find_map(number_fault),
        Json::Object(Fields(fields)) => fields.iter().find_map(|(_, value)| number_fault(value)),
        _ => None,
    }
}

fn attributes(item: &Fields) -> Value {
    item.0.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>().into()
}

fn attribute(value: &Json) -> Value {
    match value {
        Json::Null => json!({ "NULL": true }),
        Json::Bool(truth) => json!({ "BOOL": truth }),
        Json::Number(number) => json!({ "N": number }),
        Json::Text(text) => json!({ "S": text }),
        Json::Array(values) => json!({ "L": values.iter().map(attribute).collect::<Vec<_>>() }),
        Json::Object(fields) => json!({ "M": attributes(fields) }),
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

    fn accept(items: &str) -> Result<Vec<Value>, Vec<(usize, String)>> {
        let Json::Array(items) = Json::read(items).unwrap() else { panic!("no array") };
        let fields = |item| match item {
            Json::Object(fields) => fields,
            _ => panic!("no object"),
        };
        keys().accept(&items.into_iter().map(fields).collect::<Vec<_>>())
    }

    #[test]
    fn json_becomes_attributes() {
        let item = json!({"user": "a", "at": 1.5, "n": null, "b": true, "l": [1, "x"], "m": {"k": "v"}});
        assert_eq!(
            accept(&json!([item]).to_string()).unwrap(),
            [json!({
                "user": {"S": "a"}, "at": {"N": "1.5"}, "n": {"NULL": true}, "b": {"BOOL": true},
                "l": {"L": [{"N": "1"}, {"S": "x"}]}, "m": {"M": {"k": {"S": "v"}}},
            })]
        );
    }

    #[track_caller]
    fn check(items: Value, n: usize, problem: &str) {
        assert_eq!(accept(&items.to_string()), Err(vec![(n, problem.to_owned())]));
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
            json!([{"user": "a", "at": 1}, {"user": "a", "at": 1.0}]),
            1,
            "the item [0] before has the same key",
        );
        let long = "x".repeat(LARGEST);
        check(json!([{"user": "a", "at": 1, "t": long}]), 0, "it is larger than the 400 KiB of an item");
    }

    #[test]
    fn numbers_keep_every_digit_or_are_refused() {
        let item = |number: &str| format!(r#"[{{"user": "a", "at": 1, "m": {{"l": [{number}]}}}}]"#);
        for number in ["1234567890123456789012345", "0.1234567890123456789", "1.50", "-2E+3"] {
            assert_eq!(accept(&item(number)).unwrap()[0]["m"]["M"]["l"]["L"][0], json!({"N": number}));
        }
        let long = "7".repeat(39);
        let problem = format!("the number {long} has 39 significant digits, and DynamoDB keeps 38");
        assert_eq!(accept(&item(&long)), Err(vec![(0, problem)]));
    }

    #[test]
    fn every_item_that_would_be_refused_is_named() {
        let found = accept(r#"[{"user": "a"}, {"user": "a", "at": 1}, {"user": "", "at": 2}]"#).unwrap_err();
        assert_eq!(found.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [0, 2]);
    }
}
