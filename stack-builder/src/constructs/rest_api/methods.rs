//! The methods of a REST API: what guards them and which function answers.

use super::authorizer::Authorizer;
use super::cors::Preflight;
use super::deployment::Draft;
use super::handle::execution_arn;
use super::resources::Resources;
use super::validation::Validators;
use crate::constructs::route_path::{self, RouteNames};
use crate::constructs::routes::{Method, Route, Throttle};
use stack_builder_cfn::apigateway::{self as l1, method as nested};
use stack_builder_cfn::{IntoValue, Source, Value, intrinsic};
use std::collections::BTreeMap;

/// A method that takes other numbers of requests than the rest.
pub(super) struct Throttled {
    pub(super) verb: &'static str,
    pub(super) path: String,
    pub(super) throttle: Throttle,
}

/// The methods on their way into the draft.
pub(super) struct Methods<'a, 'b> {
    draft: &'a mut Draft<'b>,
    authorizer: Option<Authorizer>,
    needs_key: bool,
    preflight: Option<&'a Preflight>,
    validators: Validators,
    names: RouteNames,
    throttled: Vec<Throttled>,
}

impl<'a, 'b> Methods<'a, 'b> {
    pub(super) fn new(
        draft: &'a mut Draft<'b>,
        authorizer: Option<Authorizer>,
        needs_key: bool,
        preflight: Option<&'a Preflight>,
    ) -> Self {
        let validators = Validators::default();
        let names = RouteNames::default();
        Self { draft, authorizer, needs_key, preflight, validators, names, throttled: Vec::new() }
    }

    /// Adds the methods of each path, and returns those with a throttle of their own.
    pub(super) fn add(mut self, routes: Vec<(String, Route)>) -> Vec<Throttled> {
        let mut resources = Resources::default();
        let mut verbs = BTreeMap::<String, (Value<String>, Vec<&'static str>)>::new();
        for (path, route) in routes {
            let Some(resource) = self.resource(&mut resources, &path, route.source) else { continue };
            let (_, known) = verbs.entry(path.clone()).or_insert_with(|| (resource.clone(), Vec::new()));
            for method in route.methods {
                known.push(method.verb);
                self.add_method(&path, &resource, method, route.public);
            }
        }
        if let Some(preflight) = self.preflight {
            for (path, (resource, verbs)) in verbs {
                preflight.add_options(self.draft, &path, resource, &verbs);
            }
        }
        self.throttled
    }

    fn resource(&mut self, resources: &mut Resources, path: &str, source: Source) -> Option<Value<String>> {
        match route_path::problem(path) {
            Some(problem) => {
                self.draft.scope.report(problem.caused_by(source));
                None
            }
            None => resources.at(self.draft, path, source),
        }
    }

    fn add_method(&mut self, path: &str, resource: &Value<String>, method: Method, public: bool) {
        let claimed = self.names.claim(self.draft.scope, method.verb, path, method.source);
        let Some(name) = claimed else { return };
        let l1 = l1::Method::new()
            .rest_api_id(self.draft.id())
            .resource_id(resource)
            .http_method(method.verb)
            .api_key_required(self.needs_key)
            .integration_with(|integration| {
                integration
                    .type_(nested::Type::AwsProxy)
                    // How Lambda is called, whatever the client's method.
                    .integration_http_method("POST")
                    .uri(invocation_uri(method.function.arn()))
            });
        let l1 = match self.authorizer.as_ref().filter(|_| !public) {
            Some(authorizer) => guarded(l1, authorizer),
            None => l1.authorization_type(nested::AuthorizationType::None),
        };
        let l1 = self.validators.check(self.draft, &name, l1, &method);
        self.draft.add(&name, l1);
        let source =
            execution_arn(&self.draft.id(), self.draft.stage.as_str().into_value(), method.verb, path);
        self.draft.scope.add(&format!("{name}Permission"), method.function.permit_api(source));
        let throttled = |throttle| Throttled { verb: method.verb, path: path.to_owned(), throttle };
        self.throttled.extend(method.throttle.map(throttled));
    }
}

fn guarded(method: l1::Method, authorizer: &Authorizer) -> l1::Method {
    let method =
        method.authorization_type(nested::AuthorizationType::CognitoUserPools).authorizer_id(&authorizer.id);
    if authorizer.scopes.is_empty() {
        return method;
    }
    method.authorization_scopes(authorizer.scopes.clone())
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-api-as-simple-proxy-for-lambda.html>
fn invocation_uri(function: Value<String>) -> Value<String> {
    intrinsic::sub(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${function}/invocations",
        [("function", function)],
    )
}
