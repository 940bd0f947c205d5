//! Where the emulator differs from AWS in what the captain's log leans on; each step fails when it is mended.

use super::log::Log;
use super::publish::get;
use serde_json::json;

/// The emulator takes the secret's name for its ARN, so that the role's grant names nothing there; the right grant is
/// added here. On the day the first assertion fails, all of this can go.
#[track_caller]
pub(crate) fn a_secret_is_referred_to_by_its_name(log: &Log<'_>) {
    let secret = log.physical_id("Passwords");
    assert!(!secret.starts_with("arn:"), "it is the ARN now, as on AWS");
    let arn =
        log.world.aws.call("secretsmanager", "describe_secret", json!({ "SecretId": secret }))["ARN"].take();
    let statement = json!({ "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": arn });
    let policy = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    let policy =
        json!({ "RoleName": log.physical_id("LoginRole"), "PolicyName": "mend", "PolicyDocument": policy });
    log.world.aws.call("iam", "put_role_policy", policy);
}

/// A secret without a value has no version that could be asked for; here it has an empty one, and login fails on it.
#[track_caller]
pub(crate) fn a_secret_without_a_value_has_one(log: &Log<'_>) {
    let asked = json!({ "SecretId": log.physical_id("Passwords") });
    let value = log.world.aws.try_call("secretsmanager", "get_secret_value", asked);
    assert!(value.is_ok(), "login without passwords has to answer 401 now: {value:?}");
}

/// Edge functions are stored and not run, so that pages are reached without a session and errors stay S3's; what the
/// function does is tried in `edge.rs`.
#[track_caller]
pub(crate) fn edge_functions_are_not_run(log: &Log<'_>) {
    for path in ["/", "/login/", "/nothing"] {
        let answer = get(log, path);
        assert_eq!((answer.status, answer.body.contains("AccessDenied")), (403, true), "{path}: {answer:?}");
    }
}

/// CloudFront does not reach the API, so that it is called where CloudFront would call it.
#[track_caller]
pub(crate) fn cloudfront_does_not_reach_the_api(log: &Log<'_>) {
    assert_eq!(get(log, "/api/home").status, 502, "the API can be tried through CloudFront now");
}
