//! The log of an API's requests.

use crate::scope::Scope;
use stack_builder_cfn::{Value, intrinsic, logs, pseudo};

/// Adds the log group of the API that is being built, whose id is `api`, and returns its ARN.
///
/// The id is in the group's name, for a REST API writes late and makes a group that is gone anew: the next stack of
/// the same name would find the name taken.
pub(super) fn add(scope: &mut Scope, api: &Value<String>, group: logs::LogGroup) -> Value<String> {
    // Groups of this prefix need no entry in the account's log resource policy, which has room for few.
    let name = format!("/aws/vendedlogs/${{stack}}/{}-${{api}}", scope.logical_id());
    let name = intrinsic::sub(&name, [("stack", pseudo::stack_name()), ("api", api.clone())]);
    scope.add("AccessLog", group.log_group_name(name)).arn()
}

/// One JSON object a request, of what both kinds of API know and these `fields`, each a key and its `$context` variable.
pub(super) fn json(fields: &[(&str, &str)]) -> String {
    let named = |name: &'static str| (name, name);
    let head = ["requestId", "requestTime", "httpMethod"].map(named);
    let tail = ["path", "protocol", "status", "responseLength", "responseLatency", "integrationErrorMessage"]
        .map(named);
    let nested = [("ip", "identity.sourceIp"), ("authorizerError", "authorizer.error")];
    let all = head.iter().chain(fields).chain(&tail).chain(&nested);
    let pairs: Vec<_> = all.map(|(key, variable)| format!("\"{key}\":\"$context.{variable}\"")).collect();
    format!("{{{}}}", pairs.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_json() {
        let line: serde_json::Value = serde_json::from_str(&json(&[("routeKey", "routeKey")])).unwrap();
        assert_eq!(line["status"], "$context.status");
        assert_eq!(line["ip"], "$context.identity.sourceIp");
        assert_eq!(line["routeKey"], "$context.routeKey");
    }
}
