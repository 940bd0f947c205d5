//! HTTP APIs of API Gateway.

use super::cors::Cors;
use super::jwt_authorizer::JwtAuthorizer;
use super::log_group;
use super::routes::Route;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigatewayv2::{self as l1, api as nested};
use stack_builder_cfn::{IntoValue, Value, intrinsic, lambda, logs, pseudo};
use std::collections::{BTreeMap, BTreeSet};

/// Requests a second that an API takes unless it is told otherwise; the account's default is 10,000.
const RATE: u32 = 50;
/// Requests that may come at once.
const BURST: u32 = 100;

/// An HTTP API of API Gateway with one stage, `$default`, that deploys itself.
///
/// It logs each request in JSON, kept for 30 days, and takes 50 requests a second with bursts of 100. Once it has an
/// authorizer, every route needs a token but those made [public](Route::public).
#[must_use = "a construct does nothing until it is added"]
pub struct HttpApi {
    l1: l1::Api,
    authorizer: Option<JwtAuthorizer>,
    cors: Option<Cors>,
    routes: Vec<(String, Route)>,
    rate: u32,
    burst: u32,
    access_log: logs::LogGroup,
}

impl HttpApi {
    /// An API without routes.
    #[track_caller]
    pub fn new() -> Self {
        Self {
            l1: l1::Api::new().protocol_type(nested::ProtocolType::Http).name(pseudo::stack_name()),
            authorizer: None,
            cors: None,
            routes: Vec::new(),
            rate: RATE,
            burst: BURST,
            access_log: log_group::new(),
        }
    }

    /// Asks every request for a token that `authorizer` accepts.
    pub fn authorizer(mut self, authorizer: JwtAuthorizer) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// Lets pages of other origins call it. API Gateway answers the browser's questions itself.
    pub fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
    }

    /// Has `route` answer `path`, such as `/files` or `/files/{id}`.
    pub fn route(mut self, path: &str, route: Route) -> Self {
        self.routes.push((path.to_owned(), route));
        self
    }

    /// Takes `rate` requests a second with bursts of `burst`, and refuses more with status 429.
    pub fn throttle(mut self, rate: u32, burst: u32) -> Self {
        (self.rate, self.burst) = (rate, burst);
        self
    }

    /// Days for which the access log is kept, 30 unless said otherwise.
    #[track_caller]
    pub fn log_retention(mut self, days: impl IntoValue<i64>) -> Self {
        self.access_log = self.access_log.retention_in_days(days);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(l1::Api) -> l1::Api) -> Self {
        self.l1 = change(self.l1);
        self
    }

    /// The methods of all routes, each once.
    fn methods(&self) -> BTreeSet<&'static str> {
        self.routes.iter().flat_map(|(_, route)| route.methods.iter().map(|(method, _)| *method)).collect()
    }
}

impl Default for HttpApi {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for HttpApi {
    type Handle = HttpApiRef;

    fn build(self, scope: &mut Scope) -> HttpApiRef {
        let methods: Vec<_> = self.methods().into_iter().chain(["OPTIONS"]).collect();
        let mut l1 = self.l1;
        if let Some(cors) = self.cors {
            l1 = l1.cors_configuration_with(|c| {
                c.allow_origins(cors.origins)
                    .allow_headers(cors.headers)
                    .allow_methods(methods)
                    .max_age(3_600)
            });
        }
        let l1 = scope.resource(l1);
        let api = HttpApiRef { id: l1.reference(), endpoint: l1.api_endpoint() };
        let authorizer = self.authorizer.map(|authorizer| add_authorizer(scope, &api, authorizer));
        add_routes(scope, &api, self.routes, authorizer.as_ref());
        // Groups of this prefix need no entry in the account's log resource policy, which has room for few.
        let name = format!("/aws/vendedlogs/${{stack}}/{}", scope.logical_id());
        let name = intrinsic::sub(&name, [("stack", pseudo::stack_name())]);
        let access_log = scope.add("AccessLog", self.access_log.log_group_name(name));
        add_stage(scope, &api, self.rate, self.burst, &access_log.arn());
        api
    }
}

fn add_authorizer(scope: &mut Scope, api: &HttpApiRef, authorizer: JwtAuthorizer) -> Value<String> {
    let l1 = l1::Authorizer::new()
        .api_id(api.id())
        .name("jwt")
        .authorizer_type(l1::authorizer::AuthorizerType::Jwt)
        .identity_source(["$request.header.Authorization"])
        .jwt_configuration_with(|jwt| jwt.issuer(authorizer.issuer).audience(authorizer.audience));
    scope.add("Authorizer", l1).reference()
}

/// One integration a function, one route and one permission a method of a path.
fn add_routes(
    scope: &mut Scope,
    api: &HttpApiRef,
    routes: Vec<(String, Route)>,
    authorizer: Option<&Value<String>>,
) {
    let mut integrations = BTreeMap::new();
    let mut names = BTreeMap::new();
    for (path, route) in routes {
        if !path.starts_with('/') {
            let message = format!("the route `{path}` does not begin with a slash");
            scope.report(Diagnostic::error("illegal-route", message).hint(format!("write `/{path}`")));
        }
        for (method, function) in route.methods {
            let key = format!("{method} {path}");
            let name = route_name(method, &path);
            if let Some(other) = names.insert(name.clone(), key.clone()) {
                let message = format!("the routes `{other}` and `{key}` would share the name `{name}`");
                scope.report(Diagnostic::error("illegal-route", message).hint("change one of the paths"));
                continue;
            }
            let integration = integrations.entry(function.logical_id().clone()).or_insert_with(|| {
                let l1 = l1::Integration::new()
                    .api_id(api.id())
                    .integration_type(l1::integration::IntegrationType::AwsProxy)
                    .integration_uri(function.arn())
                    .payload_format_version(l1::integration::PayloadFormatVersion::N2_0);
                scope.add(&format!("{}Integration", function.logical_id()), l1).reference()
            });
            let target = intrinsic::sub("integrations/${id}", [("id", integration.clone())]);
            let l1 = l1::Route::new().api_id(api.id()).route_key(key).target(target);
            let l1 = match authorizer.filter(|_| !route.public) {
                Some(id) => l1.authorization_type(l1::route::AuthorizationType::Jwt).authorizer_id(id),
                None => l1.authorization_type(l1::route::AuthorizationType::None),
            };
            scope.add(&name, l1);
            let source = api.execution_arn(method, &path);
            let permission = lambda::Permission::new()
                .action("lambda:InvokeFunction")
                .function_name(function.arn())
                .principal("apigateway.amazonaws.com")
                .source_arn(source);
            scope.add(&format!("{name}Permission"), permission);
        }
    }
}

/// `GET /files/{id}` to `GetFilesId`: a route keeps its name when others come and go.
fn route_name(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric());
    [method.to_ascii_lowercase().as_str()]
        .into_iter()
        .chain(words)
        .filter_map(|word| word.split_at_checked(1))
        .flat_map(|(first, rest)| [first.to_ascii_uppercase(), rest.to_owned()])
        .collect()
}

fn add_stage(scope: &mut Scope, api: &HttpApiRef, rate: u32, burst: u32, access_log: &Value<String>) {
    let stage = l1::Stage::new()
        .api_id(api.id())
        .stage_name("$default")
        .auto_deploy(true)
        .access_log_settings_with(|log| log.destination_arn(access_log).format(access_log_format()))
        .default_route_settings_with(|settings| {
            settings.throttling_rate_limit(f64::from(rate)).throttling_burst_limit(burst)
        });
    scope.add("Stage", stage);
}

/// One JSON object a request.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>
fn access_log_format() -> String {
    let fields = [
        "requestId",
        "requestTime",
        "httpMethod",
        "routeKey",
        "path",
        "protocol",
        "status",
        "responseLength",
        "responseLatency",
        "integrationErrorMessage",
    ];
    let mut pairs: Vec<_> = fields.map(|field| format!("\"{field}\":\"$context.{field}\"")).into();
    pairs.push("\"ip\":\"$context.identity.sourceIp\"".to_owned());
    pairs.push("\"authorizerError\":\"$context.authorizer.error\"".to_owned());
    format!("{{{}}}", pairs.join(","))
}

/// A handle on an HTTP API.
#[derive(Clone, Debug)]
pub struct HttpApiRef {
    id: Value<String>,
    endpoint: Value<String>,
}

impl HttpApiRef {
    /// Its id.
    pub fn id(&self) -> Value<String> {
        self.id.clone()
    }

    /// Its address, without a final slash: `https://<id>.execute-api.<region>.amazonaws.com`.
    pub fn url(&self) -> Value<String> {
        self.endpoint.clone()
    }

    /// The ARN by which a permission names one method of a path, in every stage; a path parameter stands for any one
    /// part.
    fn execution_arn(&self, method: &str, path: &str) -> Value<String> {
        let path: Vec<_> =
            path.split('/').map(|part| if part.starts_with('{') { "*" } else { part }).collect();
        intrinsic::sub(
            "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/*/${route}",
            [("api", self.id()), ("route", format!("{method}{}", path.join("/")).into_value())],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_named_after_its_method_and_path() {
        assert_eq!(route_name("GET", "/"), "Get");
        assert_eq!(route_name("POST", "/getUploadUrl"), "PostGetUploadUrl");
        assert_eq!(route_name("PUT", "/item/{id}/done"), "PutItemIdDone");
    }

    #[test]
    fn the_access_log_is_json() {
        let line: serde_json::Value = serde_json::from_str(&access_log_format()).unwrap();
        assert_eq!(line["status"], "$context.status");
    }
}
