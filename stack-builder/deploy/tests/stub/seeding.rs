//! Demonstration data where the emulator has nothing to say: its tables are never full, and nobody is denied a look.

use crate::server::{Answer, Server};
use crate::{answer, environment};
use serde_json::{Value, json};
use stack_builder_deploy::{Environment, Error, SeedPlan, SeedStep, plan_seed};

const TABLE: &str = "AWS::DynamoDB::Table";
const SECRET: &str = "AWS::SecretsManager::Secret";
const USERS: &str = "AWS::Cognito::UserPool";

fn member(id: &str, kind: &str) -> String {
    format!(
        "<member><LogicalResourceId>{id}</LogicalResourceId><PhysicalResourceId>physical-{id}</PhysicalResourceId>\
         <ResourceType>{kind}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>\
         <LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp></member>"
    )
}

fn refusal(code: &str, message: &str) -> Answer {
    Answer { status: 400, body: json!({ "__type": code, "message": message }).to_string() }
}

/// A stack with a table, a secret and a user pool.
async fn standing() -> (Server, Environment) {
    let server = Server::start().await;
    let environment = environment(&server).await;
    let members = [member("Logs", TABLE), member("Passwords", SECRET), member("Users", USERS)].concat();
    let list = format!("<StackResourceSummaries>{members}</StackResourceSummaries>");
    server.answer("ListStackResources", answer::result("ListStackResources", &list));
    let table = json!({ "Table": {
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "N" }],
    }});
    server.answer("DescribeTable", answer::document(&table.to_string()));
    let pool = json!({ "UserPool": { "Policies": { "PasswordPolicy": { "MinimumLength": 6 } } } });
    server.answer("DescribeUserPool", answer::document(&pool.to_string()));
    (server, environment)
}

async fn plan(environment: &Environment, document: &Value) -> Result<SeedPlan, Error> {
    plan_seed(environment, "notes-dev", "seed.json", &document.to_string()).await
}

fn items(server: &Server, n: usize) -> Vec<Value> {
    let body: Value = serde_json::from_str(&server.body("BatchWriteItem", n)).expect("JSON");
    body["RequestItems"]["physical-Logs"].as_array().cloned().expect("requests")
}

#[tokio::test]
async fn items_that_a_table_could_not_take_are_sent_again() {
    let (server, environment) = standing().await;
    let items_wanted: Vec<_> = (0..30).map(|id| json!({ "id": id })).collect();
    let plan = plan(&environment, &json!({ "tables": { "Logs": items_wanted } })).await.expect("a plan");
    let left = json!([{ "PutRequest": { "Item": { "id": { "N": "3" } } } }]);
    let partly = json!({ "UnprocessedItems": { "physical-Logs": left } });
    server.answer("BatchWriteItem", answer::document(&partly.to_string()));
    server.answer("BatchWriteItem", answer::document(r#"{"UnprocessedItems": {}}"#));
    let mut steps = Vec::new();
    plan.execute(|step| steps.push(step)).await.expect("loaded");
    assert_eq!(steps, [SeedStep::Table { logical_id: "Logs".to_owned(), items: 30 }]);
    assert_eq!(items(&server, 0).len(), 25);
    assert_eq!(items(&server, 1).len(), 6, "the one that was left, and the rest");
}

#[tokio::test]
async fn a_table_that_takes_nothing_is_given_up() {
    let (server, environment) = standing().await;
    let plan = plan(&environment, &json!({ "tables": { "Logs": [{ "id": 3 }] } })).await.expect("a plan");
    let left = json!([{ "PutRequest": { "Item": { "id": { "N": "3" } } } }]);
    let refused = json!({ "UnprocessedItems": { "physical-Logs": left } });
    server.answer("BatchWriteItem", answer::document(&refused.to_string()));
    let error = plan.execute(|_| {}).await.expect_err("no end");
    assert_eq!(error.to_string(), "table `physical-Logs` took no more items: 1 are left");
}

#[tokio::test]
async fn a_secret_that_may_not_be_read_is_written() {
    let (server, environment) = standing().await;
    let secrets = json!({ "secrets": { "Passwords": { "kirk": "KHAAAN!!!" } } });
    let plan = plan(&environment, &secrets).await.expect("a plan");
    assert!(!format!("{plan:?}").contains("KHAAAN"));
    server.answer("GetSecretValue", refusal("AccessDeniedException", "not you"));
    server.answer("PutSecretValue", answer::document("{}"));
    plan.execute(|_| {}).await.expect("written");
    assert!(server.body("PutSecretValue", 0).contains(r#"{\"kirk\":\"KHAAAN!!!\"}"#));
}

#[tokio::test]
async fn no_password_is_shown_even_if_the_service_shows_it() {
    let (server, environment) = standing().await;
    let users = json!({ "users": { "Users": [{ "userName": "kirk", "password": "KHAAAN!!!" }] } });
    let plan = plan(&environment, &users).await.expect("a plan");
    server.answer("AdminCreateUser", refusal("UsernameExistsException", "there"));
    let quoted = "Value 'KHAAAN!!!' at 'password' failed";
    server.answer("AdminSetUserPassword", refusal("InvalidParameterException", quoted));
    let error = plan.execute(|_| {}).await.expect_err("a refusal").to_string();
    assert!(error.contains("Value '(hidden)' at 'password' failed"), "{error}");
}

#[tokio::test]
async fn every_mistake_is_found_before_anything_is_written() {
    let (server, environment) = standing().await;
    let user = json!({ "userName": "kirk", "password": "short" });
    for (document, problem) in [
        (json!({ "tables": { "Logs": [{ "id": 1 }], "Users": [] } }), "is of type AWS::Cognito::UserPool"),
        (json!({ "tables": { "Logs": [{ "id": "1" }] } }), "`tables.Logs[0]`: \"id\" is part of a key"),
        (
            json!({ "tables": { "Logs": [{ "id": 1 }] }, "users": { "Users": [user] } }),
            "at least 6 characters",
        ),
    ] {
        let error = plan(&environment, &document).await.expect_err(problem).to_string();
        assert!(error.contains(problem), "{error}");
    }
    let writes = ["BatchWriteItem", "PutSecretValue", "AdminCreateUser", "AdminSetUserPassword"];
    assert!(server.asked().iter().all(|action| !writes.contains(&action.as_str())));
}
