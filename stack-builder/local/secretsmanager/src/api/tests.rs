//! Calls over HTTP's parts, with values that are kept in a folder.

use super::*;
use http_body_util::BodyExt;
use stack_builder_local_core::{
    Caller, Decision, Note, Principal, Resource, ResourceId, Resources, State, Trace, World,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

const ARN: &str = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app/db-AbCdEf";

/// Allows everything but what is named, and remembers the resources it was asked about.
#[derive(Default)]
struct Guard {
    refused: &'static str,
    asked: Mutex<Vec<String>>,
}

impl Authorizer for Guard {
    fn judge(&self, ask: &Ask<'_>) -> Decision {
        self.asked.lock().expect("unpoisoned").push(format!("{} {}", ask.action, ask.resource));
        if ask.action == self.refused {
            return Decision::Denied {
                message: "User: x is not authorized".to_owned(),
                advice: String::new(),
            };
        }
        Decision::Allowed
    }
}

fn secret(properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "app".to_owned(), logical_id: "Db".to_owned() },
        kind: "AWS::SecretsManager::Secret".to_owned(),
        physical_id: ARN.to_owned(),
        attributes: BTreeMap::new(),
        properties,
        metadata: Value::Null,
    }
}

fn apply(secrets: &Secrets, properties: Value) -> Vec<Note> {
    secrets.apply(&Resources::new(vec![secret(properties)]))
}

fn opened(folder: Option<&Path>) -> Secrets {
    let mut world = World::ephemeral();
    if let Some(folder) = folder {
        world.state = State::Folder(folder.to_owned());
    }
    Secrets::open(&world).expect("secrets")
}

fn manager(properties: Value) -> SecretsManager {
    let secrets = opened(None);
    apply(&secrets, properties);
    SecretsManager::new(secrets, Arc::new(Guard::default()))
}

async fn call(manager: &SecretsManager, action: &str, input: Value) -> Result<Value, (u16, String)> {
    raw(manager, action, input.to_string()).await
}

async fn raw(manager: &SecretsManager, action: &str, body: String) -> Result<Value, (u16, String)> {
    let request = http::Request::post("/").header("x-amz-target", format!("secretsmanager.{action}"));
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    let caller = Caller::Principal(Principal::Administrator);
    let (region, trace) = ("us-east-1".to_owned(), Trace::default());
    let call = ApiCall { caller, region, parts: Arc::new(parts), body: body.into(), trace };
    let response = manager.call(call).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    if status == 200 { Ok(body) } else { Err((status, body["__type"].as_str().expect("a type").to_owned())) }
}

#[tokio::test]
async fn values_are_put_and_got_by_every_name() {
    let manager = manager(json!({"Name": "app/db", "SecretString": "one"}));
    for id in [ARN, &ARN[..ARN.len() - 7], "app/db"] {
        let got = call(&manager, "GetSecretValue", json!({"SecretId": id})).await.expect("a value");
        assert_eq!(
            (&got["SecretString"], &got["ARN"], &got["Name"]),
            (&json!("one"), &json!(ARN), &json!("app/db"))
        );
        assert_eq!(got["VersionStages"], json!(["AWSCURRENT"]));
        assert!(got["CreatedDate"].is_f64());
    }
    let token = "0".repeat(32);
    let input = json!({"SecretId": ARN, "SecretString": "two", "ClientRequestToken": token});
    let put = call(&manager, "PutSecretValue", input.clone()).await.expect("an answer");
    assert_eq!((&put["VersionId"], &put["VersionStages"]), (&json!(token), &json!(["AWSCURRENT"])));
    assert_eq!(call(&manager, "PutSecretValue", input.clone()).await, Ok(put));
    let mut other = input;
    other["SecretString"] = json!("three");
    assert_eq!(
        call(&manager, "PutSecretValue", other).await,
        Err((400, "ResourceExistsException".to_owned()))
    );
    let previous = json!({"SecretId": ARN, "VersionStage": "AWSPREVIOUS"});
    assert_eq!(call(&manager, "GetSecretValue", previous).await.expect("a value")["SecretString"], "one");
    let by_id = json!({"SecretId": ARN, "VersionId": token});
    assert_eq!(call(&manager, "GetSecretValue", by_id).await.expect("a value")["SecretString"], "two");
}

#[tokio::test]
async fn a_call_is_a_step_of_its_trace() {
    let manager = manager(json!({"Name": "app/db", "SecretString": "one"}));
    let request = http::Request::post("/").header("x-amz-target", "secretsmanager.GetSecretValue");
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    let trace = Trace::begin(0, "http://127.0.0.1:1", "GET /".to_owned());
    let body = json!({"SecretId": "app/db"}).to_string().into();
    let (region, caller) = ("us-east-1".to_owned(), Caller::Principal(Principal::Administrator));
    manager.call(ApiCall { caller, region, parts: Arc::new(parts), body, trace: trace.clone() }).await;
    let steps = trace.finish(200).expect("a trace").steps;
    let [step] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!((step.what.as_str(), step.outcome.as_str()), ("secretsmanager:GetSecretValue", "200"));
    assert_eq!(step.resource.as_ref().map(|id| id.logical_id.as_str()), Some("Db"));
}

#[tokio::test]
async fn binary_values_stay_binary() {
    let manager = manager(json!({"SecretString": "one"}));
    let put = json!({"SecretId": ARN, "SecretBinary": "AAEC"});
    call(&manager, "PutSecretValue", put).await.expect("an answer");
    let got = call(&manager, "GetSecretValue", json!({"SecretId": ARN})).await.expect("a value");
    assert_eq!((&got["SecretBinary"], &got["SecretString"]), (&json!("AAEC"), &Value::Null));
    assert_eq!(manager.secrets.value(ARN, None), None);
}

#[tokio::test]
async fn a_secret_is_described_updated_and_listed() {
    let manager = manager(json!({"Name": "app/db", "Description": "d", "SecretString": "one",
        "Tags": [{"Key": "k", "Value": "v"}]}));
    let update = json!({"SecretId": "app/db", "Description": "new", "SecretString": "two"});
    let updated = call(&manager, "UpdateSecret", update).await.expect("an answer");
    let described = call(&manager, "DescribeSecret", json!({"SecretId": ARN})).await.expect("an answer");
    assert_eq!(
        (&described["Description"], &described["Tags"]),
        (&json!("new"), &json!([{"Key": "k", "Value": "v"}]))
    );
    let id = updated["VersionId"].as_str().expect("an id");
    assert_eq!(described["VersionIdsToStages"][id], json!(["AWSCURRENT"]));
    assert_eq!(described["VersionIdsToStages"].as_object().map(serde_json::Map::len), Some(2));
    let count = async |filters: Value| {
        let listed = call(&manager, "ListSecrets", json!({ "Filters": filters })).await.expect("a list");
        listed["SecretList"].as_array().map_or(0, Vec::len)
    };
    for (key, value, found) in
        [("name", "app", 1), ("name", "!app", 0), ("name", "db", 0), ("tag-key", "k", 1), ("all", "new", 1)]
    {
        assert_eq!(count(json!([{"Key": key, "Values": [value]}])).await, found, "{key} {value}");
    }
    assert_eq!(count(Value::Null).await, 1);
}

#[tokio::test]
async fn versions_are_listed_page_by_page() {
    let manager = manager(json!({"SecretString": "0"}));
    for value in 1..5 {
        let input = json!({"SecretId": ARN, "SecretString": value.to_string()});
        call(&manager, "PutSecretValue", input).await.expect("an answer");
    }
    let mut input = json!({"SecretId": ARN, "IncludeDeprecated": true, "MaxResults": 2});
    let mut sizes = Vec::new();
    loop {
        let page = call(&manager, "ListSecretVersionIds", input.clone()).await.expect("a page");
        sizes.push(page["Versions"].as_array().map_or(0, Vec::len));
        if page["NextToken"].is_null() {
            break;
        }
        input["NextToken"] = page["NextToken"].clone();
    }
    assert_eq!(sizes, [2, 2, 1]);
    let labelled = call(&manager, "ListSecretVersionIds", json!({"SecretId": ARN})).await.expect("a page");
    assert_eq!(labelled["Versions"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn errors_are_awss() {
    let manager = manager(json!({"SecretString": "one"}));
    for (action, input, code) in [
        ("GetSecretValue", json!({}), "ValidationException"),
        ("GetSecretValue", json!({"SecretId": 1}), "SerializationException"),
        ("GetSecretValue", json!([]), "SerializationException"),
        ("GetSecretValue", json!({"SecretId": "none"}), "ResourceNotFoundException"),
        ("GetSecretValue", json!({"SecretId": ARN, "VersionId": "x"}), "ResourceNotFoundException"),
        (
            "GetSecretValue",
            json!({"SecretId": ARN, "VersionStage": "AWSPENDING"}),
            "ResourceNotFoundException",
        ),
        ("PutSecretValue", json!({"SecretId": ARN}), "InvalidParameterException"),
        (
            "PutSecretValue",
            json!({"SecretId": ARN, "SecretString": "a", "SecretBinary": ""}),
            "InvalidParameterException",
        ),
        (
            "PutSecretValue",
            json!({"SecretId": ARN, "SecretString": "x".repeat(70_000)}),
            "InvalidParameterException",
        ),
        ("PutSecretValue", json!({"SecretId": ARN, "SecretBinary": "?"}), "SerializationException"),
        (
            "PutSecretValue",
            json!({"SecretId": ARN, "SecretString": "a", "ClientRequestToken": "x"}),
            "InvalidParameterException",
        ),
        (
            "PutSecretValue",
            json!({"SecretId": ARN, "SecretString": "a", "VersionStages": []}),
            "InvalidParameterException",
        ),
        ("ListSecrets", json!({"NextToken": "x"}), "InvalidNextTokenException"),
        ("ListSecrets", json!({"MaxResults": 0}), "InvalidParameterException"),
        ("ListSecrets", json!({"Filters": [{"Key": "colour", "Values": []}]}), "InvalidParameterException"),
        ("GetRandomPassword", json!({"PasswordLength": 1}), "InvalidParameterException"),
        ("RotateSecret", json!({}), "UnknownOperationException"),
    ] {
        let outcome = call(&manager, action, input.clone()).await;
        assert_eq!(
            outcome,
            Err((400, code.to_owned())),
            "{action} {}",
            &input.to_string()[..input.to_string().len().min(80)]
        );
    }
    assert_eq!(
        raw(&manager, "ListSecrets", "{".to_owned()).await,
        Err((400, "SerializationException".to_owned()))
    );
    assert!(
        call(&manager, "GetRandomPassword", json!({})).await.expect("a password")["RandomPassword"]
            .is_string()
    );
}

#[tokio::test]
async fn whoever_may_not_is_refused_and_learns_nothing() {
    let secrets = opened(None);
    apply(&secrets, json!({"Name": "app/db", "SecretString": "one"}));
    let guard = Arc::new(Guard { refused: "secretsmanager:GetSecretValue", ..Guard::default() });
    let manager = SecretsManager::new(secrets, guard.clone());
    for id in ["app/db", "none"] {
        let outcome = call(&manager, "GetSecretValue", json!({"SecretId": id})).await;
        assert_eq!(outcome, Err((400, "AccessDeniedException".to_owned())));
    }
    let asked = guard.asked.lock().expect("unpoisoned").clone();
    assert_eq!(
        asked,
        [format!("secretsmanager:GetSecretValue {ARN}"), "secretsmanager:GetSecretValue none".to_owned()]
    );
}

#[test]
fn a_value_is_made_once_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let generated = json!({"GenerateSecretString": {"SecretStringTemplate": "{\"user\":\"me\",\"port\":5}",
        "GenerateStringKey": "password"}});
    let first = opened(Some(folder.path()));
    assert_eq!(apply(&first, generated.clone()), []);
    let password = first.value(ARN, Some("password")).expect("a password");
    assert_eq!(password.len(), 32);
    assert_eq!(first.value("app/db", Some("port")).as_deref(), Some("5"));
    let second = opened(Some(folder.path()));
    assert_eq!(second.value(ARN, None), None, "no template has it yet");
    apply(&second, generated);
    assert_eq!(second.value(ARN, Some("password")), Some(password.clone()));
    apply(&second, json!({"GenerateSecretString": {"PasswordLength": 10}}));
    assert_eq!(second.value(ARN, None).map(|value| value.len()), Some(10));
    second.apply(&Resources::default());
    assert_eq!(second.value(ARN, None), None);
    assert_eq!(second.value(ARN, Some("absent")), None);
}

#[cfg(unix)]
#[test]
fn its_owner_alone_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    apply(&opened(Some(folder.path())), json!({"SecretString": "one"}));
    let file = folder.path().join("secretsmanager/secrets.json");
    assert_eq!(file.metadata().expect("the file").permissions().mode() & 0o777, 0o600);
    std::fs::write(&file, "[{").expect("written");
    let mut world = World::ephemeral();
    world.state = State::Folder(folder.path().to_owned());
    let error = Secrets::open(&world).expect_err("a broken file").to_string();
    assert!(error.contains("hint: remove the file"), "{error}");
}

#[test]
fn a_put_value_outlives_an_unchanged_template() {
    let secrets = opened(None);
    let template = json!({"SecretString": "one"});
    apply(&secrets, template.clone());
    secrets.with(|all| {
        let put = crate::secret::Payload::Text("two".to_owned());
        all[0].put("id".to_owned(), put, vec!["AWSCURRENT".to_owned()], 1);
    });
    apply(&secrets, template);
    assert_eq!(secrets.value(ARN, None).as_deref(), Some("two"));
    apply(&secrets, json!({"SecretString": "three"}));
    assert_eq!(secrets.value(ARN, None).as_deref(), Some("three"));
}

#[test]
fn what_is_not_done_is_noted() {
    let secrets = opened(None);
    let notes = apply(
        &secrets,
        json!({"KmsKeyId": "k", "ReplicaRegions": [], "GenerateSecretString": {"PasswordLength": 0}}),
    );
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert_eq!(secrets.value(ARN, None), None);
}
