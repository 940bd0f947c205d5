//! What each function's role of the uploads application can do and cannot.

use crate::roles::{self, Attempt, Role};
use crate::world::{Outputs, World};
use serde_json::json;

const ROLES: &[Role] = &[
    ("GetUploadUrl", &["s3:PutObject"]),
    ("SaveMetadata", &["dynamodb:PutItem"]),
    ("ListFiles", &["dynamodb:Query", "s3:GetObject"]),
];

/// Tries everything as every role.
#[track_caller]
pub(crate) fn hold_what_is_granted_and_no_more(world: &World, outputs: &Outputs) {
    let mut attempts = files(outputs);
    attempts.extend(roles::on_a_table(outputs.table(), &["UserId", "FileId"]));
    let users = json!({ "UserPoolId": outputs.user_pool() });
    attempts.push(("cognito-idp:ListUsers", "cognito-idp", "list_users", users));
    roles::hold_what_is_granted_and_no_more(world, "uploads", ROLES, &attempts);
}

fn files(outputs: &Outputs) -> Vec<Attempt> {
    let bucket = json!({ "Bucket": outputs.bucket() });
    let object = json!({ "Bucket": outputs.bucket(), "Key": "somebody/probe" });
    let content = json!({ "Bucket": outputs.bucket(), "Key": "somebody/probe", "Body": "probe" });
    let acl = json!({ "Bucket": outputs.bucket(), "Key": "somebody/probe", "ACL": "public-read" });
    let policy = json!({ "Bucket": outputs.bucket(), "Policy": "{}" });
    // Written before it is read: the first role tried is the one that may write.
    vec![
        ("s3:PutObject", "s3", "put_object", content),
        ("s3:GetObject", "s3", "get_object", object.clone()),
        ("s3:PutObjectAcl", "s3", "put_object_acl", acl),
        ("s3:DeleteObject", "s3", "delete_object", object),
        ("s3:ListBucket", "s3", "list_objects_v2", bucket.clone()),
        ("s3:ListBucketVersions", "s3", "list_object_versions", bucket.clone()),
        ("s3:PutBucketPolicy", "s3", "put_bucket_policy", policy),
        ("s3:DeleteBucket", "s3", "delete_bucket", bucket),
        ("s3:ListAllMyBuckets", "s3", "list_buckets", json!({})),
    ]
}
