//! What becomes of the role with which API Gateway writes logs.

use crate::answer;
use crate::environment;
use crate::server::{Answer, Server};
use stack_builder_deploy::{ApiGatewayLogs, prepare_bootstrap};

const OTHERS: &str = "arn:aws:iam::111122223333:role/others";
const OURS: &str = "arn:aws:iam::111122223333:role/stack-builder-api-gateway-logs-eu-west-1";

const SETS_THE_ROLE: &str = "<Changes><member><Type>Resource</Type><ResourceChange><Action>Add</Action>\
    <LogicalResourceId>ApiGatewayAccount</LogicalResourceId><ResourceType>AWS::ApiGateway::Account</ResourceType>\
    </ResourceChange></member></Changes>";

/// Expects the parameter's choice in the change set, the role that is found and kept, and whether the account is asked.
async fn check(
    asked: Option<ApiGatewayLogs>,
    standing: Option<&str>,
    role: Option<&str>,
    expect: (&str, Option<&str>, bool),
) {
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
    let choice = body.split("Parameters.member.1.ParameterKey=ApiGatewayLogs&Parameters.member.1.").nth(1);
    let choice = choice.and_then(|rest| rest.split('&').next()).unwrap_or_default();
    let account_is_asked = server.asked().contains(&"GetAccount".to_owned());
    assert_eq!((choice, found.kept_log_role.as_deref(), account_is_asked), expect);
}

const SET: &str = "ParameterValue=set";
const KEEP: &str = "ParameterValue=keep";

#[tokio::test]
async fn a_role_is_set_where_none_was_and_another_ones_stays() {
    check(None, None, None, (SET, None, true)).await;
    // Left by an earlier bootstrap stack.
    check(None, None, Some(OURS), (SET, None, true)).await;
    check(None, None, Some(OTHERS), (KEEP, Some(OTHERS), true)).await;
}

#[tokio::test]
async fn an_order_is_followed_and_remembered() {
    check(Some(ApiGatewayLogs::Set), None, Some(OTHERS), (SET, None, false)).await;
    check(Some(ApiGatewayLogs::Keep), None, None, (KEEP, None, false)).await;
    let remembered = "<Parameters><member><ParameterKey>ApiGatewayLogs</ParameterKey>\
                      <ParameterValue>keep</ParameterValue></member></Parameters>";
    check(None, Some(remembered), None, ("UsePreviousValue=true", None, false)).await;
    check(Some(ApiGatewayLogs::Set), Some(remembered), Some(OTHERS), (SET, None, false)).await;
}

#[tokio::test]
async fn a_role_that_somebody_set_since_is_told_of() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("HEAD bucket", answer::status(200));
    let set = "<Parameters><member><ParameterKey>ApiGatewayLogs</ParameterKey>\
               <ParameterValue>set</ParameterValue></member></Parameters>";
    server.answer("DescribeStacks", answer::stack_with("CREATE_COMPLETE", set));
    server.answer("GetAccount", answer::document(&format!(r#"{{"cloudwatchRoleArn": "{OTHERS}"}}"#)));
    server.answer("CreateChangeSet", answer::created());
    let reason = "<StatusReason>The submitted information didn't contain changes.</StatusReason>";
    server.answer("DescribeChangeSet", answer::change_set("FAILED", reason));
    server.answer("DeleteChangeSet", answer::result("DeleteChangeSet", ""));
    let found = prepare_bootstrap(&environment, Some(ApiGatewayLogs::Set)).await.expect("prepared");
    assert_eq!((found.kept_log_role.as_deref(), found.sets_log_role), (Some(OTHERS), false));
}

#[tokio::test]
async fn a_bootstrap_stack_from_before_the_role_gets_one() {
    check(None, Some(""), None, (SET, None, true)).await;
}

#[tokio::test]
async fn whoever_may_not_look_at_the_account_can_say_what_to_do() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("HEAD bucket", answer::status(200));
    server.answer("DescribeStacks", answer::absent());
    let body = r#"{"message": "not you"}"#.to_owned();
    server.answer("GetAccount", Answer { status: 403, body });
    let error = prepare_bootstrap(&environment, None).await.expect_err("a refusal");
    assert_eq!(error.to_string(), "not allowed to call `apigateway:GET`: not you");
    assert!(error.hint().expect("a hint").contains("`--api-gateway-logs keep`"));
}
