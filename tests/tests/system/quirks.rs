//! Where the emulator differs from AWS in ways that the other tests rely on or work around.
//!
//! Each test fails on the day the emulator behaves like AWS, so that the workaround can go.

mod api_gateway;

use crate::token::{self, Elsewhere};
use serde_json::{Value, json};
use stack_builder_tests::{AwsError, Credentials, Emulator};

/// Worked around by deploying as an IAM user.
#[test]
fn quirk_signatures_of_root_are_not_checked() {
    let emulator = Emulator::start();
    let aws = emulator.aws(&Credentials::new("root", "wrong"));
    assert!(
        aws.try_call("sts", "get_caller_identity", json!({})).is_ok(),
        "the root's signature is checked now"
    );

    let user = emulator.administrator("somebody");
    let forged = Credentials::new(user.key, "wrong");
    let refused =
        aws.try_call_as(&forged, "sts", "get_caller_identity", json!({})).expect_err("a wrong signature");
    assert_eq!(refused.code, "SignatureDoesNotMatch");
}

/// Worked around by leaving the two log actions out of what a function's role is seen to be allowed.
#[test]
fn quirk_a_log_group_is_checked_without_its_wildcard() {
    let emulator = Emulator::start();
    let root = emulator.aws(&emulator.administrator("administrator"));
    root.call("logs", "create_log_group", json!({ "logGroupName": "/group" }));
    let group = "arn:aws:logs:eu-west-1:000000000000:log-group:/group";
    let stream = |name: &str, resource: &str| -> Result<Value, AwsError> {
        let user = emulator.administrator(name);
        root.call(
            "iam",
            "detach_user_policy",
            json!({
                "UserName": name, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"
            }),
        );
        let policy = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "logs:CreateLogStream", "Resource": resource }
        ] });
        let policy = json!({ "UserName": name, "PolicyName": "logs", "PolicyDocument": policy.to_string() });
        root.call("iam", "put_user_policy", policy);
        let stream = json!({ "logGroupName": "/group", "logStreamName": name });
        root.try_call_as(&user, "logs", "create_log_stream", stream)
    };
    assert!(stream("without", group).is_ok());
    let refused = stream("with", &format!("{group}:*")).expect_err("the usual grant is accepted now");
    assert!(refused.is_denied(), "{refused:?}");
}

/// Worked around in `clients/emulator.py`, which sends the request for the user pool's keys over TLS.
#[test]
fn quirk_over_tls_no_token_is_accepted() {
    let emulator = Emulator::start_unmended();
    let aws = emulator.aws(&emulator.administrator("administrator"));
    let Elsewhere { pool, client, token, .. } = token::of_another_pool(&aws);

    let api = aws.call("apigatewayv2", "create_api", json!({ "Name": "api", "ProtocolType": "HTTP" }));
    let (id, url) = (&api["ApiId"], api["ApiEndpoint"].as_str().expect("an address"));
    let issuer = format!("https://cognito-idp.eu-west-1.amazonaws.com/{pool}");
    let authorizer = aws.call("apigatewayv2", "create_authorizer", json!({
        "ApiId": id, "Name": "jwt", "AuthorizerType": "JWT", "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": { "Audience": [client], "Issuer": issuer },
    }));
    let integration = aws.call("apigatewayv2", "create_integration", json!({
        "ApiId": id, "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET", "PayloadFormatVersion": "1.0",
        "IntegrationUri": format!("{}/_ministack/health", emulator.endpoint()),
    }));
    let target = format!("integrations/{}", integration["IntegrationId"].as_str().expect("an id"));
    aws.call(
        "apigatewayv2",
        "create_route",
        json!({
            "ApiId": id, "RouteKey": "GET /", "Target": target,
            "AuthorizationType": "JWT", "AuthorizerId": authorizer["AuthorizerId"],
        }),
    );
    aws.call(
        "apigatewayv2",
        "create_stage",
        json!({ "ApiId": id, "StageName": "$default", "AutoDeploy": true }),
    );
    let answer = emulator.http().send("GET", &format!("{url}/"), &[("authorization", &token)], "");
    assert_eq!(answer.status, 401, "the mend in `clients/emulator.py` is no longer needed: {answer:?}");
}
