//! The list of calls, and whether an answer is the one that it names.
//!
//! `conformance.json` is a list, in order, of calls with what is expected of each: a `status`, and an `answer`, or the
//! name of an `error` with its `message`, if that matters. What no two services have alike, such as ids, times and ARNs, is not in it.
//! Where Amazon's program does otherwise, that is in `local`, and `why` says which of the two is the service's way.

use serde_json::{Map, Value, json};

/// Members that differ from service to service.
const OWN: [&str; 10] = [
    "CreationDateTime",
    "IndexArn",
    "IndexSizeBytes",
    "LastDecreaseDateTime",
    "LastIncreaseDateTime",
    "LastUpdateToPayPerRequestDateTime",
    "NumberOfDecreasesToday",
    "TableArn",
    "TableId",
    "TableSizeBytes",
];
/// Lists without an order.
const SETS: [&str; 5] = ["AttributeDefinitions", "BS", "GlobalSecondaryIndexes", "NS", "SS"];

fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), ordered(name, comparable(value))))
            .collect(),
        Value::Array(values) => values.iter().map(comparable).collect(),
        other => other.clone(),
    }
}

fn ordered(name: &str, mut value: Value) -> Value {
    if let Value::Array(values) = &mut value
        && SETS.contains(&name)
    {
        values.sort_by_cached_key(sorted);
    }
    value
}

/// Text that does not depend on the order of members.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(k, v)| format!("{k}: {}", sorted(v))).collect();
            members.sort();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(sorted).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// An answer in the shape of the list's entries.
fn told((status, mut body): (u16, Value)) -> Value {
    let mut told = json!({ "status": status });
    if status != 200 {
        let members = body.as_object_mut().expect("an error");
        let kind = members.remove("__type").unwrap_or_default();
        told["error"] = kind.as_str().and_then(|kind| kind.rsplit('#').next()).into();
        let message = members.remove("message").or_else(|| members.remove("Message"));
        told["message"] = message.unwrap_or_else(|| "".into());
    }
    if status == 200 || body != json!({}) {
        told["answer"] = comparable(&body);
    }
    told
}

/// What is expected in an entry, or in its `local`.
fn expected(entry: &Value) -> Value {
    let expectations = ["status", "error", "message", "answer"];
    let mut expected: Map<String, Value> = entry.as_object().expect("an entry").clone();
    expected.retain(|name, _| expectations.contains(&name.as_str()));
    comparable(&Value::Object(expected))
}

/// The calls, in order.
pub(crate) fn entries() -> Vec<Value> {
    serde_json::from_str(include_str!("../conformance.json")).expect("a list")
}

/// Says what was got in place of what is expected.
pub(crate) fn difference(
    number: usize,
    entry: &Value,
    expectation: &Value,
    answer: (u16, Value),
) -> Option<String> {
    let (expected, mut told) = (expected(expectation), told(answer));
    if expected.get("message").is_none() {
        told.as_object_mut().expect("an answer").remove("message");
    }
    if entry["call"] == "Scan"
        && let Some(Value::Array(items)) = told.pointer_mut("/answer/Items")
    {
        // A scan has no order; the list has its items sorted.
        items.sort_by_cached_key(sorted);
    }
    let (wanted, got) = (sorted(&expected), sorted(&told));
    let call = format!("{number} {} {}", entry["call"], entry["body"]);
    (wanted != got).then(|| format!("{call}\n  expected {wanted}\n  got      {got}"))
}
