//! Calls of DynamoDB's API as programs make them.

use crate::support::{Served, key, others, outcome, resource, texts, things};
use serde_json::{Value, json};
use stack_builder_local_core::Trace;

fn item(pk: &str, sk: &str) -> Value {
    json!({ "pk": { "S": pk }, "sk": { "S": sk }, "owner": { "S": "me" }, "n": { "N": "1" } })
}

#[tokio::test]
async fn items_are_kept_changed_and_deleted() {
    let served = Served::new(&[things()]);
    let key = json!({ "pk": { "S": "a" }, "sk": { "S": "1" } });
    let get = json!({ "TableName": "things", "Key": key });
    let put = json!({ "TableName": "things", "Item": item("a", "1") });
    assert_eq!(served.call("PutItem", put).await, (200, json!({})));
    assert_eq!(served.call("GetItem", get.clone()).await.1["Item"], item("a", "1"));
    let update = json!({
        "TableName": "things", "Key": key, "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": { ":one": { "N": "1" } }, "ReturnValues": "UPDATED_NEW",
    });
    let updated = json!({ "Attributes": { "n": { "N": "2" } } });
    assert_eq!(served.call("UpdateItem", update).await, (200, updated));
    let condition = json!({
        "TableName": "things", "Item": item("a", "1"), "ConditionExpression": "attribute_not_exists(pk)",
    });
    let failed = served.call("PutItem", condition).await;
    assert_eq!(failed.1["message"], "The conditional request failed");
    assert_eq!(outcome(failed), (400, "ConditionalCheckFailedException".to_owned()));
    assert_eq!(served.call("DeleteItem", get.clone()).await.0, 200);
    assert_eq!(served.call("GetItem", get).await, (200, json!({})));
}

#[tokio::test]
async fn queries_read_tables_and_indexes_page_by_page() {
    let served = Served::new(&[things()]);
    let writes: Vec<_> =
        (0..25).map(|n| json!({ "PutRequest": { "Item": item("a", &format!("{n:02}")) } })).collect();
    let answer = served.call("BatchWriteItem", json!({ "RequestItems": { "things": writes } })).await;
    assert_eq!(answer, (200, json!({ "UnprocessedItems": {} })));
    let mut query = json!({
        "TableName": "things", "IndexName": "ByOwner", "Limit": 10,
        "KeyConditionExpression": "#o = :o AND sk >= :from",
        "ExpressionAttributeNames": { "#o": "owner" },
        "ExpressionAttributeValues": { ":o": { "S": "me" }, ":from": { "S": "05" } },
    });
    let mut counts = Vec::new();
    loop {
        let (status, page) = served.call("Query", query.clone()).await;
        assert_eq!(status, 200, "{page}");
        counts.push(page["Count"].as_u64().expect("a count"));
        if page["LastEvaluatedKey"].is_null() {
            break;
        }
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    }
    assert_eq!(counts, [10, 10, 0]);
    let scan = json!({ "TableName": "things", "FilterExpression": "sk < :s", "ExpressionAttributeValues": { ":s": { "S": "03" } } });
    assert_eq!(served.call("Scan", scan).await.1["Count"], 3);
}

#[tokio::test]
async fn a_transaction_is_done_whole_or_not_at_all() {
    let served = Served::new(&[things(), others()]);
    let other = json!({ "Put": { "TableName": "others", "Item": { "pk": { "S": "o" } } } });
    let check = |exists: &str| {
        let key = json!({ "pk": { "S": "a" }, "sk": { "S": "1" } });
        json!({ "ConditionCheck": { "TableName": "things", "Key": key, "ConditionExpression": format!("{exists}(pk)") } })
    };
    let failed = served
        .call("TransactWriteItems", json!({ "TransactItems": [other, check("attribute_exists")] }))
        .await;
    let codes: Vec<_> =
        failed.1["CancellationReasons"].as_array().expect("reasons").iter().map(|r| &r["Code"]).collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    assert_eq!(outcome(failed), (400, "TransactionCanceledException".to_owned()));
    assert_eq!(served.call("Scan", json!({ "TableName": "others" })).await.1["Count"], 0);
    let done = served
        .call("TransactWriteItems", json!({ "TransactItems": [other, check("attribute_not_exists")] }))
        .await;
    assert_eq!(done, (200, json!({})));
    let get = json!({ "Get": { "TableName": "others", "Key": { "pk": { "S": "o" } } } });
    let got = served.call("TransactGetItems", json!({ "TransactItems": [get] })).await;
    assert_eq!(got.1["Responses"][0]["Item"]["pk"]["S"], "o");
}

#[tokio::test]
async fn partiql_reads_and_writes() {
    let served = Served::new(&[others()]);
    let insert =
        json!({ "Statement": "INSERT INTO \"others\" VALUE {'pk': ?}", "Parameters": [{ "S": "x" }] });
    assert_eq!(served.call("ExecuteStatement", insert).await.0, 200);
    let select = json!({ "Statement": "SELECT * FROM others WHERE pk = 'x'" });
    let selected = served.call("ExecuteStatement", select).await;
    assert_eq!(selected.1["Items"], json!([{ "pk": { "S": "x" } }]));
    let drop = served.call("ExecuteStatement", json!({ "Statement": "DROP TABLE others" })).await;
    assert_eq!(outcome(drop), (400, "ValidationException".to_owned()));
}

#[tokio::test]
async fn streams_tell_what_changed() {
    let mut table = others();
    table.properties["StreamSpecification"] = json!({ "StreamViewType": "NEW_AND_OLD_IMAGES" });
    let served = Served::new(&[table]);
    served.call("PutItem", json!({ "TableName": "others", "Item": { "pk": { "S": "x" } } })).await;
    let (_, described) = served.call("DescribeTable", json!({ "TableName": "others" })).await;
    let arn = described["Table"]["LatestStreamArn"].as_str().expect("a stream");
    assert!(arn.starts_with("arn:aws:dynamodb:us-east-1:000000000000:table/others/stream/"), "{arn}");
    let (_, stream) = served.call("DescribeStream", json!({ "StreamArn": arn })).await;
    let shard = &stream["StreamDescription"]["Shards"][0]["ShardId"];
    let ask = json!({ "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
    let (_, iterator) = served.call("GetShardIterator", ask).await;
    let (status, records) =
        served.call("GetRecords", json!({ "ShardIterator": iterator["ShardIterator"] })).await;
    assert_eq!(status, 200, "{records}");
    assert_eq!(records["Records"][0]["eventName"], "INSERT");
    assert_eq!(records["Records"][0]["awsRegion"], "us-east-1");
    assert_eq!(served.call("ListStreams", json!({})).await.1["Streams"][0]["StreamArn"], arn);
}

#[tokio::test]
async fn a_table_may_be_named_by_its_arn() {
    let served = Served::new(&[others()]);
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/others";
    assert_eq!(
        served.call("PutItem", json!({ "TableName": arn, "Item": { "pk": { "S": "x" } } })).await.0,
        200
    );
    let (_, described) = served.call("DescribeTable", json!({ "TableName": arn })).await;
    assert_eq!(described["Table"]["TableArn"], arn);
    assert_eq!(described["Table"]["TableStatus"], "ACTIVE");
}

#[tokio::test]
async fn programs_make_and_delete_tables_too() {
    let served = Served::new(&[]);
    let create = json!({
        "TableName": "mine", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": key(&["pk"]), "AttributeDefinitions": texts(&["pk"]),
    });
    assert_eq!(served.call("CreateTable", create.clone()).await.0, 200);
    assert_eq!(outcome(served.call("CreateTable", create).await), (400, "ResourceInUseException".to_owned()));
    assert_eq!(served.call("ListTables", json!({})).await, (200, json!({ "TableNames": ["mine"] })));
    assert_eq!(served.tables.tables()[0].resource, None);
    assert_eq!(served.call("DeleteTable", json!({ "TableName": "mine" })).await.0, 200);
    let gone = served.call("DescribeTable", json!({ "TableName": "mine" })).await;
    assert_eq!(outcome(gone), (400, "ResourceNotFoundException".to_owned()));
}

#[tokio::test]
async fn the_account_answers() {
    let served = Served::new(&[others()]);
    let (_, endpoints) = served.call("DescribeEndpoints", json!({})).await;
    assert_eq!(endpoints["Endpoints"][0]["Address"], "127.0.0.1:1");
    assert_eq!(served.call("DescribeLimits", json!({})).await.1["TableMaxReadCapacityUnits"], 40_000);
    let (status, backups) = served.call("DescribeContinuousBackups", json!({ "TableName": "others" })).await;
    assert_eq!(
        (status, &backups["ContinuousBackupsDescription"]["ContinuousBackupsStatus"]),
        (200, &json!("ENABLED"))
    );
    let unknown = served.call("RestoreTableToPointInTime", json!({})).await;
    assert_eq!(unknown, (400, json!({ "__type": "com.amazon.coral.service#UnknownOperationException" })));
}

#[tokio::test]
async fn a_trace_shows_calls_and_their_ends() {
    let served = Served::new(&[others()]);
    let trace = Trace::begin(0, "", "GET /".to_owned());
    for (operation, body) in [("Query", "{}"), ("Scan", "{\"TableName\": \"others\"}"), ("PutItem", "]")] {
        served.traced(&format!("DynamoDB_20120810.{operation}"), body, trace.clone()).await;
    }
    let steps = trace.finish(200).expect("a trace").steps;
    let seen: Vec<_> =
        steps.iter().map(|s| (s.what.as_str(), s.outcome.as_str(), s.resource.is_some())).collect();
    let expected = [
        ("dynamodb:Query", "ValidationException", false),
        ("dynamodb:Scan", "200", true),
        ("dynamodb:PutItem", "SerializationException", false),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn the_console_sees_tables_and_items() {
    let served = Served::new(&[things(), resource("empty", others().properties)]);
    for sk in ["1", "2", "3"] {
        served.call("PutItem", json!({ "TableName": "things", "Item": item("a", sk) })).await;
    }
    let tables = served.tables.tables();
    let names: Vec<_> = tables.iter().map(|t| (t.name.as_str(), t.items)).collect();
    assert_eq!(names, [("empty", 0), ("things", 3)]);
    assert_eq!(tables[1].ttl.as_deref(), Some("until"));
    assert_eq!(tables[1].key[1], ("sk".to_owned(), "RANGE".to_owned(), "S".to_owned()));
    let page = served.tables.scan_page("things", None, 2).expect("a page");
    let rest = served.tables.scan_page("things", Some(page["LastEvaluatedKey"].clone()), 2).expect("a page");
    assert_eq!((page["Items"].as_array().map(Vec::len), &rest["Items"]), (Some(2), &json!([item("a", "3")])));
    assert!(served.tables.scan_page("absent", None, 2).is_err());
}
