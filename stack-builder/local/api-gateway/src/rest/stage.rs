//! Reading the stages of a REST API, with their throttles and usage plans.

use super::keys::{Key, Plan};
use super::read::of;
use super::{Method, Stage};
use crate::access_log::AccessLog;
use crate::exchange::Facts;
use crate::gateway::Shared;
use crate::limits::{Period, Quota, Throttle};
use crate::notes::{Notes, number, whole};
use serde_json::Value;
use stack_builder_local_core::{Resource, Resources};
use std::sync::Arc;

/// Reads all stages of `api`, also those that a deployment makes.
pub(super) fn read(
    all: &Resources,
    api: &Resource,
    facts: &Facts,
    methods: &[Method],
    shared: &Shared,
    notes: &mut Notes,
) -> Vec<Stage> {
    let deployed = of(all, "AWS::ApiGateway::Deployment", api).filter(|one| one.text("StageName").is_some());
    let stages: Vec<_> = of(all, "AWS::ApiGateway::Stage", api).chain(deployed).collect();
    stages.into_iter().map(|one| read_one(all, one, facts, methods, shared, notes)).collect()
}

fn read_one(
    all: &Resources,
    one: &Resource,
    facts: &Facts,
    methods: &[Method],
    shared: &Shared,
    notes: &mut Notes,
) -> Stage {
    let known = [
        "RestApiId",
        "StageName",
        "DeploymentId",
        "Description",
        "Tags",
        "AccessLogSetting",
        "MethodSettings",
        "Variables",
        "DocumentationVersion",
        "StageDescription",
    ];
    notes.unknown(one, &known);
    note_settings(one, notes);
    let name: Arc<str> = one.text("StageName").unwrap_or_default().into();
    let log = AccessLog::read(one.property("AccessLogSetting"), &facts.api_id);
    let variables = one.property("Variables");
    Stage {
        deployment: one.text("DeploymentId").unwrap_or(&one.physical_id).to_owned(),
        throttles: methods.iter().map(|method| throttle(one, method, &name, facts, shared)).collect(),
        plans: plans(all, &[&name, &one.physical_id], facts, shared, notes),
        variables: if variables.is_object() { variables.clone() } else { Value::Null },
        log: log.unwrap_or_else(|text| {
            notes.add(one, text);
            None
        }),
        name,
    }
}

fn settings(stage: &Resource) -> impl Iterator<Item = &Value> {
    stage.property("MethodSettings").as_array().into_iter().flatten()
}

fn note_settings(stage: &Resource, notes: &mut Notes) {
    for name in ["CachingEnabled", "DataTraceEnabled", "MetricsEnabled"] {
        if settings(stage).any(|one| crate::notes::flag(&one[name])) {
            notes.add(stage, format!("`MethodSettings.{name}` has no effect here"));
        }
    }
}

/// The most specific setting that is for a method: its own, its resource's, all resources' of its verb, all.
fn throttle(
    stage: &Resource,
    method: &Method,
    name: &str,
    facts: &Facts,
    shared: &Shared,
) -> Option<Throttle> {
    let verb = method.verb.as_deref().unwrap_or("ANY");
    let wanted = [(method.resource.as_str(), verb), (&method.resource, "*"), ("/*", verb), ("/*", "*")];
    let limit = |limit: &str| {
        wanted.iter().find_map(|(path, verb)| {
            let of = |one: &&Value| {
                one["HttpMethod"] == *verb
                    && unescape(one["ResourcePath"].as_str().unwrap_or_default()) == *path
            };
            settings(stage).find(of).and_then(|one| number(&one[limit]))
        })
    };
    let id = format!("{}/{name}/{verb} {}", facts.api_id, method.resource);
    Throttle::new(&shared.counters, id, limit("ThrottlingRateLimit"), limit("ThrottlingBurstLimit"))
}

/// `/~1item~1{id}` is `/item/{id}`.
fn unescape(path: &str) -> String {
    let path = if path.starts_with("/~1") { &path[1..] } else { path };
    path.replace("~1", "/").replace("~0", "~")
}

fn plans(all: &Resources, stage: &[&str], facts: &Facts, shared: &Shared, notes: &mut Notes) -> Vec<Plan> {
    let mut plans = Vec::new();
    for plan in all.of_type("AWS::ApiGateway::UsagePlan") {
        let stages = plan.property("ApiStages").as_array().into_iter().flatten();
        let mut of_stage = stages.filter(|one| {
            one["ApiId"] == *facts.api_id && one["Stage"].as_str().is_some_and(|name| stage.contains(&name))
        });
        let Some(of_stage) = of_stage.next() else { continue };
        let keys = all.of_type("AWS::ApiGateway::UsagePlanKey");
        let keys = keys.filter(|key| key.text("UsagePlanId") == Some(&plan.physical_id));
        let keys = keys.filter_map(|key| all.find("AWS::ApiGateway::ApiKey", key.text("KeyId")?));
        let keys: Vec<_> = keys.filter(|key| key.flag("Enabled") == Some(true)).collect();
        plans.push(Plan {
            keys: keys.into_iter().map(|key| read_key(key, plan, of_stage, shared, notes)).collect(),
        });
    }
    plans
}

fn read_key(key: &Resource, plan: &Resource, of_stage: &Value, shared: &Shared, notes: &mut Notes) -> Key {
    let value = key.text("Value").unwrap_or_else(|| {
        notes.add(key, format!("AWS would make up a value; here it is `{}`", key.physical_id));
        &key.physical_id
    });
    let id = |what: &str| format!("{}/{}/{what}", plan.physical_id, key.physical_id);
    let throttle = |limits: &Value, what: &str| {
        Throttle::new(&shared.counters, id(what), number(&limits["RateLimit"]), number(&limits["BurstLimit"]))
    };
    let quota = plan.property("Quota");
    let period = match quota["Period"].as_str() {
        Some("WEEK") => Period::Week,
        Some("MONTH") => Period::Month,
        _ => Period::Day,
    };
    let of_methods = of_stage["Throttle"].as_object().into_iter().flatten();
    Key {
        id: key.physical_id.clone(),
        value: value.to_owned(),
        throttle: throttle(plan.property("Throttle"), "*"),
        of_methods: of_methods.map(|(method, limits)| (method.clone(), throttle(limits, method))).collect(),
        quota: whole(&quota["Limit"]).map(|limit| Quota::new(&shared.counters, id("quota"), limit, period)),
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn paths_of_settings_are_escaped() {
        let check = |path, expect| assert_eq!(unescape(path), expect);
        check("/*", "/*");
        check("/", "/");
        check("/~1login", "/login");
        check("/~1item~1{id}", "/item/{id}");
        check("~1item", "/item");
    }
}
