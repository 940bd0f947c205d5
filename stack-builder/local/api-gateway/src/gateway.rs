//! All APIs of an application.

use crate::call::Function;
use crate::exchange::{Exchange, Facts};
use crate::http_api::{self, HttpApi};
use crate::limits::Counters;
use crate::notes::Notes;
use crate::rest::{self, RestApi};
use crate::token::Verifier;
use stack_builder_local_core::{
    Invoker, Note, Resource, ResourceId, Resources, Service, Severity, TokenKeys, World,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What all APIs use.
pub(crate) struct Shared {
    pub(crate) world: World,
    pub(crate) invoker: Arc<dyn Invoker>,
    pub(crate) verifier: Verifier,
    pub(crate) counters: Counters,
}

/// Why an answer of a function is not passed on.
pub(crate) const MALFORMED: &str = "the function's answer is malformed";

impl Shared {
    /// Tells the developer what the client is not told.
    pub(crate) fn malformed(&self, on: &mut Exchange, function: &Function) {
        on.failed.integration = Some(MALFORMED.to_owned());
        // The route of an HTTP API names its method already.
        let method = if on.route.contains(' ') { String::new() } else { format!("{} ", on.method) };
        let message = format!("`{}` behind `{method}{}` gave a malformed answer", function.short(), on.route);
        let hint = "return an object with `statusCode`, `headers`, `body` as text, and `isBase64Encoded`";
        self.world.journal.notice(Severity::Error, Some(&on.facts.resource), &message, hint);
    }
}

/// Which of the two kinds an API is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKind {
    /// Version 1.
    Rest,
    /// Version 2.
    Http,
}

/// A route of an HTTP API or a method of a REST API, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// `GET`, `ANY`, or `$default`.
    pub method: String,
    /// `/item/{id}`; empty for `$default`.
    pub path: String,
    /// Name of the function behind it, when there is one.
    pub function: Option<String>,
    /// Name of the authorizer that guards it, when there is one.
    pub authorizer: Option<String>,
    /// Whether an API key is asked for.
    pub api_key: bool,
}

/// An API, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiInfo {
    /// The resource.
    pub resource: ResourceId,
    /// The id in URLs.
    pub api_id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: ApiKind,
    /// Names of its stages; paths begin with one, except those of `$default`.
    pub stages: Vec<String>,
    /// Its routes, the most specific first.
    pub routes: Vec<RouteInfo>,
}

enum Kept {
    Rest(Arc<RestApi>),
    Http(Arc<HttpApi>),
}

/// All APIs of an application, by id. Made anew when the definitions change.
pub struct Gateway(BTreeMap<String, Kept>);

impl Gateway {
    /// Reads the APIs, and says what of them is not done here. Throttles and quotas go on counting in `counters`.
    pub fn new(
        resources: &Resources,
        world: &World,
        invoker: Arc<dyn Invoker>,
        keys: Arc<dyn TokenKeys>,
        counters: &Counters,
    ) -> (Self, Vec<Note>) {
        let (world, counters) = (world.clone(), counters.clone());
        let shared = Arc::new(Shared { world, invoker, verifier: Verifier::new(keys), counters });
        let mut notes = Notes::default();
        let mut apis = BTreeMap::new();
        for api in resources.of_type("AWS::ApiGateway::RestApi") {
            let rest = rest::read(resources, api, facts(api, &shared.world), shared.clone(), &mut notes);
            apis.insert(api.physical_id.clone(), Kept::Rest(Arc::new(rest)));
        }
        for api in resources.of_type("AWS::ApiGatewayV2::Api") {
            if api.text("ProtocolType") == Some("WEBSOCKET") {
                notes.add(api, "WebSocket APIs are not run here");
                continue;
            }
            let http = http_api::read(resources, api, facts(api, &shared.world), shared.clone(), &mut notes);
            apis.insert(api.physical_id.clone(), Kept::Http(Arc::new(http)));
        }
        (Self(apis), notes.finish())
    }

    /// The API with this id. Paths begin with the stage, except those of `$default`.
    pub fn api(&self, api_id: &str) -> Option<Arc<dyn Service>> {
        Some(match self.0.get(api_id)? {
            Kept::Rest(api) => api.clone(),
            Kept::Http(api) => api.clone(),
        })
    }

    /// All APIs, in the order of their ids.
    pub fn apis(&self) -> Vec<ApiInfo> {
        let info = |api: &Kept| match api {
            Kept::Rest(api) => api.info(),
            Kept::Http(api) => api.info(),
        };
        self.0.values().map(info).collect()
    }
}

fn facts(api: &Resource, world: &World) -> Facts {
    let (api_id, region) = (api.physical_id.clone(), world.region.clone());
    Facts {
        resource: api.id.clone(),
        name: api.text("Name").unwrap_or(&api.id.logical_id).to_owned(),
        account: world.account.clone(),
        domain: format!("{api_id}.execute-api.{region}.amazonaws.com"),
        region,
        api_id,
    }
}

impl HttpApi {
    fn info(&self) -> ApiInfo {
        let route = |route: &http_api::Route| {
            let (method, path) = route.key.split_once(' ').unwrap_or((&route.key, ""));
            RouteInfo {
                method: method.to_owned(),
                path: path.to_owned(),
                function: route.integration.as_ref().map(|to| to.function.short().to_owned()),
                authorizer: route.guard.name().map(str::to_owned),
                api_key: false,
            }
        };
        ApiInfo {
            resource: self.facts.resource.clone(),
            api_id: self.facts.api_id.clone(),
            name: self.facts.name.clone(),
            kind: ApiKind::Http,
            stages: self.stages.iter().map(|stage| stage.name.to_string()).collect(),
            routes: self.routes.iter().map(route).collect(),
        }
    }
}

impl RestApi {
    fn info(&self) -> ApiInfo {
        let route = |method: &rest::Method| RouteInfo {
            method: method.verb.clone().unwrap_or_else(|| "ANY".to_owned()),
            path: method.resource.clone(),
            function: method.function().map(|function| function.short().to_owned()),
            authorizer: method.guard.name().map(str::to_owned),
            api_key: method.api_key,
        };
        ApiInfo {
            resource: self.facts.resource.clone(),
            api_id: self.facts.api_id.clone(),
            name: self.facts.name.clone(),
            kind: ApiKind::Rest,
            stages: self.stages.iter().map(|stage| stage.name.to_string()).collect(),
            routes: self.methods.iter().map(route).collect(),
        }
    }
}
