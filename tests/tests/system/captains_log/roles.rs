//! What each function's role can do and cannot, at the edge too.

use super::log::Log;
use crate::roles::{self, Attempt, Role};
use serde_json::{Value, json};
use stack_builder_tests::Aws;

/// What reads the secret, whatever else is tried beside it.
const SECRET: &str = "secretsmanager:GetSecretValue";
const SESSIONS: &[Role] = &[
    ("Login", &["dynamodb:PutItem", SECRET]),
    ("Home", &["dynamodb:GetItem"]),
    ("Logout", &["dynamodb:DeleteItem"]),
];
const LOGS: &[Role] = &[("Login", &[SECRET]), ("Home", &["dynamodb:Query"]), ("Logout", &[])];
const ATTEMPTS: &[Role] = &[
    ("Login", &["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", SECRET]),
    ("Home", &[]),
    ("Logout", &[]),
];

/// Tries everything as every role of the API's functions, table by table.
#[track_caller]
pub(crate) fn hold_what_is_granted_and_no_more(log: &Log<'_>) {
    let tables: [(&str, &[&str], &[Role]); 3] = [
        ("Sessions", &["session-id"], SESSIONS),
        ("Logs", &["userName", "stardate"], LOGS),
        ("Attempts", &["userName"], ATTEMPTS),
    ];
    for (table, keys, granted) in tables {
        let mut attempts = roles::on_a_table(&log.physical_id(table), keys);
        attempts.extend(beside_the_tables(log));
        roles::hold_what_is_granted_and_no_more(log.world, "captains-log", granted, &attempts);
    }
}

/// What the pages and the passwords are made of.
fn beside_the_tables(log: &Log<'_>) -> Vec<Attempt> {
    let page = json!({ "Bucket": log.physical_id("SiteBucket"), "Key": "home.html" });
    let mut mine = page.clone();
    mine["Body"] = json!("mine");
    let secret = json!({ "SecretId": log.physical_id("Passwords") });
    let mut other = secret.clone();
    other["SecretString"] = json!({ "q": "x" }).to_string().into();
    let paths = json!({ "Quantity": 1, "Items": ["/*"] });
    let purge = json!({ "Paths": paths, "CallerReference": "probe" });
    let purge = json!({ "DistributionId": log.physical_id("Site"), "InvalidationBatch": purge });
    vec![
        ("s3:GetObject of the site", "s3", "get_object", page),
        ("s3:PutObject of the site", "s3", "put_object", mine),
        ("cloudfront:CreateInvalidation", "cloudfront", "create_invalidation", purge),
        (SECRET, "secretsmanager", "get_secret_value", secret.clone()),
        ("secretsmanager:PutSecretValue", "secretsmanager", "put_secret_value", other),
        ("secretsmanager:DeleteSecret", "secretsmanager", "delete_secret", secret),
    ]
}

/// The gate reads one session by its id, in the region of the table, and writes its log wherever it runs.
#[track_caller]
pub(crate) fn of_the_gate_say_the_least(edge: &Aws) {
    let asked = json!({ "StackName": "captains-log-edge-dev", "LogicalResourceId": "GateRole" });
    let role = edge.call("cloudformation", "describe_stack_resource", asked);
    let role = role["StackResourceDetail"]["PhysicalResourceId"].as_str().expect("a role").to_owned();
    let asked = json!({ "RoleName": role });
    let trust = edge.call("iam", "get_role", asked.clone())["Role"]["AssumeRolePolicyDocument"].take();
    let services = json!({ "Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] });
    assert_eq!(
        (trust["Statement"].as_array().map(Vec::len), &trust["Statement"][0]["Principal"]),
        (Some(1), &services)
    );
    let attached = edge.call("iam", "list_attached_role_policies", asked.clone());
    assert_eq!(attached["AttachedPolicies"], json!([]));
    let names = edge.call("iam", "list_role_policies", asked)["PolicyNames"].take();
    let document = |name: &Value| {
        let asked = json!({ "RoleName": role, "PolicyName": name });
        edge.call("iam", "get_role_policy", asked)["PolicyDocument"]["Statement"].take()
    };
    let statements: Vec<Value> = names.as_array().expect("names").iter().map(document).collect();
    let table = "arn:aws:dynamodb:eu-west-1:000000000000:table/captains-log-dev-sessions";
    let session = json!([{ "Action": "dynamodb:GetItem", "Effect": "Allow", "Resource": table }]);
    assert!(statements.len() == 2 && statements.contains(&session), "{statements:#?}");
    let logs = statements.iter().find(|statement| **statement != session).expect("a statement");
    assert_eq!(
        logs[0]["Action"],
        json!(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
    );
    for group in logs[0]["Resource"].as_array().expect("resources") {
        let group = group.as_str().expect("an ARN");
        let ours = group.split_once(":log-group:/aws/lambda/us-east-1.captains-log-edge-dev-Gate-");
        assert_eq!(ours.map(|(start, _)| start), Some("arn:aws:logs:*:000000000000"), "{group}");
    }
}
