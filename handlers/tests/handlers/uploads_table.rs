//! What uploads says to DynamoDB, and what the answers come to.

use crate::{
    dynamodb_stub::{access_denied, condition_failed, dynamodb, operation},
    stub::Asked,
};
use handlers::{
    Caller, Failure, Request,
    uploads::{DynamoTable, FileRecord, FileTable, Saved},
};
use serde_json::{Map, Value, json};
use std::sync::mpsc::Receiver;

const ID: &str = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11";

/// A table behind a stub that gives this one answer.
fn table(status: u16, body: &Value) -> (DynamoTable, Receiver<Asked>) {
    let (client, asked) = dynamodb(status, body);
    (DynamoTable::new(client, "Files".into()), asked)
}

fn record() -> FileRecord {
    FileRecord {
        user_id: "ann".into(),
        file_id: ID.into(),
        s3_key: format!("ann/{ID}_a.png"),
        size: 3,
        content_type: "image/png".into(),
        uploaded_at: "2026-11-20T12:00:00Z".into(),
        extra: Map::from_iter([("album".to_owned(), json!(["Rome", null, 1.5]))]),
    }
}

fn item() -> Value {
    json!({
        "UserId": {"S": "ann"}, "FileId": {"S": ID}, "S3Key": {"S": format!("ann/{ID}_a.png")}, "Size": {"N": "3"},
        "ContentType": {"S": "image/png"}, "UploadedAt": {"S": "2026-11-20T12:00:00Z"},
        "Extra": {"M": {"album": {"L": [{"S": "Rome"}, {"NULL": true}, {"N": "1.5"}]}}},
    })
}

fn ann() -> Caller {
    Caller::of(&Request { subject: Some("ann".into()), ..Request::default() }).unwrap()
}

#[tokio::test]
async fn saving_is_one_conditional_put() {
    let (table, asked) = table(200, &json!({}));
    assert_eq!(table.save(&record()).await, Ok(Saved::Stored));
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "putitem");
    assert_eq!(
        asked.body,
        json!({
            "TableName": "Files",
            "Item": item(),
            "ConditionExpression": "attribute_not_exists(UserId) OR S3Key = :key",
            "ExpressionAttributeValues": {":key": {"S": format!("ann/{ID}_a.png")}},
        })
    );
}

#[tokio::test]
async fn a_failed_condition_is_another_key() {
    let (table, _asked) = table(400, &condition_failed());
    assert_eq!(table.save(&record()).await, Ok(Saved::OtherKey));
}

#[tokio::test]
async fn another_refusal_is_a_failure_that_tells_the_cause() {
    let (table, _asked) = table(400, &access_denied());
    let Err(Failure::Internal(cause)) = table.save(&record()).await else { panic!() };
    assert!(
        cause.starts_with("PutItem: ") && cause.contains("AccessDeniedException: not for you"),
        "{cause}"
    );
}

#[tokio::test]
async fn listing_is_one_consistent_query_of_the_callers_partition() {
    let (table, asked) = table(200, &json!({"Items": [item()], "Count": 1}));
    let page = table.page(&ann(), 2, Some("00000000")).await.unwrap();
    assert_eq!((page.records, page.unreadable, page.next), (vec![record()], 0, None));
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "query");
    assert_eq!(
        asked.body,
        json!({
            "TableName": "Files",
            "ConsistentRead": true,
            "Limit": 3,
            "KeyConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "UserId"},
            "ExpressionAttributeValues": {":owner": {"S": "ann"}},
            "ExclusiveStartKey": {"UserId": {"S": "ann"}, "FileId": {"S": "00000000"}},
        })
    );
}

#[tokio::test]
async fn the_first_page_starts_nowhere() {
    let (table, asked) = table(200, &json!({"Items": [], "Count": 0}));
    assert_eq!(table.page(&ann(), 50, None).await.unwrap().records, []);
    assert_eq!(asked.recv().unwrap().body.get("ExclusiveStartKey"), None);
}
