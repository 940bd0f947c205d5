//! What becomes of the role with which API Gateway writes logs.

use crate::answer;
use crate::environment;
use crate::server::Server;
use stack_builder_deploy::{ApiGatewayLogs, prepare_bootstrap};

const OTHERS: &str = "arn:aws:iam::111122223333:role/others";
const OURS: &str = "arn:aws:iam::111122223333:role/stack-builder-api-gateway-logs-eu-west-1";

const SETS_THE_ROLE: &str = "<Changes><member><Type>Resource</Type><ResourceChange><Action>Add</Action>\
    <LogicalResourceId>ApiGatewayAccount</LogicalResourceId><ResourceType>AWS::ApiGateway::Account</ResourceType>\
    </ResourceChange></member></Changes>";

/// The parameter in the change set, the role that was found and kept, and whether the account was asked.
async fn choice(
    asked: Option<ApiGatewayLogs>,
    standing: Option<&str>,
    role: Option<&str>,
) -> (Option<String>, Option<String>, bool) {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("HEAD bucket", answer::status(200));
    let stack = |more: &str| answer::stack_with("CREATE_COMPLETE", more);
    server.answer("DescribeStacks", standing.map_or_else(answer::absent, stack));
    let role = role.map(|role| format!(r#"{{"cloudwatchRoleArn": "{role}"}}"#));
    server.answer("GetAccount", answer::document(&role.unwrap_or_else(|| "{}".to_owned())));
    server.answer("CreateChangeSet", answer::created());
    server.answer("DescribeChangeSet", answer::change_set("CREATE_COMPLETE", SETS_THE_ROLE));
    let found = prepare_bootstrap(&environment, asked).await.expect("prepared");
    let keeps = asked == Some(ApiGatewayLogs::Keep) || found.kept_log_role.is_some();
    assert_ne!(found.sets_log_role, keeps, "what is done to the whole account is known before");
    let body = server.body("CreateChangeSet", 0);
    let parameter = body.split("Parameters.member.1.ParameterKey=ApiGatewayLogs&Parameters.member.1.").nth(1);
    let parameter = parameter.map(|rest| rest.split('&').next().unwrap_or_default().to_owned());
    (parameter, found.kept_log_role, server.asked().contains(&"GetAccount".to_owned()))
}

fn set() -> Option<String> {
    Some("ParameterValue=set".to_owned())
}

#[tokio::test]
async fn a_role_is_set_where_none_was_and_another_ones_stays() {
    assert_eq!(choice(None, None, None).await, (set(), None, true));
    assert_eq!(choice(None, None, Some(OURS)).await, (set(), None, true), "left by an earlier bootstrap");
    let kept = Some("ParameterValue=keep".to_owned());
    assert_eq!(choice(None, None, Some(OTHERS)).await, (kept, Some(OTHERS.to_owned()), true));
}

#[tokio::test]
async fn an_order_is_followed_and_remembered() {
    assert_eq!(choice(Some(ApiGatewayLogs::Set), None, Some(OTHERS)).await, (set(), None, false));
    let keep = Some("ParameterValue=keep".to_owned());
    assert_eq!(choice(Some(ApiGatewayLogs::Keep), None, None).await, (keep, None, false));
    let remembered = "<Parameters><member><ParameterKey>ApiGatewayLogs</ParameterKey>\
                      <ParameterValue>keep</ParameterValue></member></Parameters>";
    let previous = Some("UsePreviousValue=true".to_owned());
    assert_eq!(choice(None, Some(remembered), None).await, (previous, None, false));
    assert_eq!(choice(Some(ApiGatewayLogs::Set), Some(remembered), Some(OTHERS)).await, (set(), None, false));
}

#[tokio::test]
async fn a_bootstrap_stack_from_before_the_role_gets_one() {
    assert_eq!(choice(None, Some(""), None).await, (set(), None, true));
}
