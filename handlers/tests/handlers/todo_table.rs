//! What to-do says to DynamoDB, and what the answers come to.

use crate::{
    dynamodb_stub::{access_denied, condition_failed, dynamodb, operation},
    stub::Asked,
};
use handlers::{
    Failure, Handler, Request, Response,
    todo::{AddItem, CompleteItem, DeleteItem, DynamoItems, GetItem, ListItems, UpdateItem},
};
use serde_json::{Value, json};
use std::{
    sync::mpsc::Receiver,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

fn table(status: u16, body: &Value) -> (DynamoItems, Receiver<Asked>) {
    let (client, asked) = dynamodb(status, body);
    (DynamoItems::new(client, "Items".into()), asked)
}

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(498_660)
}

/// Ann's request for the item `a-1`.
fn request(body: &Value) -> Request {
    let path = [("id".to_owned(), "a-1".to_owned())].into();
    Request { username: Some("ann".into()), path, body: body.to_string(), ..Request::default() }
}

fn key() -> Value {
    json!({"cognito-username": {"S": "ann"}, "id": {"S": "a-1"}})
}

fn stored() -> Value {
    json!({
        "cognito-username": {"S": "ann"}, "id": {"S": "a-1"}, "item": {"S": "Sleep"}, "completed": {"BOOL": true},
        "creation_date": {"S": "2026-11-01T00:00:00Z"}, "lastupdate_date": {"S": "2026-11-20T12:00:00Z"},
    })
}

fn shown() -> Value {
    json!({
        "id": "a-1", "item": "Sleep", "completed": true,
        "creation_date": "2026-11-01T00:00:00Z", "lastupdate_date": "2026-11-20T12:00:00Z",
    })
}

fn status(outcome: Result<Response, Failure>) -> u16 {
    outcome.map_or_else(|failure| failure.status(), |response| response.status)
}

#[tokio::test]
async fn adding_is_one_put_that_overwrites_nothing() {
    let (table, asked) = table(200, &json!({}));
    let body = json!({"item": "Sleep", "cognito-username": "bob", "id": "b-1"});
    let added = AddItem::new(table, noon).handle(&request(&body)).await.unwrap().body.unwrap();
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "putitem");
    assert_eq!(
        asked.body,
        json!({
            "TableName": "Items",
            "Item": {
                "cognito-username": {"S": "ann"}, "id": {"S": added["id"]}, "item": {"S": "Sleep"},
                "completed": {"BOOL": false},
                "creation_date": {"S": "2026-11-20T12:00:00Z"}, "lastupdate_date": {"S": "2026-11-20T12:00:00Z"},
            },
            "ConditionExpression": "attribute_not_exists(id)",
        })
    );
}

#[tokio::test]
async fn listing_is_one_consistent_query_of_the_users_partition() {
    let (table, asked) = table(200, &json!({"Items": [stored()], "Count": 1}));
    let page = ListItems::new(table).handle(&request(&json!({}))).await.unwrap().body.unwrap();
    assert_eq!(page, json!({"items": [shown()], "next": null}));
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "query");
    assert_eq!(
        asked.body,
        json!({
            "TableName": "Items",
            "ConsistentRead": true,
            "Limit": 51,
            "KeyConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "cognito-username"},
            "ExpressionAttributeValues": {":owner": {"S": "ann"}},
        })
    );
}

#[tokio::test]
async fn getting_is_one_consistent_read() {
    let (table, asked) = table(200, &json!({"Item": stored()}));
    let item = GetItem::new(table).handle(&request(&json!({}))).await.unwrap().body.unwrap();
    assert_eq!(item, shown());
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "getitem");
    assert_eq!(asked.body, json!({"TableName": "Items", "Key": key(), "ConsistentRead": true}));
}

#[tokio::test]
async fn an_item_that_is_not_there_is_unknown() {
    let (table, _asked) = table(200, &json!({}));
    assert_eq!(status(GetItem::new(table).handle(&request(&json!({}))).await), 404);
}

#[tokio::test]
async fn an_item_of_another_making_is_our_failure() {
    let (table, _asked) = table(200, &json!({"Item": key()}));
    let outcome = GetItem::new(table).handle(&request(&json!({}))).await;
    assert!(matches!(outcome, Err(Failure::Internal(_))), "{outcome:?}");
}

#[tokio::test]
async fn changing_is_one_update_of_what_exists() {
    let (table, asked) = table(200, &json!({"Attributes": stored()}));
    let body = json!({"item": "Sleep", "completed": true, "cognito-username": "bob"});
    let item = UpdateItem::new(table, noon).handle(&request(&body)).await.unwrap().body.unwrap();
    assert_eq!(item, shown());
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "updateitem");
    assert_eq!(
        asked.body,
        json!({
            "TableName": "Items",
            "Key": key(),
            "ConditionExpression": "attribute_exists(id)",
            "UpdateExpression": "SET #completed = :completed, #date = :date, #item = :item",
            "ExpressionAttributeNames": {"#completed": "completed", "#date": "lastupdate_date", "#item": "item"},
            "ExpressionAttributeValues": {
                ":completed": {"BOOL": true}, ":date": {"S": "2026-11-20T12:00:00Z"}, ":item": {"S": "Sleep"},
            },
            "ReturnValues": "ALL_NEW",
        })
    );
}

#[tokio::test]
async fn completing_leaves_the_text_alone() {
    let (table, asked) = table(200, &json!({"Attributes": stored()}));
    let item = CompleteItem::new(table, noon).handle(&request(&json!({"item": "x"}))).await.unwrap();
    assert_eq!(item.body, Some(shown()));
    let asked = asked.recv().unwrap().body;
    assert_eq!(asked["UpdateExpression"], "SET #completed = :completed, #date = :date");
    assert_eq!(
        asked["ExpressionAttributeNames"],
        json!({"#completed": "completed", "#date": "lastupdate_date"})
    );
    assert_eq!(asked["ExpressionAttributeValues"][":completed"], json!({"BOOL": true}));
}

#[tokio::test]
async fn deleting_is_one_delete_of_what_exists() {
    let (table, asked) = table(200, &json!({}));
    assert_eq!(DeleteItem::new(table).handle(&request(&json!({}))).await, Ok(Response::no_content()));
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "deleteitem");
    let body = json!({"TableName": "Items", "Key": key(), "ConditionExpression": "attribute_exists(id)"});
    assert_eq!(asked.body, body);
}

#[tokio::test]
async fn a_write_to_an_unknown_item_is_a_404() {
    let failing = || table(400, &condition_failed());
    let (changed, deleted) = (failing(), failing());
    let body = json!({"item": "x", "completed": true});
    assert_eq!(status(UpdateItem::new(changed.0, noon).handle(&request(&body)).await), 404);
    assert_eq!(status(DeleteItem::new(deleted.0).handle(&request(&body)).await), 404);
}

#[tokio::test]
async fn another_refusal_is_a_failure_that_tells_the_operation() {
    let [listed, got, added, changed, deleted] = std::array::from_fn(|_| table(400, &access_denied()));
    let request = request(&json!({"item": "x", "completed": true}));
    let outcomes = [
        ("Query", ListItems::new(listed.0).handle(&request).await),
        ("GetItem", GetItem::new(got.0).handle(&request).await),
        ("PutItem", AddItem::new(added.0, noon).handle(&request).await),
        ("UpdateItem", UpdateItem::new(changed.0, noon).handle(&request).await),
        ("DeleteItem", DeleteItem::new(deleted.0).handle(&request).await),
    ];
    for (operation, outcome) in outcomes {
        let Err(Failure::Internal(cause)) = outcome else { panic!("{operation}: {outcome:?}") };
        let told = cause.starts_with(&format!("{operation}: ")) && cause.contains("AccessDeniedException");
        assert!(told, "{cause}");
    }
}
