//! What a request touches: which action on which table, index or stream.

use crate::answer::Failure;
use crate::operations::{Names, Operation};
use crate::statement;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::borrow::Cow;

/// Something that a request does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Touch<'b> {
    /// Without `dynamodb:`.
    pub(crate) action: &'static str,
    /// The table; `None` for the account as a whole.
    pub(crate) table: Option<Cow<'b, str>>,
    /// What follows the table in the ARN: `/index/ByOwner`.
    pub(crate) below: String,
    /// The part of the request that is about it.
    pub(crate) part: &'b Value,
}

impl<'b> Touch<'b> {
    fn new(action: &'static str, table: Option<&'b str>, part: &'b Value) -> Self {
        Self { action, table: table.map(Cow::Borrowed), below: String::new(), part }
    }

    fn below(mut self, below: String) -> Self {
        self.below = below;
        self
    }
}

/// Everything that a request touches, with the actions that AWS's documentation names for it.
///
/// Nothing for a request that names no table; the engine refuses those.
///
/// # Errors
/// For `PartiQL` whose table cannot be seen.
pub(crate) fn touches<'b>(operation: &'static Operation, body: &'b Value) -> Result<Vec<Touch<'b>>, Failure> {
    let name = operation.name;
    let table = body["TableName"].as_str();
    Ok(match operation.names {
        Names::Nowhere => vec![Touch::new(name, None, body)],
        Names::Table => table.map(|table| Touch::new(name, Some(table), body)).into_iter().collect(),
        Names::Index => {
            let index = body["IndexName"].as_str().map(|index| format!("/index/{index}")).unwrap_or_default();
            table.map(|table| Touch::new(name, Some(table), body).below(index)).into_iter().collect()
        }
        Names::Batch => batch(name, &body["RequestItems"]),
        Names::Transaction => transaction(&body["TransactItems"]),
        Names::Statements => statements(body)?,
        Names::Resource => arn(name, &body["ResourceArn"], body),
        Names::Stream if name == "ListStreams" => {
            vec![Touch::new(name, Some(table.unwrap_or("*")), body).below("/stream/*".to_owned())]
        }
        Names::Stream => arn(name, &body["StreamArn"], body),
        Names::Iterator => iterator(name, body),
    })
}

fn batch<'b>(action: &'static str, items: &'b Value) -> Vec<Touch<'b>> {
    let tables = items.as_object().into_iter().flatten();
    tables.map(|(table, part)| Touch::new(action, Some(table), part)).collect()
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>
const IN_TRANSACTIONS: [(&str, &str); 5] = [
    ("Get", "GetItem"),
    ("Put", "PutItem"),
    ("Update", "UpdateItem"),
    ("Delete", "DeleteItem"),
    ("ConditionCheck", "ConditionCheckItem"),
];

fn transaction(items: &Value) -> Vec<Touch<'_>> {
    items.as_array().into_iter().flatten().flat_map(members).collect()
}

fn members(item: &Value) -> impl Iterator<Item = Touch<'_>> {
    IN_TRANSACTIONS.iter().filter_map(move |(member, action)| {
        let part = &item[*member];
        Some(Touch::new(action, Some(part["TableName"].as_str()?), part))
    })
}

fn statements(body: &Value) -> Result<Vec<Touch<'_>>, Failure> {
    let lists = [&body["Statements"], &body["TransactStatements"]];
    let listed = lists.into_iter().filter_map(Value::as_array).flatten();
    std::iter::once(body).chain(listed).filter_map(|part| Some((part, part["Statement"].as_str()?))).try_fold(
        Vec::new(),
        |mut all, (part, text)| {
            let seen = statement::target(text).ok_or_else(|| {
                let message = "Statement wasn't well formed, can't be processed: no table is named";
                Failure::Engine(dynoxide::DynoxideError::ValidationException(message.to_owned()))
            })?;
            let below = seen.index.map(|index| format!("/index/{index}")).unwrap_or_default();
            all.push(Touch { action: seen.action, table: Some(Cow::Owned(seen.table)), below, part });
            Ok(all)
        },
    )
}

/// The table in an ARN, and what is below it.
pub(crate) fn split_arn(arn: &str) -> Option<(&str, &str)> {
    let rest = arn.strip_prefix("arn:aws:dynamodb:")?.splitn(3, ':').nth(2)?.strip_prefix("table/")?;
    Some(rest.split_at(rest.find('/').unwrap_or(rest.len())))
}

fn arn<'b>(action: &'static str, arn: &'b Value, part: &'b Value) -> Vec<Touch<'b>> {
    let parts = arn.as_str().and_then(split_arn);
    let touch = parts.map(|(table, below)| Touch::new(action, Some(table), part).below(below.to_owned()));
    touch.into_iter().collect()
}

/// The engine's iterators are JSON within base64, which name their table.
fn iterator<'b>(action: &'static str, body: &'b Value) -> Vec<Touch<'b>> {
    let read = || {
        let bytes = STANDARD.decode(body["ShardIterator"].as_str()?).ok()?;
        let inner: Value = serde_json::from_slice(&bytes).ok()?;
        let table = Cow::Owned(inner["table_name"].as_str()?.to_owned());
        Some(Touch { action, table: Some(table), below: "/stream/*".to_owned(), part: body })
    };
    read().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::named;
    use serde_json::json;

    #[track_caller]
    fn check(operation: &str, body: Value, expected: &[&str]) {
        let operation = named(operation).expect("an operation");
        let touched = touches(operation, &body).expect("touches");
        let seen: Vec<_> = touched
            .iter()
            .map(|t| format!("{} {}{}", t.action, t.table.as_deref().unwrap_or("-"), t.below))
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn every_table_of_a_request_is_seen() {
        check("Query", json!({ "TableName": "a", "IndexName": "i" }), &["Query a/index/i"]);
        check(
            "BatchGetItem",
            json!({ "RequestItems": { "a": {}, "b": {} } }),
            &["BatchGetItem a", "BatchGetItem b"],
        );
        let items = json!([{ "Put": { "TableName": "a" } }, { "ConditionCheck": { "TableName": "b" } }]);
        check(
            "TransactWriteItems",
            json!({ "TransactItems": items }),
            &["PutItem a", "ConditionCheckItem b"],
        );
        check(
            "BatchExecuteStatement",
            json!({ "Statements": [{ "Statement": "SELECT * FROM \"a\".\"i\"" }] }),
            &["PartiQLSelect a/index/i"],
        );
        let arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/a/stream/2026";
        check("DescribeStream", json!({ "StreamArn": arn }), &["DescribeStream a/stream/2026"]);
        check("PutItem", json!({ "TableName": 5 }), &[]);
        check("ListTables", json!({}), &["ListTables -"]);
    }
}
