//! Lambda and its logs through boto3.

use super::super::person::{Person, deployed_as, physical_id};
use super::super::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Aws, bytes, text_of};

#[test]
fn a_function_is_invoked() {
    let local = local();
    let aws = aws(&local);
    let stack = deployed_as(&aws, "captains-log");
    let home = physical_id(&aws, &stack, "Home");
    let invoke = |payload: &[u8], more: Value| {
        let mut asked = json!({ "FunctionName": home, "Payload": bytes(payload) });
        asked.as_object_mut().expect("members").extend(more.as_object().cloned().unwrap_or_default());
        aws.try_call("lambda", "invoke", asked)
    };
    let event = json!({
        "httpMethod": "GET", "path": "/home", "resource": "/home", "headers": {}, "multiValueHeaders": {},
        "queryStringParameters": null, "body": null, "isBase64Encoded": false, "requestContext": {},
    });
    let answer = invoke(event.to_string().as_bytes(), json!({ "LogType": "Tail" })).expect("invoked");
    let response: Value = serde_json::from_str(&text_of(&answer["Payload"])).expect("JSON");
    assert_eq!(response["statusCode"], 401, "nobody is logged in: {response}");
    assert_eq!((&answer["StatusCode"], &answer["FunctionError"]), (&json!(200), &Value::Null));
    assert_eq!(answer["ExecutedVersion"], "$LATEST");
    let tail = text_of(&json!({ "$base64": answer["LogResult"] }));
    let request = &answer["ResponseMetadata"]["RequestId"];
    assert!(tail.contains("platform.report"), "the end of the log: {tail}");
    assert!(request.as_str().is_some_and(|id| tail.contains(id)), "{request} is not in {tail}");

    let dry = invoke(b"{}", json!({ "InvocationType": "DryRun" })).expect("allowed");
    assert_eq!(dry["StatusCode"], 204);
    let later = invoke(b"{}", json!({ "InvocationType": "Event" })).expect("taken");
    assert_eq!(later["StatusCode"], 202);
    assert_eq!(invoke(b"{", json!({})).expect_err("no JSON").code, "InvalidRequestContentException");
    let absent = aws.try_call("lambda", "invoke", json!({ "FunctionName": "no-such-function" }));
    assert_eq!(absent.expect_err("no such function").code, "ResourceNotFoundException");
}

#[test]
fn a_function_is_configured_as_the_template_says() {
    let local = local();
    let aws = aws(&local);
    let stack = deployed_as(&aws, "captains-log");
    let function = physical_id(&aws, &stack, "Login");
    let asked = json!({ "FunctionName": function });
    let found = aws.call("lambda", "get_function_configuration", asked.clone());
    let variables = &found["Environment"]["Variables"];
    assert_eq!(variables["SESSION_SECONDS"], "60");
    assert_eq!(variables["ATTEMPTS_TABLE"], physical_id(&aws, &stack, "Attempts"));
    assert_eq!(variables["PASSWORDS_SECRET"], physical_id(&aws, &stack, "Passwords"));
    assert_eq!(found["LoggingConfig"]["LogGroup"], physical_id(&aws, &stack, "LoginLogs"));
    let role = physical_id(&aws, &stack, "LoginRole");
    assert_eq!(found["Role"], format!("arn:aws:iam::000000000000:role/{role}"));
    assert_eq!(
        aws.call("lambda", "get_function", asked)["Configuration"]["FunctionArn"],
        found["FunctionArn"]
    );
}

#[test]
fn the_lines_of_a_request_are_found_by_its_id() {
    let local = local();
    let aws = aws(&local);
    let stack = deployed_as(&aws, "todo");
    let person = Person::signed_up(&local, &aws, "todo", "logs@example.org");
    person.adds("Read the logs");
    let group = physical_id(&aws, &stack, "AddTodoFunctionLogs");
    let lines = |pattern: Option<&str>| lines(&aws, &group, pattern);
    let all = lines(None);
    let start = all.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut starts = start.filter(|line| line["type"] == "platform.start");
    let id = starts.next().unwrap_or_else(|| panic!("no start in {all:#?}"))["record"]["requestId"].take();
    let id = id.as_str().expect("an id");
    let of_request = lines(Some(&format!("\"{id}\"")));
    assert!(of_request.len() >= 2 && of_request.len() <= all.len(), "{of_request:#?}");
    assert!(of_request.iter().all(|line| line.contains(id)), "{of_request:#?}");
    assert!(lines(Some("\"no such line\"")).is_empty());

    let streams = aws.call("logs", "describe_log_streams", json!({ "logGroupName": group }));
    let stream = &streams["logStreams"][0]["logStreamName"];
    let asked = json!({ "logGroupName": group, "logStreamName": stream, "startFromHead": true });
    let events = aws.call("logs", "get_log_events", asked)["events"].take();
    assert!(events.as_array().is_some_and(|events| !events.is_empty()), "{events}");
    let absent = aws.try_call("logs", "filter_log_events", json!({ "logGroupName": "/no/such/group" }));
    assert_eq!(absent.expect_err("no such group").code, "ResourceNotFoundException");
}

#[track_caller]
fn lines(aws: &Aws, group: &str, pattern: Option<&str>) -> Vec<String> {
    let mut asked = json!({ "logGroupName": group });
    if let Some(pattern) = pattern {
        asked["filterPattern"] = json!(pattern);
    }
    let events = aws.call("logs", "filter_log_events", asked)["events"].take();
    let events = events.as_array().cloned().unwrap_or_default();
    events.iter().filter_map(|event| event["message"].as_str()).map(str::to_owned).collect()
}
