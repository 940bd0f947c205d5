//! The condition keys of a request: which items, which attributes, how much of them.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>

use crate::expression;
use crate::touch::Touch;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The condition keys of one touch, whose table or index has these partition keys.
pub(crate) fn context(
    touch: &Touch<'_>,
    partition: &[String],
    operation: &str,
) -> BTreeMap<String, Vec<String>> {
    let part = touch.part;
    let mut context = BTreeMap::new();
    let mut put = |key: &str, values: Vec<String>| {
        if !values.is_empty() {
            context.insert(format!("dynamodb:{key}"), values);
        }
    };
    put("leadingkeys", leading_keys(part, partition));
    put("attributes", attributes(part).into_iter().collect());
    put("select", select(touch).into_iter().map(str::to_owned).collect());
    put("returnvalues", return_values(touch).into_iter().map(str::to_owned).collect());
    let capacity = part["ReturnConsumedCapacity"].as_str();
    put("returnconsumedcapacity", capacity.into_iter().map(str::to_owned).collect());
    if operation.starts_with("Transact") {
        put("enclosingoperation", vec![operation.to_owned()]);
    }
    context
}

/// Everything in a part that has the shape of an item or a key.
fn items(part: &Value) -> impl Iterator<Item = &Value> {
    let own = [&part["Item"], &part["Key"]].into_iter();
    let keys = part["Keys"].as_array().into_iter().flatten();
    let writes = part.as_array().into_iter().flatten();
    let writes = writes.flat_map(|write| [&write["PutRequest"]["Item"], &write["DeleteRequest"]["Key"]]);
    own.chain(keys).chain(writes).filter(|item| item.is_object())
}

fn leading_keys(part: &Value, partition: &[String]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for key in partition {
        found.extend(items(part).filter_map(|item| plain(&item[key])));
        found.extend(plain(&part["KeyConditions"][key]["AttributeValueList"][0]));
        found.extend(expression::equal_to(part, key).and_then(plain));
    }
    found.into_iter().collect()
}

/// A key's value as text; a key is a string, a number or binary.
fn plain(value: &Value) -> Option<String> {
    ["S", "N", "B"].iter().find_map(|kind| value[*kind].as_str()).map(str::to_owned)
}

/// Members of requests whose keys are names of attributes.
const MAPS: [&str; 5] = ["AttributeUpdates", "Expected", "ScanFilter", "QueryFilter", "KeyConditions"];

/// Names of the top-level attributes that a request tells or asks for.
fn attributes(part: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let maps = MAPS.iter().map(|map| &part[*map]).chain(items(part));
    names.extend(maps.filter_map(Value::as_object).flat_map(|map| map.keys().cloned()));
    let listed = part["AttributesToGet"].as_array().into_iter().flatten();
    names.extend(listed.filter_map(Value::as_str).map(str::to_owned));
    names.extend(expression::attributes(part));
    names
}

/// What a read returns of each item, which is everything unless it says otherwise.
fn select<'t>(touch: &Touch<'t>) -> Option<&'t str> {
    if !matches!(touch.action, "GetItem" | "BatchGetItem" | "Query" | "Scan") {
        return None;
    }
    let part = touch.part;
    let chosen = !part["ProjectionExpression"].is_null() || !part["AttributesToGet"].is_null();
    Some(match part["Select"].as_str() {
        Some(select) => select,
        None if chosen => "SPECIFIC_ATTRIBUTES",
        None if touch.below.is_empty() => "ALL_ATTRIBUTES",
        None => "ALL_PROJECTED_ATTRIBUTES",
    })
}

fn return_values<'t>(touch: &Touch<'t>) -> Option<&'t str> {
    let writes = matches!(touch.action, "PutItem" | "UpdateItem" | "DeleteItem");
    writes.then(|| touch.part["ReturnValues"].as_str().unwrap_or("NONE"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::named;
    use crate::touch::touches;
    use serde_json::json;

    #[track_caller]
    fn check(operation: &str, body: Value, expected: Value) {
        let found = touches(named(operation).expect("an operation"), &body).expect("touches");
        let context = context(&found[0], &["pk".to_owned()], operation);
        assert_eq!(serde_json::to_value(context).expect("JSON"), expected);
    }

    #[test]
    fn a_write_tells_its_item() {
        check(
            "PutItem",
            json!({ "TableName": "t", "Item": { "pk": { "S": "me" }, "a": { "N": "1" } } }),
            json!({ "dynamodb:attributes": ["a", "pk"], "dynamodb:leadingkeys": ["me"], "dynamodb:returnvalues": ["NONE"] }),
        );
    }

    #[test]
    fn a_query_tells_its_partition() {
        let body = json!({
            "TableName": "t",
            "KeyConditionExpression": "#s > :s AND #p=:p",
            "ExpressionAttributeNames": { "#p": "pk", "#s": "sk" },
            "ExpressionAttributeValues": { ":p": { "S": "me" }, ":s": { "N": "3" } },
            "ProjectionExpression": "a.b, c[0]",
        });
        check(
            "Query",
            body,
            json!({
                "dynamodb:attributes": ["a", "c", "pk", "sk"],
                "dynamodb:leadingkeys": ["me"],
                "dynamodb:select": ["SPECIFIC_ATTRIBUTES"],
            }),
        );
    }

    #[test]
    fn a_batch_tells_all_partitions() {
        let write = |key: &str| json!({ "DeleteRequest": { "Key": { "pk": { "S": key } } } });
        check(
            "BatchWriteItem",
            json!({ "RequestItems": { "t": [write("a"), write("b")] } }),
            json!({ "dynamodb:attributes": ["pk"], "dynamodb:leadingkeys": ["a", "b"] }),
        );
    }
}
