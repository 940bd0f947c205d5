//! A grant and a permission that are missing: refused as by AWS, and told with what is missing.

use super::super::person::{Person, deployed_as, physical_id};
use super::super::shared::aws;
use serde_json::{Value, json};
use stack_builder_tests::{Local, Workspace};

const STACK: &str = "stacks/src/uploads.rs";
const GRANT: &str = "            .grant(metadata.allow([\"dynamodb:Query\"]))\n";
const ROUTES: &str = "stack-builder/src/constructs/http_api/routes.rs";
const PERMISSION: &str = "self.scope.add(&format!(\"{name}Permission\"), permission);";

#[test]
fn what_is_not_granted_is_refused_and_named() {
    let workspace = Workspace::open();
    workspace.edit(STACK, GRANT, "");
    // The toolkit would not leave one out, so it is made to.
    workspace.edit(ROUTES, PERMISSION, &format!("if path != \"/saveMetadata\" {{ {PERMISSION} }}"));
    let args = ["local", "uploads", "--json", "--port", "0", "--ephemeral"];
    let local = Local::command(workspace.stack_builder(args));
    let client = aws(&local);
    let ada = Person::signed_up(&local, &client, "uploads", "ada@example.org");
    let table = physical_id(&client, &deployed_as(&client, "uploads"), "Metadata");

    assert_eq!(ada.send("GET", "/files", "").status, 500, "the function may not ask the table");
    let refusal = notice(&local, "dynamodb:Query");
    let region = text(&local.ready()["environment"], "AWS_REGION");
    let arn = format!("arn:aws:dynamodb:{region}:000000000000:table/{table}");
    for part in ["assumed-role/uploads-dev-ListFilesRole-", "is not authorized to perform", &arn] {
        assert!(text(&refusal, "message").contains(part), "no {part} in {refusal}");
    }
    for part in ["ListFilesRole", "lacks a statement", "`dynamodb:Query`", &arn, "Metadata"] {
        assert!(text(&refusal, "hint").contains(part), "no {part} in {refusal}");
    }
    assert_eq!(refusal["severity"], "warning");
    let logged = |event: &Value| event["event"] == "log" && text(event, "line").contains("AccessDenied");
    local.event("the function's own line", logged);

    let metadata = json!({ "fileId": "x", "key": "x", "size": 1, "contentType": "text/plain" }).to_string();
    let closed = ada.send("POST", "/saveMetadata", &metadata);
    assert_eq!((closed.status, closed.json()["message"].as_str()), (500, Some("Internal Server Error")));
    let refusal = notice(&local, "SaveMetadata");
    assert!(text(&refusal, "message").contains("apigateway.amazonaws.com"), "{refusal}");
    assert!(text(&refusal, "hint").contains("AWS::Lambda::Permission"), "{refusal}");

    let seen = local.events().len();
    workspace.restore();
    let reloaded = local.event_after(seen, "both to come back", |event| event["event"] == "reloaded");
    assert!(reloaded["what"][0].as_str().is_some_and(|what| what.starts_with("stacks (")), "{reloaded}");
    assert_eq!(ada.send("GET", "/files", "").status, 200);
    assert_eq!(
        ada.send("POST", "/saveMetadata", &metadata).status,
        400,
        "the function answers: what is sent is wrong"
    );
    local.stop();
}

/// The notice that tells of something.
#[track_caller]
fn notice(local: &Local, of: &str) -> Value {
    local.event("a notice", |event| event["event"] == "notice" && text(event, "message").contains(of))
}

fn text<'a>(event: &'a Value, name: &str) -> &'a str {
    event[name].as_str().unwrap_or_default()
}
