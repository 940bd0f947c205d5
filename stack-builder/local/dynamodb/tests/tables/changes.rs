//! Templates that change, and processes that end.

use crate::support::{Served, key, others, outcome, resource, texts, things};
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, Resources};
use std::time::Duration;

fn apply(served: &Served, resources: &[Resource]) -> Vec<String> {
    served.tables.apply(&Resources::new(resources.to_vec())).into_iter().map(|note| note.text).collect()
}

async fn put(served: &Served, table: &str, item: Value) {
    assert_eq!(served.call("PutItem", json!({ "TableName": table, "Item": item })).await.0, 200);
}

async fn count(served: &Served, table: &str) -> (u16, Value) {
    let (status, page) = served.call("Scan", json!({ "TableName": table })).await;
    (status, page["Count"].clone())
}

#[tokio::test]
async fn items_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Served::within(folder.path(), &[others()]);
    put(&first, "others", json!({ "pk": { "S": "x" } })).await;
    // As after `kill -9`: nothing is closed, the file and its log are as they are.
    std::mem::forget(first);
    let second = Served::within(folder.path(), &[others()]);
    assert_eq!(count(&second, "others").await, (200, json!(1)));
}

#[tokio::test]
async fn a_table_comes_back_with_its_template() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Served::within(folder.path(), &[others()]);
    put(&first, "others", json!({ "pk": { "S": "x" } })).await;
    drop(first);
    let served = Served::within(folder.path(), &[things()]);
    assert_eq!(served.call("ListTables", json!({})).await.1, json!({ "TableNames": ["things"] }));
    let hidden = served.call("Scan", json!({ "TableName": "others" })).await;
    assert_eq!(outcome(hidden), (400, "ResourceNotFoundException".to_owned()));
    assert_eq!(served.tables.tables().len(), 1);
    let mut create = others().properties;
    create["TableName"] = "others".into();
    let taken = served.call("CreateTable", create).await;
    assert_eq!(outcome(taken), (400, "ResourceInUseException".to_owned()));
    assert_eq!(apply(&served, &[things(), others()]), [""; 0]);
    assert_eq!(count(&served, "others").await, (200, json!(1)));
}

#[tokio::test]
async fn indexes_streams_and_times_to_live_follow_the_template() {
    let served = Served::new(&[others()]);
    put(&served, "others", json!({ "pk": { "S": "x" }, "a": { "S": "1" }, "b": { "S": "2" } })).await;
    let mut table = others();
    table.properties["AttributeDefinitions"] = texts(&["pk", "a", "b"]);
    let index = |name: &str| json!({ "IndexName": format!("by-{name}"), "KeySchema": key(&[name]), "Projection": { "ProjectionType": "ALL" } });
    table.properties["GlobalSecondaryIndexes"] = json!([index("a"), index("b")]);
    table.properties["StreamSpecification"] = json!({ "StreamViewType": "KEYS_ONLY" });
    table.properties["TimeToLiveSpecification"] = json!({ "AttributeName": "x", "Enabled": true });
    assert_eq!(apply(&served, std::slice::from_ref(&table)), [""; 0]);
    let by_a = json!({ "TableName": "others", "IndexName": "by-a" });
    assert_eq!(served.call("Scan", by_a.clone()).await.1["Count"], 1);
    table.properties["AttributeDefinitions"] = texts(&["pk", "b"]);
    table.properties["GlobalSecondaryIndexes"] = json!([index("b")]);
    table.properties["StreamSpecification"] = json!({ "StreamViewType": "NEW_IMAGE" });
    table.properties["TimeToLiveSpecification"] = json!({ "AttributeName": "y", "Enabled": true });
    assert_eq!(apply(&served, std::slice::from_ref(&table)), [""; 0]);
    assert_eq!(served.call("Scan", by_a).await.0, 400);
    let (_, described) = served.call("DescribeTable", json!({ "TableName": "others" })).await;
    assert_eq!(described["Table"]["StreamSpecification"]["StreamViewType"], "NEW_IMAGE");
    assert_eq!(served.tables.tables()[0].ttl.as_deref(), Some("y"));
    assert_eq!(served.tables.tables()[0].indexes, ["by-b"]);
}

#[tokio::test]
async fn a_changed_key_deletes_no_item() {
    let served = Served::new(&[others()]);
    let changed = resource("others", things().properties);
    put(&served, "others", json!({ "pk": { "S": "x" } })).await;
    let notes = apply(&served, std::slice::from_ref(&changed));
    assert!(notes[0].starts_with("the key has changed"), "{notes:?}");
    assert_eq!(count(&served, "others").await, (200, json!(1)));
    served.call("DeleteItem", json!({ "TableName": "others", "Key": { "pk": { "S": "x" } } })).await;
    assert_eq!(apply(&served, &[changed]), [""; 0]);
    assert_eq!(served.tables.tables()[0].key.len(), 2);
}

#[tokio::test]
async fn a_table_is_where_its_stack_is() {
    let mut table = others();
    let arn = "arn:aws:dynamodb:eu-west-3:000000000000:table/others";
    table.attributes.insert("Arn".to_owned(), arn.to_owned());
    let served = Served::new(&[table]);
    let (_, described) = served.call("DescribeTable", json!({ "TableName": "others" })).await;
    assert_eq!(described["Table"]["TableArn"], arn);
    assert_eq!(served.asked(), [format!("dynamodb:DescribeTable {arn}")]);
}

#[tokio::test]
async fn a_definition_that_is_refused_is_told() {
    let served = Served::new(&[]);
    let mut wrong = others();
    wrong.properties["AttributeDefinitions"] = json!([]);
    let notes = apply(&served, &[wrong, things()]);
    assert!(notes[0].starts_with("the table is not as the template says: "), "{notes:?}");
    assert_eq!(served.call("ListTables", json!({})).await.1, json!({ "TableNames": ["things"] }));
}

#[tokio::test]
async fn provisioned_tables_work_too() {
    let mut table = things();
    table.properties["BillingMode"] = Value::Null;
    table.properties["ProvisionedThroughput"] = json!({ "ReadCapacityUnits": "3", "WriteCapacityUnits": 4 });
    let served = Served::new(std::slice::from_ref(&table));
    let (_, described) = served.call("DescribeTable", json!({ "TableName": "things" })).await;
    assert_eq!(described["Table"]["ProvisionedThroughput"]["ReadCapacityUnits"], 3);
    assert_eq!(apply(&served, &[things()]), [""; 0]);
    assert_eq!(apply(&served, &[table]), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn expired_items_go() {
    let served = Served::new(&[things()]);
    let until = |seconds: u64| json!({ "N": (served.world.clock.seconds() + seconds).to_string() });
    put(&served, "things", json!({ "pk": { "S": "a" }, "sk": { "S": "1" }, "until": until(60) })).await;
    put(&served, "things", json!({ "pk": { "S": "a" }, "sk": { "S": "2" }, "until": until(6000) })).await;
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(count(&served, "things").await, (200, json!(2)));
    served.world.clock.advance(Duration::from_secs(61));
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_secs(6)).await;
        if count(&served, "things").await == (200, json!(1)) {
            return;
        }
    }
    panic!("the item is still there");
}
