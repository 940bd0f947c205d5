//! DynamoDB through boto3.

use super::super::person::{deployed_as, outputs};
use super::super::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Aws, AwsError, bytes};

/// A table of the uploads application, and the partition that one test has to itself.
struct Shelf<'a> {
    aws: &'a Aws,
    table: Value,
    owner: &'static str,
}

impl Shelf<'_> {
    fn key(&self, file: &str) -> Value {
        json!({ "UserId": { "S": self.owner }, "FileId": { "S": file } })
    }

    fn put(&self, file: &str, size: usize) -> Value {
        let mut item = self.key(file);
        item["Size"] = json!({ "N": size.to_string() });
        json!({ "Put": { "TableName": self.table, "Item": item } })
    }

    fn call(&self, operation: &str, mut parameters: Value) -> Result<Value, AwsError> {
        parameters["TableName"] = self.table.clone();
        self.aws.try_call("dynamodb", operation, parameters)
    }

    #[track_caller]
    fn done(&self, operation: &str, parameters: Value) -> Value {
        self.call(operation, parameters).unwrap_or_else(|error| panic!("{operation}: {error:?}"))
    }
}

fn with_shelf(owner: &'static str, test: impl FnOnce(&Shelf<'_>)) {
    let local = local();
    let aws = aws(&local);
    let table = outputs(&aws, &deployed_as(&aws, "uploads"))["TableName"].clone();
    test(&Shelf { aws: &aws, table, owner });
}

#[test]
fn items_of_every_type_come_back_as_they_were() {
    with_shelf("types", |shelf| {
        let mut item = shelf.key("all");
        let more = json!({
            "Text": { "S": "größer 😀" }, "Empty": { "S": "" }, "Number": { "N": "-1.5E-100" },
            "Digits": { "N": "12345678901234567890123456789012345678" }, "Bytes": { "B": bytes(&[0, 255, 7]) },
            "Yes": { "BOOL": true }, "Nothing": { "NULL": true },
            "List": { "L": [{ "N": "1" }, { "M": { "inner": { "S": "deep" } } }] },
        });
        item.as_object_mut().expect("members").extend(more.as_object().cloned().unwrap_or_default());
        shelf.done("put_item", json!({ "Item": item }));
        let mut found =
            shelf.done("get_item", json!({ "Key": shelf.key("all"), "ConsistentRead": true }))["Item"].take();
        // A number has one way to be written, which AWS does not promise to be that of the client.
        let number = found["Number"]["N"].take().as_str().and_then(|text| text.parse::<f64>().ok());
        assert_eq!(number, Some(-1.5e-100));
        item["Number"]["N"] = Value::Null;
        assert_eq!(found, item);
        let absent = shelf.done("get_item", json!({ "Key": shelf.key("none") }));
        assert_eq!(absent["Item"], Value::Null);
    });
}

#[test]
fn conditions_hold() {
    with_shelf("conditions", |shelf| {
        let once = json!({
            "Item": shelf.key("once"), "ConditionExpression": "attribute_not_exists(FileId)",
        });
        shelf.done("put_item", once.clone());
        let error = shelf.call("put_item", once).expect_err("it is there");
        assert_eq!(error.code, "ConditionalCheckFailedException");
        let count = json!({
            "Key": shelf.key("once"), "UpdateExpression": "ADD Downloads :one", "ReturnValues": "UPDATED_NEW",
            "ExpressionAttributeValues": { ":one": { "N": "1" } },
        });
        for expected in ["1", "2", "3"] {
            let counted = shelf.done("update_item", count.clone());
            assert_eq!(counted["Attributes"]["Downloads"]["N"], expected);
        }
        let gone = shelf.done("delete_item", json!({ "Key": shelf.key("once"), "ReturnValues": "ALL_OLD" }));
        assert_eq!(gone["Attributes"]["Downloads"]["N"], "3");
    });
}

#[test]
fn queries_come_in_pages_in_order() {
    with_shelf("pages", |shelf| {
        let requests: Vec<_> = (0..25)
            .map(|number| {
                let item = shelf.put(&format!("file-{number:02}"), number)["Put"]["Item"].take();
                json!({ "PutRequest": { "Item": item } })
            })
            .collect();
        let table = shelf.table.as_str().expect("a name");
        let written =
            shelf.aws.call("dynamodb", "batch_write_item", json!({ "RequestItems": { table: requests } }));
        assert_eq!(written["UnprocessedItems"], json!({}));
        let (mut found, mut start) = (Vec::new(), Value::Null);
        loop {
            let mut asked = json!({
                "KeyConditionExpression": "UserId = :owner AND FileId > :after", "Limit": 10,
                "FilterExpression": "#size <> :no", "ScanIndexForward": false,
                "ExpressionAttributeNames": { "#size": "Size" },
                "ExpressionAttributeValues": {
                    ":owner": { "S": shelf.owner }, ":after": { "S": "file-01" }, ":no": { "N": "7" },
                },
            });
            if !start.is_null() {
                asked["ExclusiveStartKey"] = start;
            }
            let mut page = shelf.done("query", asked);
            assert!(page["ScannedCount"].as_u64() <= Some(10), "{page}");
            found.extend(page["Items"].as_array().cloned().unwrap_or_default());
            start = page["LastEvaluatedKey"].take();
            if start.is_null() {
                break;
            }
        }
        let found: Vec<_> = found.iter().filter_map(|item| item["FileId"]["S"].as_str()).collect();
        let all = (2..25).rev().filter(|number| *number != 7).map(|number| format!("file-{number:02}"));
        assert_eq!(found, all.collect::<Vec<_>>());
    });
}

#[test]
fn transactions_are_all_or_nothing() {
    with_shelf("transactions", |shelf| {
        let write = |items: Value| {
            shelf.aws.try_call("dynamodb", "transact_write_items", json!({ "TransactItems": items }))
        };
        let mut second = shelf.put("second", 2);
        second["Put"]["ConditionExpression"] = json!("attribute_exists(FileId)");
        let error = write(json!([shelf.put("first", 1), second])).expect_err("the second is not there");
        assert_eq!(error.code, "TransactionCanceledException");
        assert!(error.message.contains("[None, ConditionalCheckFailed]"), "{error:?}");
        assert_eq!(shelf.done("get_item", json!({ "Key": shelf.key("first") }))["Item"], Value::Null);
        write(json!([shelf.put("first", 1), shelf.put("second", 2)])).expect("both");
        let wanted = json!([shelf.key("first"), shelf.key("second")]);
        let table = shelf.table.as_str().expect("a name");
        let both = json!({ "RequestItems": { table: { "Keys": wanted } } });
        let both = shelf.aws.call("dynamodb", "batch_get_item", both);
        assert_eq!(both["Responses"][table].as_array().map(Vec::len), Some(2));
    });
}

#[test]
fn mistakes_are_named_as_by_aws() {
    with_shelf("mistakes", |shelf| {
        let error = |answer: Result<Value, AwsError>| answer.expect_err("a mistake").code;
        let one_half = json!({ "Key": { "UserId": { "S": "x" } } });
        assert_eq!(error(shelf.call("get_item", one_half)), "ValidationException");
        let of_no_table = json!({ "TableName": "no-such-table", "Key": shelf.key("x") });
        assert_eq!(
            error(shelf.aws.try_call("dynamodb", "get_item", of_no_table)),
            "ResourceNotFoundException"
        );
        let mut long = shelf.key("long");
        long["Text"] = json!({ "S": "x".repeat(410 * 1024) });
        assert_eq!(error(shelf.call("put_item", json!({ "Item": long }))), "ValidationException");
        let reserved = json!({
            "Key": shelf.key("x"), "UpdateExpression": "SET Size = :no", "ConditionExpression": "Name = :no",
            "ExpressionAttributeValues": { ":no": { "N": "1" } },
        });
        assert_eq!(
            error(shelf.call("update_item", reserved)),
            "ValidationException",
            "`Size` is a reserved word"
        );
    });
}
