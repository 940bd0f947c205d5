//! The role with which API Gateway writes logs: an account has one for each region.

use crate::call::Call;
use crate::service::Service;
use crate::{Environment, Error};
use aws_sdk_cloudformation::types::Stack;

/// The parameter of the bootstrap stack that holds the choice.
pub(crate) const PARAMETER: &str = "ApiGatewayLogs";

/// What to do about the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiGatewayLogs {
    /// Set the bootstrap stack's, in place of any that the account has.
    Set,
    /// Leave the account's as it is.
    Keep,
}

impl ApiGatewayLogs {
    /// The choice as the template knows it.
    pub(crate) fn parameter(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Keep => "keep",
        }
    }
}

/// What was decided, and why.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    /// `None` for what the stack does already.
    pub(crate) logs: Option<ApiGatewayLogs>,
    /// The role of somebody else's that stays for want of an order.
    pub(crate) kept: Option<String>,
}

/// Follows what was `asked` for; else leaves it at what the stack does; else sets the role where none is set yet.
///
/// A role that somebody set after the stack set its own stays: CloudFormation sees nothing to change.
///
/// One call, but none for a standing stack that nothing else was asked of.
pub(crate) async fn decide(
    environment: &Environment,
    asked: Option<ApiGatewayLogs>,
    standing: Option<&Stack>,
) -> Result<Decision, Error> {
    let parameters = standing.map(Stack::parameters).unwrap_or_default();
    let chosen = parameters.iter().find(|p| p.parameter_key() == Some(PARAMETER));
    let again = asked == Some(ApiGatewayLogs::Set)
        && chosen.and_then(|p| p.parameter_value()) == Some(ApiGatewayLogs::Set.parameter());
    if !again && (asked.is_some() || chosen.is_some()) {
        return Ok(Decision { logs: asked, kept: None });
    }
    let ours = format!(":role/{}", role_name(&environment.region));
    let kept = current(environment).await?.filter(|role| !role.ends_with(&ours));
    if again {
        return Ok(Decision { logs: asked, kept });
    }
    let logs = if kept.is_some() { ApiGatewayLogs::Keep } else { ApiGatewayLogs::Set };
    Ok(Decision { logs: Some(logs), kept })
}

/// The name of the bootstrap stack's role; a role is of the whole account, not of a region.
pub(crate) fn role_name(region: &str) -> String {
    format!("stack-builder-api-gateway-logs-{region}")
}

/// The ARN of the role that is set now.
/// See <https://docs.aws.amazon.com/apigateway/latest/api/API_GetAccount.html>.
async fn current(environment: &Environment) -> Result<Option<String>, Error> {
    let account =
        environment.call_json(&Service::API_GATEWAY, Call::new("apigateway:GET", "GET", "/account"));
    let role = account.await?["cloudwatchRoleArn"].take();
    Ok(role.as_str().filter(|role| !role.is_empty()).map(str::to_owned))
}
