//! What each function's role of the to-do application can do and cannot.

use crate::deployed::physical_id;
use crate::roles::{self, Role};
use crate::world::{Outputs, World};
use serde_json::json;

/// One action each on the table; beside it, the rights to trace and to log.
const ROLES: &[Role] = &[
    ("AddTodoFunction", &["dynamodb:PutItem"]),
    ("UpdateTodoFunction", &["dynamodb:UpdateItem"]),
    ("CompleteTodoFunction", &["dynamodb:UpdateItem"]),
    ("GetTodoFunction", &["dynamodb:GetItem"]),
    ("GetAllTodoFunction", &["dynamodb:Query"]),
    ("DeleteTodoFunction", &["dynamodb:DeleteItem"]),
];

/// Tries everything as every role.
#[track_caller]
pub(crate) fn hold_what_is_granted_and_no_more(world: &World, outputs: &Outputs) {
    let id = |logical: &str| physical_id(world, "todo", logical);
    let site = json!({ "Bucket": id("SiteBucket"), "Key": "index.html" });
    let page = json!({ "Bucket": id("SiteBucket"), "Key": "index.html", "Body": "mine" });
    let users = json!({ "UserPoolId": outputs.user_pool() });
    let paths = json!({ "Quantity": 1, "Items": ["/*"] });
    let purge = json!({ "Paths": paths, "CallerReference": "probe" });
    let purge = json!({ "DistributionId": id("Site"), "InvalidationBatch": purge });
    let secret = json!({ "SecretId": id("FrontDoorKey") });
    let mut attempts = roles::on_a_table(outputs.table(), &["cognito-username", "id"]);
    attempts.extend([
        ("s3:GetObject of the site", "s3", "get_object", site),
        ("s3:PutObject of the site", "s3", "put_object", page),
        ("cloudfront:CreateInvalidation", "cloudfront", "create_invalidation", purge),
        ("secretsmanager:GetSecretValue", "secretsmanager", "get_secret_value", secret),
        ("apigateway:GET", "apigateway", "get_api_keys", json!({ "includeValues": true })),
        ("cognito-idp:ListUsers", "cognito-idp", "list_users", users),
    ]);
    roles::hold_what_is_granted_and_no_more(world, "todo", ROLES, &attempts);
    for (function, actions) in ROLES {
        says(world, &id(&format!("{function}Role")), actions);
    }
}

/// The whole of what the role's policies say: the emulator has no X-Ray to try.
#[track_caller]
fn says(world: &World, role: &str, granted: &[&str]) {
    let asked = json!({ "RoleName": role });
    let attached = world.aws.call("iam", "list_attached_role_policies", asked.clone());
    assert_eq!(attached["AttachedPolicies"], json!([]), "`{role}`");
    let names = world.aws.call("iam", "list_role_policies", asked)["PolicyNames"].take();
    assert_eq!(names, json!(["function"]), "`{role}`");
    let asked = json!({ "RoleName": role, "PolicyName": "function" });
    let policy = world.aws.call("iam", "get_role_policy", asked)["PolicyDocument"].take();
    let statements = policy["Statement"].as_array().expect("statements").iter();
    let actions: Vec<_> = statements.map(|statement| statement["Action"].clone()).collect();
    let mut expected = vec![
        json!(["logs:CreateLogStream", "logs:PutLogEvents"]),
        json!(["xray:PutTraceSegments", "xray:PutTelemetryRecords"]),
    ];
    expected.extend(granted.iter().map(|action| json!(action)));
    assert_eq!(actions, expected, "`{role}`");
}
