//! What the captain's log says to DynamoDB and Secrets Manager, and what their answers come to.

use crate::{
    dynamodb_stub::{JSON, access_denied, condition_failed, dynamodb, operation},
    stub::{Answer, Asked, serve},
};
use aws_sdk_secretsmanager::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use handlers::{
    Failure, Handler, Request,
    captains_log::{
        AttemptTable, Attempts, DynamoAttempts, DynamoLogs, DynamoSessions, Found, Home, LogEntry, LogTable,
        PasswordSource, Passwords, SecretPasswords, Session, SessionId, SessionTable,
    },
};
use serde_json::{Value, json};
use std::{sync::mpsc::Receiver, time::SystemTime};

const ID: &str = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";

fn id() -> SessionId {
    SessionId::parse(ID).unwrap()
}

fn sessions(status: u16, body: &Value) -> (DynamoSessions, Receiver<Asked>) {
    let (client, asked) = dynamodb(status, body);
    (DynamoSessions::new(client, "Sessions".into()), asked)
}

fn attempts(status: u16, body: &Value) -> (DynamoAttempts, Receiver<Asked>) {
    let (client, asked) = dynamodb(status, body);
    (DynamoAttempts::new(client, "Attempts".into()), asked)
}

#[track_caller]
fn check(asked: &Receiver<Asked>, expect_operation: &str, expect: &Value) {
    let asked = asked.recv().unwrap();
    assert_eq!((operation(&asked), &asked.body), (expect_operation, expect));
}

#[tokio::test]
async fn a_session_is_added_with_numbers_that_dynamodb_can_expire() {
    let (table, asked) = sessions(200, &json!({}));
    let session = Session { id: id(), user_name: "kirk".into(), creation_time: 100, ttl: 160 };
    assert_eq!(table.add(&session).await, Ok(()));
    check(
        &asked,
        "putitem",
        &json!({
            "TableName": "Sessions",
            "Item": {
                "session-id": {"S": ID}, "userName": {"S": "kirk"},
                "creationTime": {"N": "100"}, "ttl": {"N": "160"},
            },
            "ConditionExpression": "attribute_not_exists(#id)",
            "ExpressionAttributeNames": {"#id": "session-id"},
        }),
    );
}

#[tokio::test]
async fn a_session_is_never_taken_over() {
    let (table, _asked) = sessions(400, &condition_failed());
    let session = Session { id: id(), user_name: "kirk".into(), creation_time: 100, ttl: 160 };
    assert!(matches!(table.add(&session).await, Err(Failure::Internal(_))));
}

#[tokio::test]
async fn finding_is_one_consistent_read() {
    let (table, asked) = sessions(200, &json!({"Item": {"ttl": {"N": "160"}, "userName": {"S": "kirk"}}}));
    assert_eq!(table.find(&id()).await, Ok(Some(Found { user_name: Some("kirk".into()), ttl: 160 })));
    check(
        &asked,
        "getitem",
        &json!({
            "TableName": "Sessions",
            "Key": {"session-id": {"S": ID}},
            "ConsistentRead": true,
            "ProjectionExpression": "#ttl, userName",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
        }),
    );
}

/// Whatever else the table says of the session that a cookie names, it opens no log: the table of logs is not asked.
#[tokio::test]
async fn an_item_that_is_nobodys_session_opens_nothing() {
    let end = json!({"N": "99999999999"});
    for answer in [
        json!({"Item": {"ttl": end}}),
        json!({"Item": {"ttl": end, "userName": {"N": "7"}}}),
        json!({"Item": {"ttl": {"S": "99999999999"}, "userName": {"S": "kirk"}}}),
        json!({"Item": {"userName": {"S": "kirk"}}}),
        json!({"Item": {}}),
        json!({}),
    ] {
        let (client, logs_asked) = dynamodb(500, &json!({}));
        let (sessions, _asked) = sessions(200, &answer);
        let home = Home::new(sessions, DynamoLogs::new(client, "Logs".into()), SystemTime::now);
        let cookies = vec![("session-id".to_owned(), ID.to_owned())];
        let failure = home.handle(&Request { cookies, ..Request::default() }).await.unwrap_err();
        assert_eq!((failure.status(), logs_asked.try_recv().is_err()), (401, true), "{answer}");
    }
}

#[tokio::test]
async fn removing_is_one_delete() {
    let (table, asked) = sessions(200, &json!({}));
    assert_eq!(table.remove(&id()).await, Ok(()));
    check(&asked, "deleteitem", &json!({"TableName": "Sessions", "Key": {"session-id": {"S": ID}}}));
}

fn after() -> Attempts {
    Attempts { failures: 4, locked_until: 104, ttl: 200 }
}

#[tokio::test]
async fn the_first_failure_is_written_only_if_there_is_none_yet() {
    let (table, asked) = attempts(200, &json!({}));
    assert_eq!(table.replace("kirk", None, &after()).await, Ok(true));
    check(
        &asked,
        "updateitem",
        &json!({
            "TableName": "Attempts",
            "Key": {"userName": {"S": "kirk"}},
            "UpdateExpression": "SET failures = :failures, lockedUntil = :lockedUntil, #ttl = :ttl",
            "ConditionExpression": "attribute_not_exists(userName)",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
            "ExpressionAttributeValues": {
                ":failures": {"N": "4"}, ":lockedUntil": {"N": "104"}, ":ttl": {"N": "200"},
            },
        }),
    );
}

#[tokio::test]
async fn a_further_failure_is_written_only_over_what_was_read() {
    let before = Attempts { failures: 3, locked_until: 90, ttl: 190 };
    let (table, asked) = attempts(400, &condition_failed());
    assert_eq!(table.replace("kirk", Some(&before), &after()).await, Ok(false));
    let body = asked.recv().unwrap().body;
    assert_eq!(body["ConditionExpression"], "failures = :oldFailures AND lockedUntil = :oldLockedUntil");
    let values = &body["ExpressionAttributeValues"];
    assert_eq!(
        (&values[":oldFailures"], &values[":oldLockedUntil"]),
        (&json!({"N": "3"}), &json!({"N": "90"}))
    );
}

#[tokio::test]
async fn failures_are_read_consistently() {
    let item = json!({"failures": {"N": "4"}, "lockedUntil": {"N": "104"}, "ttl": {"N": "200"}});
    let (table, asked) = attempts(200, &json!({"Item": item}));
    assert_eq!(table.read("kirk").await, Ok(Some(after())));
    let read = json!({"TableName": "Attempts", "Key": {"userName": {"S": "kirk"}}, "ConsistentRead": true});
    check(&asked, "getitem", &read);
    let (table, _asked) = attempts(200, &json!({}));
    assert_eq!(table.read("kirk").await, Ok(None));
}

#[tokio::test]
async fn failures_that_cannot_be_read_are_not_taken_for_none() {
    for (status, body) in [(200, json!({"Item": {"failures": {"S": "4"}}})), (400, access_denied())] {
        let (table, _asked) = attempts(status, &body);
        assert!(matches!(table.read("kirk").await, Err(Failure::Internal(_))), "{body}");
    }
}

#[tokio::test]
async fn the_log_is_one_query_of_the_users_partition() {
    let item = json!({
        "userName": {"S": "kirk"}, "stardate": {"S": "1329.1"}, "title": {"S": "Khan"}, "entry": {"S": "Again."},
    });
    let (client, asked) = dynamodb(200, &json!({"Items": [item], "Count": 1}));
    let page = DynamoLogs::new(client, "Logs".into()).page("kirk", 2, Some("1000.0")).await.unwrap();
    let entry = LogEntry { stardate: "1329.1".into(), title: "Khan".into(), entry: "Again.".into() };
    assert_eq!((page.records, page.unreadable, page.next), (vec![entry], 0, None));
    let body = asked.recv().unwrap().body;
    assert_eq!(body["ExpressionAttributeValues"], json!({":owner": {"S": "kirk"}}));
    assert_eq!(body["ExclusiveStartKey"], json!({"userName": {"S": "kirk"}, "stardate": {"S": "1000.0"}}));
    assert_eq!(body["Limit"], 3);
}

const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:passwords-AbCdEf";

async fn passwords(status: u16, body: &Value) -> (Result<Passwords, Failure>, Asked) {
    let (address, asked) = serve(vec![Answer(status, JSON, body.to_string())]);
    let config = aws_sdk_secretsmanager::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(format!("http://{address}"));
    let client = aws_sdk_secretsmanager::Client::from_conf(config.build());
    let outcome = SecretPasswords::new(client, SECRET.into()).load().await;
    (outcome, asked.recv().unwrap())
}

#[tokio::test]
async fn passwords_are_the_secrets_current_text() {
    let (outcome, asked) = passwords(200, &json!({"SecretString": r#"{"picard": "makeitso"}"#})).await;
    assert!(outcome.unwrap().admit("picard", "makeitso"));
    assert_eq!(asked.body, json!({"SecretId": SECRET}));
}

#[tokio::test]
async fn a_secret_without_a_value_admits_nobody() {
    let empty = json!({"__type": "ResourceNotFoundException", "Message": "no value for AWSCURRENT"});
    assert_eq!(passwords(400, &empty).await.0, Ok(Passwords::default()));
}

#[tokio::test]
async fn another_fault_of_the_secret_is_ours_and_shows_no_password() {
    for (status, body) in [
        (400, access_denied()),
        (200, json!({"SecretString": "makeitso"})),
        (200, json!({"SecretBinary": "bWFrZWl0c28="})),
    ] {
        let Err(Failure::Internal(cause)) = passwords(status, &body).await.0 else { panic!("{body}") };
        assert!(!cause.contains("makeitso"), "{cause}");
    }
}
