//! The key of a REST API, and the plan that ties it to the stage.

use super::handle::RestApiRef;
use crate::constructs::routes::Throttle;
use crate::constructs::usage_plan::UsagePlan;
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigateway::{self as l1, usage_plan_key::KeyType};
use stack_builder_cfn::{Node, Source, Value};

/// Adds the key with its plan; a key opens nothing without one.
pub(super) fn add(
    scope: &mut Scope,
    api: &RestApiRef,
    key: Option<(Value<String>, Source)>,
    plan: Option<UsagePlan>,
) {
    let Some((value, source)) = key else {
        if let Some(plan) = plan {
            let message = "the usage plan limits nobody, because no request needs a key";
            let hint = "add `require_key`, or limit all requests by `throttle`";
            scope.report(Diagnostic::error("unused-usage-plan", message).hint(hint).caused_by(plan.source));
        }
        return;
    };
    if is_plain(value.node()) {
        let message = "the API key is written in plain text";
        let hint = "make a secret, `stack.add(\"Key\", Secret::generated())`, and give its `value()`";
        scope.report(Diagnostic::error("plain-secret", message).hint(hint).caused_by(source));
    }
    // The id stands in CloudFormation's events: it must not be the key, which it could be by default.
    let l1 = l1::ApiKey::new().enabled(true).generate_distinct_id(true).value(value);
    let key = scope.add("Key", l1).reference();
    let plan = scope.add("UsagePlan", usage_plan(api, plan)).reference();
    let tie = l1::UsagePlanKey::new().key_id(key).key_type(KeyType::ApiKey).usage_plan_id(plan);
    scope.add("UsagePlanKey", tie);
}

fn usage_plan(api: &RestApiRef, plan: Option<UsagePlan>) -> l1::UsagePlan {
    let mut l1 = l1::UsagePlan::new().add_api_stages(|stage| stage.api_id(api.id()).stage(api.stage_name()));
    if let Some(Throttle { rate, burst }) = plan.as_ref().and_then(UsagePlan::throttle) {
        l1 = l1.throttle_with(|throttle| throttle.rate_limit(f64::from(rate)).burst_limit(burst));
    }
    if let Some((limit, period)) = plan.and_then(|plan| plan.quota) {
        l1 = l1.quota_with(|quota| quota.limit(limit).period(period));
    }
    l1
}

/// Whether the value itself stands in the template.
fn is_plain(node: &Node) -> bool {
    match node {
        Node::Text(text) => !text.contains("{{resolve:"),
        Node::Unchecked(node) => is_plain(node),
        _ => false,
    }
}
