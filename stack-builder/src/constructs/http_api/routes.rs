//! The routes of an HTTP API: what guards them and which function answers.

use super::HttpApiRef;
use crate::constructs::function::FunctionRef;
use crate::constructs::route_path::{self, RouteNames};
use crate::constructs::routes::{Method, Route, Throttle};
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigatewayv2 as l1;
use stack_builder_cfn::{Value, intrinsic};
use std::collections::BTreeMap;

/// The routes of an API on their way into the template.
pub(super) struct Routes<'a> {
    pub(super) scope: &'a mut Scope,
    pub(super) api: &'a HttpApiRef,
    pub(super) authorizer: Option<Value<String>>,
    /// One a function.
    pub(super) integrations: BTreeMap<String, Value<String>>,
}

/// A route that takes other numbers of requests than the rest.
pub(super) type Throttled = (l1::RouteRef, String, Throttle);

impl Routes<'_> {
    /// Adds a route and a permission for each method of each path, and returns those with a throttle of their own.
    pub(super) fn add(mut self, routes: Vec<(String, Route)>) -> Vec<Throttled> {
        let mut names = RouteNames::default();
        let mut throttled = Vec::new();
        for (path, route) in routes {
            if let Some(problem) = route_path::problem(&path) {
                self.scope.report(problem.caused_by(route.source));
            }
            for method in route.methods {
                report_validation(self.scope, &method);
                if let Some(name) = names.claim(self.scope, method.verb, &path, method.source) {
                    let l1 = self.add_route(&name, &path, &method, route.public);
                    let key = format!("{} {path}", method.verb);
                    throttled.extend(method.throttle.map(|throttle| (l1, key, throttle)));
                }
            }
        }
        throttled
    }

    fn add_route(&mut self, name: &str, path: &str, method: &Method, public: bool) -> l1::RouteRef {
        let integration = self.integration(&method.function);
        let target = intrinsic::sub("integrations/${id}", [("id", integration)]);
        let key = format!("{} {path}", method.verb);
        let l1 = l1::Route::new().api_id(self.api.id()).route_key(key).target(target);
        let l1 = match self.authorizer.as_ref().filter(|_| !public) {
            Some(id) => l1.authorization_type(l1::route::AuthorizationType::Jwt).authorizer_id(id),
            None => l1.authorization_type(l1::route::AuthorizationType::None),
        };
        let route = self.scope.add(name, l1);
        let permission = method.function.permit_api(self.api.execution_arn(method.verb, path));
        self.scope.add(&format!("{name}Permission"), permission);
        route
    }

    fn integration(&mut self, function: &FunctionRef) -> Value<String> {
        let id = function.logical_id().to_string();
        let l1 = l1::Integration::new()
            .api_id(self.api.id())
            .integration_type(l1::integration::IntegrationType::AwsProxy)
            .integration_uri(function.arn())
            .payload_format_version(l1::integration::PayloadFormatVersion::N2_0);
        let add = || self.scope.add(&format!("{id}Integration"), l1).reference();
        self.integrations.entry(id.clone()).or_insert_with(add).clone()
    }
}

/// Reports what only a REST API checks of a request.
fn report_validation(scope: &mut Scope, method: &Method) {
    let body = method.body.iter().map(|(_, source)| ("a body", *source));
    let queries = method.queries.iter().map(|(_, source)| ("a query string", *source));
    for (what, source) in body.chain(queries) {
        let message = format!("an HTTP API does not check {what} before it calls the function");
        let hint = "check it in the function, or make the API a `RestApi`";
        scope.report(Diagnostic::error("unsupported-validation", message).hint(hint).caused_by(source));
    }
}
