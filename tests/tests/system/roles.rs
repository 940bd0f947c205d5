//! What each function's role can do and cannot, tried with the credentials that Lambda gives to a function.

use crate::deployed::{configuration, physical_id};
use crate::world::World;
use serde_json::{Value, json};
use stack_builder_tests::{Credentials, bytes, client, text_of};
use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A function of the stack, by its logical id, and the actions that its role is for.
///
/// Each may write to its own log group as well, which the emulator denies; see `quirks`.
pub(crate) type Role = (&'static str, &'static [&'static str]);

/// An attempt: what to report it as, the call, and its parameters.
pub(crate) type Attempt = (&'static str, &'static str, &'static str, Value);

/// Tries every action as every role, and expects exactly the granted ones to be allowed.
///
/// `own` are attempts on what the application itself has.
#[track_caller]
pub(crate) fn hold_what_is_granted_and_no_more(world: &World, name: &str, roles: &[Role], own: &[Attempt]) {
    for (function, granted) in roles {
        let physical = physical_id(world, name, function);
        let credentials = credentials_of(world, &physical);
        let mut attempts = own.to_vec();
        attempts.extend(logs(world, &physical));
        attempts.extend(elsewhere(world, name, &physical));
        assert!(attempts.len() > 30, "only {} attempts", attempts.len());
        let mut allowed = BTreeSet::new();
        for (action, service, operation, parameters) in attempts {
            match world.aws.try_call_as(&credentials, service, operation, parameters) {
                Err(error) if error.is_denied() => {}
                Ok(_) => drop(allowed.insert(action)),
                Err(error) => panic!("`{function}` at {action}: neither allowed nor denied: {error:?}"),
            }
        }
        assert_eq!(allowed, granted.iter().copied().collect(), "what the role of `{function}` may do");
    }
}

/// Attempts on the items of a table, and on the table; of its keys, the partition key comes first.
pub(crate) fn on_a_table(table: &str, keys: &[&str]) -> Vec<Attempt> {
    let values = ["somebody", "probe"].map(|text| json!({ "S": text }));
    let key: Value = keys.iter().map(|key| (*key).to_owned()).zip(values).collect();
    let query = json!({
        "TableName": table, "KeyConditionExpression": "#owner = :owner",
        "ExpressionAttributeNames": { "#owner": keys[0] },
        "ExpressionAttributeValues": { ":owner": { "S": "somebody" } },
    });
    let batch = json!({ "RequestItems": { table: [{ "DeleteRequest": { "Key": key } }] } });
    let one = json!({ "TableName": table, "Key": key });
    let whole = json!({ "TableName": table });
    vec![
        ("dynamodb:PutItem", "dynamodb", "put_item", json!({ "TableName": table, "Item": key })),
        ("dynamodb:Query", "dynamodb", "query", query),
        ("dynamodb:GetItem", "dynamodb", "get_item", one.clone()),
        ("dynamodb:UpdateItem", "dynamodb", "update_item", one.clone()),
        ("dynamodb:DeleteItem", "dynamodb", "delete_item", one),
        ("dynamodb:BatchWriteItem", "dynamodb", "batch_write_item", batch),
        ("dynamodb:Scan", "dynamodb", "scan", whole.clone()),
        ("dynamodb:DescribeTable", "dynamodb", "describe_table", whole.clone()),
        ("dynamodb:DeleteTable", "dynamodb", "delete_table", whole),
        ("dynamodb:ListTables", "dynamodb", "list_tables", json!({})),
    ]
}

fn logs(world: &World, function: &str) -> Vec<Attempt> {
    let group = &*log_group(world, function);
    let others = world.aws.call("logs", "describe_log_groups", json!({}));
    let names = others["logGroups"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|other| other["logGroupName"].as_str());
    let other = names.into_iter().find(|name| *name != group).expect("another log group");
    let into = |group: &str| {
        let streams = json!({ "logGroupName": group, "logStreamName": "probe" });
        // There already from the second role on.
        let _ = world.aws.try_call("logs", "create_log_stream", streams);
        let events = json!([{ "timestamp": 1_700_000_000_000_i64, "message": "probe" }]);
        json!({ "logGroupName": group, "logStreamName": "probe", "logEvents": events })
    };
    vec![
        ("logs:PutLogEvents", "logs", "put_log_events", into(group)),
        ("logs:PutLogEvents elsewhere", "logs", "put_log_events", into(other)),
        ("logs:CreateLogGroup", "logs", "create_log_group", json!({ "logGroupName": "/probe" })),
        ("logs:DeleteLogGroup", "logs", "delete_log_group", json!({ "logGroupName": group })),
        ("logs:DescribeLogGroups", "logs", "describe_log_groups", json!({})),
        ("logs:FilterLogEvents", "logs", "filter_log_events", json!({ "logGroupName": group })),
    ]
}

fn elsewhere(world: &World, name: &str, function: &str) -> Vec<Attempt> {
    let stack = json!({ "StackName": world.stack_name(name) });
    let assets = "stack-builder-assets-000000000000-eu-west-1";
    let asset = json!({ "Bucket": assets, "Key": "probe", "Body": "" });
    let function = json!({ "FunctionName": function });
    let role = json!({ "RoleArn": "arn:aws:iam::000000000000:role/other", "RoleSessionName": "probe" });
    vec![
        ("lambda:InvokeFunction", "lambda", "invoke", function.clone()),
        ("lambda:GetFunction", "lambda", "get_function", function),
        ("lambda:ListFunctions", "lambda", "list_functions", json!({})),
        ("cognito-idp:ListUserPools", "cognito-idp", "list_user_pools", json!({ "MaxResults": 1 })),
        ("s3:ListBucket of the assets", "s3", "list_objects_v2", json!({ "Bucket": assets })),
        ("s3:PutObject of an asset", "s3", "put_object", asset),
        ("cloudformation:DescribeStacks", "cloudformation", "describe_stacks", json!({})),
        ("cloudformation:DeleteStack", "cloudformation", "delete_stack", stack),
        ("iam:ListRoles", "iam", "list_roles", json!({})),
        ("iam:CreateUser", "iam", "create_user", json!({ "UserName": "intruder" })),
        ("sts:AssumeRole", "sts", "assume_role", role),
        ("ssm:GetParametersByPath", "ssm", "get_parameters_by_path", json!({ "Path": "/" })),
        ("secretsmanager:ListSecrets", "secretsmanager", "list_secrets", json!({})),
        ("kms:ListKeys", "kms", "list_keys", json!({})),
        ("sqs:ListQueues", "sqs", "list_queues", json!({})),
    ]
}

#[track_caller]
fn log_group(world: &World, function: &str) -> String {
    let configuration = configuration(world, function);
    configuration["LoggingConfig"]["LogGroup"].as_str().expect("a log group").to_owned()
}

/// Runs a function of ours under the same role, which answers with the credentials it was given.
#[track_caller]
fn credentials_of(world: &World, function: &str) -> Credentials {
    let configuration = configuration(world, function);
    let name = format!("probe-of-{function}");
    let probe = json!({
        "FunctionName": name, "Role": configuration["Role"], "Runtime": "provided.al2023", "Handler": "bootstrap",
        "Code": { "ZipFile": bytes(&archive()) },
        // Else Lambda makes a log group of its own for it, which stays.
        "LoggingConfig": { "LogGroup": configuration["LoggingConfig"]["LogGroup"] },
    });
    world.aws.call("lambda", "create_function", probe);
    let answer = world.aws.call("lambda", "invoke", json!({ "FunctionName": name }));
    world.aws.call("lambda", "delete_function", json!({ "FunctionName": name }));
    let given: Value = serde_json::from_str(&text_of(&answer["Payload"])).expect("JSON");
    let text =
        |name: &str| given[name].as_str().unwrap_or_else(|| panic!("no `{name}` from the probe")).to_owned();
    Credentials { token: Some(text("token")), ..Credentials::new(text("key"), text("secret")) }
}

fn archive() -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("bootstrap", SimpleFileOptions::default().unix_permissions(0o755)).expect("an entry");
    archive.write_all(&std::fs::read(client("bootstrap.py")).expect("the probe")).expect("written");
    archive.finish().expect("an archive").into_inner()
}
