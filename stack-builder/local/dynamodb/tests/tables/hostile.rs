//! Requests that no honest client sends, and many at once.

use crate::support::{Served, others, outcome, things};
use serde_json::{Value, json};
use std::sync::Arc;

async fn refused(served: &Served, operation: &str, body: impl Into<bytes::Bytes>) -> String {
    let answer = served.raw(&format!("DynamoDB_20120810.{operation}"), body).await;
    assert!(answer.status().is_client_error(), "{operation}: {answer:?}");
    let body: Value = serde_json::from_slice(answer.body()).expect("JSON");
    body["__type"].as_str().expect("a type").rsplit('#').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn bodies_that_are_no_requests() {
    let served = Served::new(&[others()]);
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 7] =
        [b"", b"{", b"[]", b"null", b"\xff\xfe", b"{\"a\": \"\xff\"}", nested.as_bytes()];
    for operation in ["PutItem", "Query", "BatchWriteItem", "CreateTable", "ListTables"] {
        for body in bodies {
            assert_eq!(refused(&served, operation, body.to_vec()).await, "SerializationException");
        }
    }
    let long = format!("{{\"TableName\": \"{}\"}}", "x".repeat(17 << 20));
    assert_eq!(refused(&served, "PutItem", long).await, "RequestEntityTooLargeException");
}

#[tokio::test]
async fn members_of_wrong_types() {
    let served = Served::new(&[others(), things()]);
    let operations = [
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "BatchGetItem",
        "BatchWriteItem",
        "TransactGetItems",
        "TransactWriteItems",
        "ExecuteStatement",
        "CreateTable",
        "UpdateTable",
        "DeleteTable",
        "TagResource",
        "UpdateTimeToLive",
    ];
    for operation in operations {
        for wrong in [json!(5), json!([]), json!({}), json!(true), json!(null), json!("x"), json!([[{}]])] {
            let body = json!({
                "TableName": wrong, "Key": wrong, "Item": wrong, "RequestItems": wrong, "TransactItems": wrong,
                "Statement": wrong, "KeyConditionExpression": wrong, "ResourceArn": wrong, "KeySchema": wrong,
                "AttributeDefinitions": wrong, "TimeToLiveSpecification": wrong, "GlobalSecondaryIndexUpdates": wrong,
            });
            let kind = refused(&served, operation, body.to_string()).await;
            let known = ["SerializationException", "ValidationException", "ResourceNotFoundException"];
            assert!(known.contains(&kind.as_str()), "{operation} {wrong}: {kind}");
        }
    }
    assert_eq!(served.tables.tables().len(), 2);
}

#[tokio::test]
async fn items_and_expressions_without_measure() {
    let served = Served::new(&[others()]);
    let put = |value: Value| json!({ "TableName": "others", "Item": { "pk": { "S": "x" }, "v": value } });
    let large = served.call("PutItem", put(json!({ "S": "x".repeat(401 * 1024) }))).await;
    assert_eq!(outcome(large), (400, "ValidationException".to_owned()));
    let mut deep = json!({ "S": "x" });
    for _ in 0..50 {
        deep = json!({ "L": [deep] });
    }
    assert_eq!(outcome(served.call("PutItem", put(deep)).await), (400, "ValidationException".to_owned()));
    for expression in
        ["(".repeat(4096), "NOT ".repeat(1000), "a.".repeat(2000), "é = :v".to_owned(), "a[".repeat(2000)]
    {
        let mut body = put(json!({ "S": "x" }));
        body["ConditionExpression"] = expression.clone().into();
        assert_eq!(outcome(served.call("PutItem", body).await), (400, "ValidationException".to_owned()));
        let update = json!({ "TableName": "others", "Key": { "pk": { "S": "x" } }, "UpdateExpression": format!("SET a = {expression}") });
        assert_eq!(outcome(served.call("UpdateItem", update).await), (400, "ValidationException".to_owned()));
        let statement = json!({ "Statement": format!("SELECT * FROM others WHERE {expression}") });
        assert_eq!(
            outcome(served.call("ExecuteStatement", statement).await),
            (400, "ValidationException".to_owned())
        );
    }
    let brackets = format!("{}a = b{}", "(".repeat(300), ")".repeat(300));
    let negations = format!("{}a = b", "NOT ".repeat(300));
    let alternatives = format!("{}a = b{}", "(".repeat(150), " OR a = b)".repeat(150));
    let outcomes = [
        (brackets, "ValidationException"),
        (negations, "ConditionalCheckFailedException"),
        (alternatives, "ConditionalCheckFailedException"),
    ];
    for (expression, expected) in outcomes {
        let mut body = put(json!({ "S": "x" }));
        body["ConditionExpression"] = expression.into();
        assert_eq!(outcome(served.call("PutItem", body).await), (400, expected.to_owned()));
    }
    for open in ["[", "{'a':", "("] {
        let statement = format!("INSERT INTO others VALUE {{'pk': 'x', 'v': {}", open.repeat(2600));
        let answer = served.call("ExecuteStatement", json!({ "Statement": statement })).await;
        assert_eq!(outcome(answer), (400, "ValidationException".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_at_once_lose_nothing() {
    let served = Arc::new(Served::new(&[others()]));
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let served = served.clone();
            tokio::spawn(async move {
                for round in 0..10 {
                    let item = json!({ "pk": { "S": format!("{task}-{round}") } });
                    assert_eq!(served.call("PutItem", json!({ "TableName": "others", "Item": item })).await.0, 200);
                    let add = json!({
                        "TableName": "others", "Key": { "pk": { "S": "sum" } }, "UpdateExpression": "ADD n :one",
                        "ExpressionAttributeValues": { ":one": { "N": "1" } },
                    });
                    assert_eq!(served.call("UpdateItem", add).await.0, 200);
                    if round % 5 == 0 {
                        served.call("Scan", json!({ "TableName": "others" })).await;
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task");
    }
    let (_, sum) =
        served.call("GetItem", json!({ "TableName": "others", "Key": { "pk": { "S": "sum" } } })).await;
    assert_eq!(sum["Item"]["n"]["N"], "640");
    assert_eq!(served.tables.tables()[0].items, 641);
}
