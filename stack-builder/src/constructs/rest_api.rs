//! REST APIs of API Gateway.

mod authorizer;
mod cors;
mod deployment;
mod gateway_responses;
mod handle;
mod key;
mod methods;
mod resources;
mod stage;
mod validation;

pub use handle::RestApiRef;

use super::cognito_authorizer::CognitoAuthorizer;
use super::cors::Cors;
use super::routes::{Route, Throttle};
use super::usage_plan::UsagePlan;
use crate::construct::Construct;
use crate::scope::Scope;
use cors::Preflight;
use deployment::Draft;
use methods::Methods;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigateway as l1;
use stack_builder_cfn::{IntoValue, Source, Value, pseudo};
use stage::StageSettings;
use std::panic::Location;

/// TLS 1.2 or 1.3 with forward secrecy; CloudFront speaks the former to its origins.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html>
const TLS_POLICY: &str = "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09";

/// A regional REST API of API Gateway with one stage, which is named after the stack's stage.
///
/// It speaks TLS 1.2 or newer, logs each request in JSON, kept for 30 days, and takes 50 requests a second with bursts
/// of 100. Once it has an authorizer, every route needs a token but those made [public](Route::public). A path that it
/// does not have is a 404, and the bodies of its own errors are JSON with a `message`.
///
/// What a stage serves is a snapshot, the deployment: it is made anew whenever routes, authorizer, schemas, CORS or the
/// API's own settings change in the template. A change of a parameter's value alone does not make a new one, and
/// neither does what is changed below the construct once it has been added.
///
/// ```
/// use stack_builder::{Cors, Function, RestApi, SignIn, Stack, UserPool, get, post};
/// use serde_json::json;
///
/// fn describe(stack: &mut Stack) {
///     let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
///     let list = stack.add("List", Function::rust("items-list"));
///     let add = stack.add("Add", Function::rust("items-add"));
///     let api = RestApi::new()
///         .authorizer(users.cognito_authorizer())
///         .cors(Cors::origins(["https://example.org"]))
///         .route("/items", get(&list).post(&add).body(json!({"type": "object", "required": ["name"]})).throttle(5, 10));
///     let api = stack.add("Api", api);
///     stack.output("ApiUrl", api.url());
/// }
/// ```
///
/// The log needs a role that is set once for an account and region: `stack-builder bootstrap` does it.
#[must_use = "a construct does nothing until it is added"]
pub struct RestApi {
    l1: l1::RestApi,
    authorizer: Option<CognitoAuthorizer>,
    cors: Option<Cors>,
    routes: Vec<(String, Route)>,
    stage: StageSettings,
    key: Option<(Value<String>, Source)>,
    usage_plan: Option<UsagePlan>,
}

impl RestApi {
    /// An API without routes.
    #[track_caller]
    pub fn new() -> Self {
        let l1 = l1::RestApi::new()
            .name(pseudo::stack_name())
            .endpoint_configuration_with(|endpoint| endpoint.types(["REGIONAL"]))
            .security_policy(TLS_POLICY)
            // `STRICT` also compares the host of TLS with that of HTTP, which some clients leave out.
            .endpoint_access_mode("BASIC");
        Self {
            l1,
            authorizer: None,
            cors: None,
            routes: Vec::new(),
            stage: StageSettings::new(),
            key: None,
            usage_plan: None,
        }
    }

    /// Asks every request for a token that `authorizer` accepts.
    pub fn authorizer(mut self, authorizer: CognitoAuthorizer) -> Self {
        self.authorizer = Some(authorizer);
        self
    }

    /// Lets pages of other origins call it: every path answers `OPTIONS` without a token.
    ///
    /// A function's answers reach the page as the function gives them, so it has to set `access-control-allow-origin`
    /// itself. What API Gateway refuses carries the header too: the origin where there is one, and `*` where there are
    /// several, because such an answer cannot depend on the request and holds nothing but its `message`.
    pub fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
    }

    /// Has `route` answer `path`, such as `/files`, `/files/{id}` or `/{rest+}`.
    pub fn route(mut self, path: &str, route: Route) -> Self {
        self.routes.push((path.to_owned(), route));
        self
    }

    /// Adds each of these routes, which may have been made for either kind of API.
    pub fn routes<'a>(self, routes: impl IntoIterator<Item = (&'a str, Route)>) -> Self {
        routes.into_iter().fold(self, |api, (path, route)| api.route(path, route))
    }

    /// Names the stage, which begins the path of its address: letters, digits, `-` and `_`.
    #[track_caller]
    pub fn stage_name(mut self, name: &str) -> Self {
        self.stage.name = Some((name.to_owned(), Location::caller()));
        self
    }

    /// Takes `rate` requests a second with bursts of `burst`, and refuses more with status 429.
    pub fn throttle(mut self, rate: u32, burst: u32) -> Self {
        self.stage.throttle = Throttle { rate, burst };
        self
    }

    /// Sends traces to X-Ray.
    pub fn trace(mut self) -> Self {
        self.stage.trace = true;
        self
    }

    /// Counts requests, errors and latency a method in CloudWatch and not only a stage, at the price of its metrics.
    pub fn detailed_metrics(mut self) -> Self {
        self.stage.metrics = true;
        self
    }

    /// Days for which the access log is kept, 30 unless said otherwise.
    #[track_caller]
    pub fn log_retention(mut self, days: impl IntoValue<i64>) -> Self {
        self.stage.log = self.stage.log.retention_in_days(days);
        self
    }

    /// Writes the access log in this format instead of JSON: one line with `$context.requestId` in it.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html>
    #[track_caller]
    pub fn access_log_format(mut self, format: &str) -> Self {
        self.stage.log_format = Some((format.to_owned(), Location::caller()));
        self
    }

    /// Asks every request for this key in the header `x-api-key`: 20 to 128 letters and digits, best the
    /// [value](super::SecretRef::value) of a secret. `OPTIONS` needs none, a public route does.
    ///
    /// A key tells which client asks, a distribution for instance, and not which user.
    #[track_caller]
    pub fn require_key(mut self, key: impl IntoValue<String>) -> Self {
        self.key = Some((key.into_value(), Location::caller()));
        self
    }

    /// Limits what the holder of the key may ask for.
    pub fn usage_plan(mut self, plan: UsagePlan) -> Self {
        self.usage_plan = Some(plan);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(l1::RestApi) -> l1::RestApi) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Default for RestApi {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for RestApi {
    type Handle = RestApiRef;

    fn build(self, scope: &mut Scope) -> RestApiRef {
        if self.routes.is_empty() {
            let message = "the API has no route, and API Gateway deploys no such API";
            scope.report(Diagnostic::error("illegal-route", message).hint("add one with `route`"));
        }
        let l1 = scope.resource(self.l1);
        let preflight = self.cors.and_then(|cors| Preflight::of(cors, scope));
        let stage = self.stage.checked_name(scope);
        let mut draft = Draft::of(scope, l1, stage.clone());
        gateway_responses::add(&mut draft, preflight.as_ref());
        let authorizer = self.authorizer.map(|authorizer| authorizer::add(&mut draft, authorizer));
        let throttled =
            Methods::new(&mut draft, authorizer, self.key.is_some(), preflight.as_ref()).add(self.routes);
        let id = draft.id();
        let deployment = draft.deploy();
        let stage = stage::add(scope, self.stage, &id, &stage, &deployment, throttled);
        let api = RestApiRef { id, stage };
        key::add(scope, &api, self.key, self.usage_plan);
        api
    }
}
