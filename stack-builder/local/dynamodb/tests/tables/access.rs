//! Who may do what.

use crate::support::{Served, others, outcome, things};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table";

fn key() -> Value {
    json!({ "pk": { "S": "x" } })
}

#[tokio::test]
async fn a_denied_table_denies_the_whole_batch() {
    let served = Served::new(&[things(), others()]).by_role();
    served.policies.denied.lock().expect("no panic").push("table/things".to_owned());
    let write = json!([{ "PutRequest": { "Item": key() } }]);
    let long = json!([{ "PutRequest": { "Item": { "pk": { "S": "a" }, "sk": { "S": "b" } } } }]);
    let denied =
        served.call("BatchWriteItem", json!({ "RequestItems": { "others": write, "things": long } })).await;
    let message =
        format!("User: x is not authorized to perform: dynamodb:BatchWriteItem on resource: {ARN}/things");
    assert_eq!(denied.1["Message"], message);
    assert_eq!(outcome(denied), (400, "AccessDeniedException".to_owned()));
    assert_eq!(served.call("Scan", json!({ "TableName": "others" })).await.1["Count"], 0);
    let done = served.call("BatchWriteItem", json!({ "RequestItems": { "others": write } })).await;
    assert_eq!(done.0, 200);
}

#[tokio::test]
async fn each_part_is_asked_for() {
    let served = Served::new(&[things(), others()]);
    let item = json!({ "pk": { "S": "a" }, "sk": { "S": "b" } });
    let items = json!([
        { "Put": { "TableName": "others", "Item": key() } },
        { "ConditionCheck": { "TableName": "things", "Key": item, "ConditionExpression": "attribute_not_exists(pk)" } },
    ]);
    served.call("TransactWriteItems", json!({ "TransactItems": items })).await;
    assert_eq!(
        served.asked(),
        [format!("dynamodb:PutItem {ARN}/others"), format!("dynamodb:ConditionCheckItem {ARN}/things")]
    );
    served.call("Scan", json!({ "TableName": "things", "IndexName": "ByOwner" })).await;
    assert_eq!(served.asked(), [format!("dynamodb:Scan {ARN}/things/index/ByOwner")]);
    served.call("ExecuteStatement", json!({ "Statement": "SELECT * FROM things.ByOwner" })).await;
    assert_eq!(served.asked(), [format!("dynamodb:PartiQLSelect {ARN}/things/index/ByOwner")]);
    served.call("ListTables", json!({})).await;
    assert_eq!(served.asked(), ["dynamodb:ListTables *"]);
}

#[tokio::test]
async fn policies_see_the_partition_of_the_index() {
    let served = Served::new(&[things()]).by_role();
    let query = json!({
        "TableName": "things", "IndexName": "ByOwner", "KeyConditionExpression": "#o = :me",
        "ExpressionAttributeNames": { "#o": "owner" }, "ExpressionAttributeValues": { ":me": { "S": "me" } },
    });
    assert_eq!(served.call("Query", query).await.0, 200);
    let (_, _, context) = served.policies.asked.lock().expect("no panic").pop().expect("a question");
    assert_eq!(context["dynamodb:leadingkeys"], ["me"]);
    assert_eq!(context["dynamodb:select"], ["ALL_PROJECTED_ATTRIBUTES"]);
}

#[tokio::test]
async fn a_table_that_is_not_there_is_denied_before_it_is_missed() {
    let served = Served::new(&[]).by_role();
    let get = json!({ "TableName": "absent", "Key": key() });
    assert_eq!(
        outcome(served.call("GetItem", get.clone()).await),
        (400, "ResourceNotFoundException".to_owned())
    );
    served.policies.denied.lock().expect("no panic").push("absent".to_owned());
    assert_eq!(outcome(served.call("GetItem", get).await), (400, "AccessDeniedException".to_owned()));
}
