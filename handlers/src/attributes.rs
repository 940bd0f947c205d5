//! JSON as DynamoDB attributes, and back.

use crate::Failure;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, HashMap};

/// The attributes of one item, by their names.
pub(crate) type Attributes = HashMap<String, AttributeValue>;

/// A record as an item.
pub(crate) fn of_record(record: &impl Serialize) -> Result<Attributes, Failure> {
    let fields: Map<String, Value> = serde_json::to_value(record)
        .and_then(serde_json::from_value)
        .map_err(|error| Failure::Internal(error.to_string()))?;
    Ok(fields.into_iter().map(|(name, value)| (name, from_json(value))).collect())
}

/// An item as a record, unless something else wrote it. Attributes that we do not know are ignored.
pub(crate) fn to_record<T: DeserializeOwned>(item: Attributes) -> Option<T> {
    serde_json::from_value(to_json(AttributeValue::M(item))?).ok()
}

fn from_json(value: Value) -> AttributeValue {
    match value {
        Value::Null => AttributeValue::Null(true),
        Value::Bool(flag) => AttributeValue::Bool(flag),
        Value::Number(number) => AttributeValue::N(number.to_string()),
        Value::String(text) => AttributeValue::S(text),
        Value::Array(values) => AttributeValue::L(values.into_iter().map(from_json).collect()),
        Value::Object(fields) => {
            AttributeValue::M(fields.into_iter().map(|(name, value)| (name, from_json(value))).collect())
        }
    }
}

/// Sets and binary values have no JSON form of their own, and we never write any.
fn to_json(value: AttributeValue) -> Option<Value> {
    match value {
        AttributeValue::Null(_) => Some(Value::Null),
        AttributeValue::Bool(flag) => Some(flag.into()),
        AttributeValue::N(number) => number_from(&number).map(Value::Number),
        AttributeValue::S(text) => Some(text.into()),
        AttributeValue::L(values) => {
            values.into_iter().map(to_json).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        AttributeValue::M(fields) => object(fields),
        _ => None,
    }
}

/// In the order of the names: a hash map's own order would differ from one answer to the next.
fn object(fields: Attributes) -> Option<Value> {
    let sorted: BTreeMap<_, _> = fields.into_iter().collect();
    let pairs = sorted.into_iter().map(|(name, value)| Some((name, to_json(value)?)));
    pairs.collect::<Option<Map<_, _>>>().map(Value::Object)
}

fn number_from(text: &str) -> Option<Number> {
    let whole = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    whole.ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_survives_the_round_trip() {
        for value in [
            json!(null),
            json!({"b": [1, -2, 1.5, 1e100, u64::MAX, i64::MIN], "a": {"x": "", "y": [true, null, {}]}}),
        ] {
            assert_eq!(to_json(from_json(value.clone())), Some(value));
        }
    }

    #[test]
    fn names_come_out_sorted() {
        let value = json!({"c": 1, "a": 2, "b": 3});
        assert_eq!(to_json(from_json(value)).unwrap().to_string(), r#"{"a":2,"b":3,"c":1}"#);
    }

    #[test]
    fn a_whole_number_stays_whole() {
        assert_eq!(number_from("5368709120"), Some(Number::from(5_368_709_120_u64)));
        assert_eq!(number_from("1E400"), None);
        assert_eq!(number_from("x"), None);
    }

    #[test]
    fn what_is_no_record_is_none() {
        assert_eq!(to_record::<BTreeMap<String, u8>>([("a".into(), from_json(json!("x")))].into()), None);
        assert_eq!(to_json(AttributeValue::Ss(vec!["a".into()])), None);
    }
}
