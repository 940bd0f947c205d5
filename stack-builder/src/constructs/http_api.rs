//! HTTP APIs of API Gateway.

mod routes;

use super::access_log;
use super::cors::{self, Cors};
use super::jwt_authorizer::JwtAuthorizer;
use super::log_group;
use super::origin::Origin;
use super::route_path;
use super::routes::{Route, Throttle};
use crate::construct::Construct;
use crate::scope::Scope;
use routes::{Routes, Throttled};
use stack_builder_cfn::apigatewayv2::{self as l1, api as nested};
use stack_builder_cfn::{Attributes, IntoValue, Value, intrinsic, logs, pseudo};
use std::collections::{BTreeMap, BTreeSet};

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
    throttle: Throttle,
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
            throttle: Throttle::default(),
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

    /// Adds each of these routes, which may have been made for either kind of API.
    pub fn routes<'a>(self, routes: impl IntoIterator<Item = (&'a str, Route)>) -> Self {
        routes.into_iter().fold(self, |api, (path, route)| api.route(path, route))
    }

    /// Takes `rate` requests a second with bursts of `burst`, and refuses more with status 429.
    pub fn throttle(mut self, rate: u32, burst: u32) -> Self {
        self.throttle = Throttle { rate, burst };
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
        self.routes.iter().flat_map(|(_, route)| route.methods.iter().map(|method| method.verb)).collect()
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
            cors.check(scope);
            l1 = l1.cors_configuration_with(|c| {
                c.allow_origins(cors.origins)
                    .allow_headers(cors.headers)
                    .allow_methods(methods)
                    .max_age(cors::MAX_AGE)
            });
        }
        let l1 = scope.resource(l1);
        let api = HttpApiRef { id: l1.reference(), endpoint: l1.api_endpoint() };
        let authorizer = self.authorizer.map(|authorizer| add_authorizer(scope, &api, authorizer));
        let throttled =
            Routes { scope, api: &api, authorizer, integrations: BTreeMap::new() }.add(self.routes);
        let access_log = access_log::add(scope, &api.id, self.access_log);
        add_stage(scope, &api, self.throttle, throttled, &access_log);
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

fn add_stage(
    scope: &mut Scope,
    api: &HttpApiRef,
    throttle: Throttle,
    throttled: Vec<Throttled>,
    log: &Value<String>,
) {
    let mut stage = l1::Stage::new()
        .api_id(api.id())
        .stage_name("$default")
        .auto_deploy(true)
        .access_log_settings_with(|l1| {
            l1.destination_arn(log).format(access_log::json(&[("routeKey", "routeKey")]))
        })
        .default_route_settings(route_settings(throttle));
    let mut settings = Vec::new();
    for (route, key, throttle) in throttled {
        stage = stage.depends_on(&route);
        settings.push((key, route_settings(throttle)));
    }
    if !settings.is_empty() {
        stage = stage.route_settings(settings);
    }
    scope.add("Stage", stage);
}

fn route_settings(throttle: Throttle) -> l1::stage::RouteSettings {
    l1::stage::RouteSettings::new()
        .throttling_rate_limit(f64::from(throttle.rate))
        .throttling_burst_limit(throttle.burst)
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

    /// The API as an origin of a distribution: a path that is forwarded to it is the route's own.
    pub fn origin(&self) -> Origin {
        Origin::https(intrinsic::sub(
            "${api}.execute-api.${region}.${suffix}",
            [("api", self.id()), ("region", pseudo::region()), ("suffix", pseudo::url_suffix())],
        ))
    }

    /// The ARN by which a permission names one method of a path, in every stage.
    fn execution_arn(&self, method: &str, path: &str) -> Value<String> {
        intrinsic::sub(
            "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${api}/*/${route}",
            [("api", self.id()), ("route", format!("{method}{}", route_path::pattern(path)).into_value())],
        )
    }
}
