//! Reading an HTTP API from its resources.

use super::cors::Cors;
use super::{Guard, HttpApi, Integration, Route, Stage};
use crate::access_log::AccessLog;
use crate::call::Function;
use crate::exchange::Facts;
use crate::gateway::Shared;
use crate::lambda_authorizer::{LambdaAuthorizer, Source};
use crate::limits::Throttle;
use crate::notes::{Notes, flag, number, texts, whole};
use crate::pattern::Pattern;
use serde_json::Value;
use stack_builder_local_core::{Resource, Resources};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The longest time that an integration may take, milliseconds
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html)).
const LONGEST: u64 = 30_000;
/// The longest time that an authorizer may take.
const AUTHORIZER: Duration = Duration::from_secs(10);

/// Reads the API `api`.
pub(crate) fn read(
    all: &Resources,
    api: &Resource,
    facts: Facts,
    shared: Arc<Shared>,
    notes: &mut Notes,
) -> HttpApi {
    let known =
        ["Name", "ProtocolType", "CorsConfiguration", "Description", "Tags", "Version", "IpAddressType"];
    notes.unknown(api, &known);
    let integrations = integrations(all, api, notes);
    let guards = guards(all, api, notes);
    let mut routes: Vec<_> = of(all, "AWS::ApiGatewayV2::Route", api)
        .map(|route| read_route(route, &integrations, &guards, notes))
        .collect();
    routes.sort_by_key(|route| {
        (route.path.is_none(), route.path.as_ref().map(Pattern::rank), route.method.is_none())
    });
    let facts = Arc::new(facts);
    let stages = of(all, "AWS::ApiGatewayV2::Stage", api)
        .map(|stage| read_stage(stage, &facts, &routes, &shared, notes))
        .collect();
    HttpApi { cors: Cors::read(api.property("CorsConfiguration")), facts, shared, stages, routes }
}

fn of<'a>(all: &'a Resources, kind: &'a str, api: &'a Resource) -> impl Iterator<Item = &'a Resource> {
    all.of_type(kind).filter(|one| one.text("ApiId") == Some(&api.physical_id))
}

fn integrations(all: &Resources, api: &Resource, notes: &mut Notes) -> HashMap<String, Integration> {
    let mut found = HashMap::new();
    for one in of(all, "AWS::ApiGatewayV2::Integration", api) {
        let known = [
            "ApiId",
            "IntegrationType",
            "IntegrationUri",
            "IntegrationMethod",
            "PayloadFormatVersion",
            "TimeoutInMillis",
            "CredentialsArn",
            "Description",
            "ConnectionType",
        ];
        notes.unknown(one, &known);
        let timeout =
            Duration::from_millis(whole(one.property("TimeoutInMillis")).unwrap_or(LONGEST).min(LONGEST));
        let uri = one.text("IntegrationUri").unwrap_or_default();
        let function = Function::read(uri, one.text("CredentialsArn"), timeout);
        match function.filter(|_| one.text("IntegrationType") == Some("AWS_PROXY")) {
            Some(function) => {
                let modern = one.text("PayloadFormatVersion") == Some("2.0");
                found.insert(one.physical_id.clone(), Integration { function, modern });
            }
            None => notes.add(one, "only integrations of functions are run here; its routes answer 500"),
        }
    }
    found
}

fn guards(all: &Resources, api: &Resource, notes: &mut Notes) -> HashMap<String, Guard> {
    of(all, "AWS::ApiGatewayV2::Authorizer", api)
        .filter_map(|one| {
            let known = [
                "ApiId",
                "Name",
                "AuthorizerType",
                "IdentitySource",
                "JwtConfiguration",
                "AuthorizerUri",
                "AuthorizerPayloadFormatVersion",
                "AuthorizerResultTtlInSeconds",
                "EnableSimpleResponses",
                "AuthorizerCredentialsArn",
            ];
            notes.unknown(one, &known);
            let guard = if one.text("AuthorizerType") == Some("JWT") { token(one) } else { lambda(one) };
            if guard.is_none() {
                notes.add(one, "the authorizer cannot be read; its routes answer 403");
            }
            Some((one.physical_id.clone(), guard?))
        })
        .collect()
}

fn token(one: &Resource) -> Option<Guard> {
    let jwt = one.property("JwtConfiguration");
    Some(Guard::Token {
        name: one.text("Name").unwrap_or("jwt").to_owned(),
        token: Source::parse(one.property("IdentitySource").get(0)?.as_str()?)?,
        issuer: vec![jwt["Issuer"].as_str()?.to_owned()],
        audience: texts(&jwt["Audience"]),
        scopes: Vec::new(),
    })
}

fn lambda(one: &Resource) -> Option<Guard> {
    let function =
        Function::read(one.text("AuthorizerUri")?, one.text("AuthorizerCredentialsArn"), AUTHORIZER)?;
    let modern = one.text("AuthorizerPayloadFormatVersion") == Some("2.0");
    let sources = texts(one.property("IdentitySource"));
    let authorizer = LambdaAuthorizer {
        id: one.physical_id.clone(),
        function,
        sources: sources.iter().map(|source| Source::parse(source)).collect::<Option<_>>()?,
        ttl: whole(one.property("AuthorizerResultTtlInSeconds")).unwrap_or(0),
        simple: modern && flag(one.property("EnableSimpleResponses")),
        kept: std::sync::Mutex::default(),
    };
    let name = one.text("Name").unwrap_or("function").to_owned();
    Some(Guard::Lambda { name, authorizer: Arc::new(authorizer), modern })
}

fn read_route(
    route: &Resource,
    integrations: &HashMap<String, Integration>,
    guards: &HashMap<String, Guard>,
    notes: &mut Notes,
) -> Route {
    let known = [
        "ApiId",
        "RouteKey",
        "Target",
        "AuthorizationType",
        "AuthorizerId",
        "AuthorizationScopes",
        "OperationName",
    ];
    notes.unknown(route, &known);
    let key = route.text("RouteKey").unwrap_or_default().to_owned();
    let (method, path) = match key.split_once(' ') {
        Some((method, path)) => ((method != "ANY").then(|| method.to_owned()), Some(Pattern::parse(path))),
        None => (None, None),
    };
    let target = route.text("Target").and_then(|target| target.strip_prefix("integrations/"));
    let integration = target.and_then(|target| integrations.get(target)).cloned();
    Route { key, method, path, integration, guard: read_guard(route, guards, notes) }
}

fn read_guard(route: &Resource, guards: &HashMap<String, Guard>, notes: &mut Notes) -> Guard {
    let mut guard = match route.text("AuthorizationType") {
        None | Some("NONE") => return Guard::Open,
        Some("AWS_IAM") => {
            notes.add(route, "signatures of callers are not checked here; the route answers 403");
            return Guard::Closed("authorization by IAM is not run here");
        }
        Some(_) => route.text("AuthorizerId").and_then(|id| guards.get(id)).cloned(),
    };
    if let Some(Guard::Token { scopes, .. }) = &mut guard {
        *scopes = texts(route.property("AuthorizationScopes"));
    }
    guard.unwrap_or(Guard::Closed("the route's authorizer is not there"))
}

fn read_stage(
    stage: &Resource,
    facts: &Facts,
    routes: &[Route],
    shared: &Shared,
    notes: &mut Notes,
) -> Stage {
    let known = [
        "ApiId",
        "StageName",
        "AutoDeploy",
        "AccessLogSettings",
        "DefaultRouteSettings",
        "RouteSettings",
        "StageVariables",
        "DeploymentId",
        "Description",
        "Tags",
    ];
    notes.unknown(stage, &known);
    let name: Arc<str> = stage.text("StageName").unwrap_or("$default").into();
    let log = AccessLog::read(stage.property("AccessLogSettings"), &facts.api_id);
    let throttle = |route: &Route| {
        let own = &stage.property("RouteSettings")[&route.key];
        let limit =
            |limit| number(&own[limit]).or_else(|| number(&stage.property("DefaultRouteSettings")[limit]));
        let id = format!("{}/{name}/{}", facts.api_id, route.key);
        Throttle::new(&shared.counters, id, limit("ThrottlingRateLimit"), limit("ThrottlingBurstLimit"))
    };
    let variables = stage.property("StageVariables");
    Stage {
        throttles: routes.iter().map(throttle).collect(),
        variables: if variables.is_object() { variables.clone() } else { Value::Null },
        log: log.unwrap_or_else(|text| {
            notes.add(stage, text);
            None
        }),
        name,
    }
}
