//! Policies of the templates are enforced: for roles, for buckets, and for who may call a function.

mod refusals;

use super::person::{deployed_as, physical_id};
use super::shared::{aws, local};
use crate::roles::on_a_table;
use serde_json::{Value, json};
use stack_builder_tests::{Aws, Credentials, Http, Local, inspect};
use std::collections::{BTreeMap, BTreeSet};

/// A function: its stack, its logical id, and what its role is for.
type Role = (&'static str, &'static str, &'static [&'static str]);

const ROLES: &[Role] = &[
    ("uploads", "GetUploadUrl", &["s3:PutObject of Files"]),
    ("uploads", "SaveMetadata", &["dynamodb:PutItem of Metadata"]),
    ("uploads", "ListFiles", &["dynamodb:Query of Metadata", "s3:GetObject of Files"]),
    ("todo", "AddTodoFunction", &["dynamodb:PutItem of TodoTable"]),
    ("todo", "DeleteTodoFunction", &["dynamodb:DeleteItem of TodoTable"]),
    (
        "captains-log",
        "Login",
        &[
            "dynamodb:PutItem of Sessions",
            "dynamodb:GetItem of Attempts",
            "dynamodb:UpdateItem of Attempts",
            "dynamodb:DeleteItem of Attempts",
            "secretsmanager:GetSecretValue of Passwords",
        ],
    ),
    ("captains-log", "Home", &["dynamodb:GetItem of Sessions", "dynamodb:Query of Logs"]),
];
/// Tables by stack, with their keys.
const TABLES: &[(&str, &str, &[&str])] = &[
    ("uploads", "Metadata", &["UserId", "FileId"]),
    ("todo", "TodoTable", &["cognito-username", "id"]),
    ("captains-log", "Sessions", &["session-id"]),
    ("captains-log", "Attempts", &["userName"]),
    ("captains-log", "Logs", &["userName", "stardate"]),
];

/// Tries everything as every role, with the keys that its function was given: also what belongs to other stacks.
#[test]
fn roles_hold_what_is_granted_and_no_more() {
    let local = local();
    let aws = aws(&local);
    let attempts = attempts(&aws);
    assert!(attempts.len() >= 70, "only {} attempts", attempts.len());
    for (stack, function, granted) in ROLES {
        let physical = physical_id(&aws, &deployed_as(&aws, stack), function);
        aws.call("lambda", "invoke", json!({ "FunctionName": physical }));
        let credentials = credentials_of(&local, &physical);
        let identity =
            aws.try_call_as(&credentials, "sts", "get_caller_identity", json!({})).expect("anybody may ask");
        let arn = identity["Arn"].as_str().expect("an ARN");
        let name = physical_id(&aws, &deployed_as(&aws, stack), &format!("{function}Role"));
        assert_eq!(arn, format!("arn:aws:sts::000000000000:assumed-role/{name}/{physical}"));
        let mut allowed = BTreeSet::new();
        for (what, service, operation, parameters) in &attempts {
            match aws.try_call_as(&credentials, service, operation, parameters.clone()) {
                Err(error) if error.is_denied() => {}
                Ok(_) => drop(allowed.insert(what.as_str())),
                Err(error) => panic!("`{function}` at {what}: neither allowed nor denied: {error:?}"),
            }
        }
        assert_eq!(allowed, granted.iter().copied().collect(), "what the role of `{function}` may do");
    }
}

/// What to call it, the call, and its parameters.
fn attempts(aws: &Aws) -> Vec<(String, &'static str, &'static str, Value)> {
    let id = |stack: &str, logical: &str| physical_id(aws, &deployed_as(aws, stack), logical);
    let mut attempts = Vec::new();
    for (stack, table, keys) in TABLES {
        let on_table = on_a_table(&id(stack, table), keys).into_iter();
        let named = |(action, service, operation, parameters)| {
            (format!("{action} of {table}"), service, operation, parameters)
        };
        attempts.extend(on_table.map(named));
    }
    for (stack, bucket) in [("uploads", "Files"), ("uploads", "SiteBucket"), ("todo", "SiteBucket")] {
        let name = id(stack, bucket);
        let object = json!({ "Bucket": name, "Key": "roles/probe" });
        let mut content = object.clone();
        content["Body"] = json!("probe");
        aws.call("s3", "put_object", content.clone());
        let label = |action: &str| format!("{action} of {bucket}");
        attempts.extend([
            (label("s3:PutObject"), "s3", "put_object", content),
            (label("s3:GetObject"), "s3", "get_object", object),
            (label("s3:ListBucket"), "s3", "list_objects_v2", json!({ "Bucket": name })),
        ]);
    }
    for (stack, secret) in [("captains-log", "Passwords"), ("todo", "FrontDoorKey")] {
        let asked = json!({ "SecretId": id(stack, secret) });
        let label = format!("secretsmanager:GetSecretValue of {secret}");
        attempts.push((label, "secretsmanager", "get_secret_value", asked));
    }
    let function = json!({ "FunctionName": id("todo", "AddTodoFunction") });
    let others = [
        ("lambda:InvokeFunction", "lambda", "invoke", function.clone()),
        ("lambda:GetFunction", "lambda", "get_function", function),
        ("lambda:ListFunctions", "lambda", "list_functions", json!({})),
        ("s3:ListAllMyBuckets", "s3", "list_buckets", json!({})),
        ("secretsmanager:ListSecrets", "secretsmanager", "list_secrets", json!({})),
        ("cloudformation:DescribeStacks", "cloudformation", "describe_stacks", json!({})),
        ("logs:DescribeLogGroups", "logs", "describe_log_groups", json!({})),
        ("cognito-idp:ListUserPools", "cognito-idp", "list_user_pools", json!({ "MaxResults": 1 })),
        ("cloudfront:ListDistributions", "cloudfront", "list_distributions", json!({})),
    ];
    attempts.extend(
        others.map(|(action, service, operation, asked)| (action.to_owned(), service, operation, asked)),
    );
    attempts
}

/// The keys in the environment of a function that runs.
#[track_caller]
fn credentials_of(local: &Local, function: &str) -> Credentials {
    let environments = inspect::descendants(local.pid()).into_iter().map(inspect::environment);
    let is_own = |environment: &BTreeMap<String, String>| {
        environment.get("AWS_LAMBDA_FUNCTION_NAME").is_some_and(|name| name == function)
    };
    let environment = environments.into_iter().find(is_own);
    let environment = environment.unwrap_or_else(|| panic!("`{function}` does not run"));
    let text = |name: &str| environment.get(name).unwrap_or_else(|| panic!("no {name}")).clone();
    let token = Some(text("AWS_SESSION_TOKEN"));
    Credentials { token, ..Credentials::new(text("AWS_ACCESS_KEY_ID"), text("AWS_SECRET_ACCESS_KEY")) }
}

#[test]
fn a_role_is_taken_on_by_whom_it_trusts() {
    let local = local();
    let aws = aws(&local);
    let role = physical_id(&aws, &deployed_as(&aws, "todo"), "AddTodoFunctionRole");
    let role = format!("arn:aws:iam::000000000000:role/{role}");
    let asked = json!({ "RoleArn": role, "RoleSessionName": "developer" });
    let error = aws.try_call("sts", "assume_role", asked).expect_err("it trusts Lambda alone");
    assert_eq!(error.code, "AccessDenied");
    assert!(error.message.contains(&role), "{error:?}");
}

#[test]
fn a_site_is_read_through_cloudfront_alone() {
    let local = local();
    let aws = aws(&local);
    let http = Http::plain();
    for stack in ["uploads", "todo"] {
        let bucket = physical_id(&aws, &deployed_as(&aws, stack), "SiteBucket");
        let direct = format!("{}/{bucket}", local.endpoint());
        for (method, path) in
            [("GET", "/index.html"), ("GET", "/"), ("PUT", "/mine.html"), ("DELETE", "/index.html")]
        {
            let refused = http.send(method, &format!("{direct}{path}"), &[], "");
            assert_eq!(refused.status, 403, "{method} {path}: {refused:?}");
            assert!(refused.body.contains("<Code>AccessDenied</Code>"), "{refused:?}");
        }
        let page = http.send("GET", &format!("{}/index.html", local.url(stack, "SiteUrl")), &[], "");
        assert_eq!(page.status, 200, "{page:?}");
    }
}
