//! REST APIs (version 1): the way of a request from stage and resource to the function and back.

mod authorize;
mod event;
mod gateway_response;
mod guards;
mod integrate;
mod keys;
mod mock;
mod read;
mod schema;
mod stage;
mod validate;

use crate::access_log::AccessLog;
use crate::call::Function;
use crate::exchange::{Ended, Exchange, Facts};
use crate::gateway::Shared;
use crate::lambda_authorizer::LambdaAuthorizer;
use crate::limits::Throttle;
use crate::pattern::{Found, Pattern};
use crate::reply::Reply;
use crate::{BODY_LIMIT, HEADER_LIMIT, headers};
use gateway_response::{GatewayResponses, Refused};
use http::request::Parts;
use keys::Plan;
use mock::Mock;
use regex_lite::Regex;
use serde_json::Value;
use stack_builder_local_core::{Answer, Body, Layer, Request, Response, Service, TooLarge, collect};
use std::sync::Arc;
use validate::Validation;

pub(crate) use read::read;

/// A REST API.
pub(crate) struct RestApi {
    pub(crate) facts: Arc<Facts>,
    shared: Arc<Shared>,
    pub(crate) stages: Vec<Stage>,
    /// The most specific resource first, and of one resource `ANY` last.
    pub(crate) methods: Vec<Method>,
    responses: GatewayResponses,
    models: schema::Models,
    /// `BinaryMediaTypes`.
    binary: Vec<String>,
    /// The key comes from the authorizer instead of the header.
    key_of_authorizer: bool,
}

/// A stage.
pub(crate) struct Stage {
    pub(crate) name: Arc<str>,
    deployment: String,
    /// An object, or null.
    variables: Value,
    log: Option<AccessLog>,
    /// As many as there are methods.
    throttles: Vec<Option<Throttle>>,
    plans: Vec<Plan>,
}

/// A method of a resource.
pub(crate) struct Method {
    /// `None` for `ANY`.
    pub(crate) verb: Option<String>,
    /// `/item/{id}`.
    pub(crate) resource: String,
    resource_id: String,
    path: Pattern,
    pub(crate) guard: Guard,
    pub(crate) api_key: bool,
    validation: Validation,
    integration: Integration,
}

/// What stands behind a method.
enum Integration {
    Function(Function),
    Mock(Box<Mock>),
    /// Not run here.
    None(String),
}

/// Who may use a method.
#[derive(Clone)]
pub(crate) enum Guard {
    Open,
    Token {
        name: String,
        header: String,
        issuers: Vec<String>,
        form: Option<Regex>,
        scopes: Vec<String>,
    },
    Lambda {
        name: String,
        authorizer: Arc<LambdaAuthorizer>,
        token: bool,
        form: Option<Regex>,
    },
    /// Not run here: nobody may.
    Closed(&'static str),
}

/// A request on its way to its method.
struct Arrived<'a> {
    stage: &'a Stage,
    method: &'a Method,
    throttle: Option<&'a Throttle>,
    variables: Found,
    parts: &'a Parts,
    /// The path without the stage.
    path: &'a str,
}

impl Service for RestApi {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(self.serve(request))
    }
}

impl RestApi {
    async fn serve(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let now = self.shared.world.clock.millis();
        let whole = parts.uri.path();
        let (name, path) = split(whole);
        let stage = self.stages.iter().find(|stage| *stage.name == *name);
        let stage_name = stage.map_or_else(|| name.into(), |stage| stage.name.clone());
        let mut on = Exchange::begin(self.facts.clone(), stage_name, whole.to_owned(), &parts, now);
        let found = stage.and_then(|stage| self.method(stage, path, &parts));
        let step = found.as_ref().map_or_else(
            || format!("{} no method", on.facts.name),
            |found| format!("{} {} {}", on.facts.name, on.method, found.method.resource),
        );
        if let Some(found) = &found {
            on.route.clone_from(&found.method.resource);
            on.resource_id.clone_from(&found.method.resource_id);
        }
        let span = on.trace.step(Layer::Api, Some(&self.facts.resource), step);
        let (mut reply, why) = match self.decide(&mut on, stage, found, &parts, body).await {
            Ok(reply) => (reply, String::new()),
            Err(refused) => (self.refuse(&mut on, &refused, &parts), format!(": {}", refused.why)),
        };
        reply.set("x-amzn-requestid", &on.request_id);
        reply.set("x-amz-apigw-id", &on.extended_id);
        // The gateway's own answers have none.
        if why.is_empty() {
            reply.set("x-amzn-trace-id", &on.trace_id);
        }
        span.end(format!("{}{why}", reply.status));
        self.log(stage, &on, &reply);
        reply.into_response()
    }

    fn method<'a>(&'a self, stage: &'a Stage, path: &'a str, parts: &'a Parts) -> Option<Arrived<'a>> {
        let trimmed = path.strip_suffix('/').unwrap_or(path);
        self.methods.iter().zip(&stage.throttles).find_map(|(method, throttle)| {
            if method.verb.as_deref().is_some_and(|verb| verb != parts.method.as_str()) {
                return None;
            }
            let variables = method.path.matches(trimmed)?;
            Some(Arrived { stage, method, throttle: throttle.as_ref(), variables, parts, path })
        })
    }

    async fn decide(
        &self,
        on: &mut Exchange,
        stage: Option<&Stage>,
        found: Option<Arrived<'_>>,
        parts: &Parts,
        body: Body,
    ) -> Result<Reply, Refused> {
        if stage.is_none() {
            return Err(Refused::new(gateway_response::INVALID_API_KEY, "no such stage"));
        }
        if headers::size(&parts.headers) > HEADER_LIMIT {
            return Err(Refused::new(
                gateway_response::TOO_LARGE,
                "the headers are longer than 10,240 bytes",
            ));
        }
        let arrived = found.ok_or_else(|| Refused::new(gateway_response::MISSING_TOKEN, "no such method"))?;
        self.authorize(on, &arrived).await?;
        self.admit(on, &arrived)?;
        let body = collect(body, BODY_LIMIT).await.map_err(|error| match error {
            TooLarge::Limit(_) => Refused::new(gateway_response::TOO_LARGE, "the body is longer than 10 MB"),
            TooLarge::Broken => Refused::new(gateway_response::BAD_BODY, "the body ended before its time"),
        })?;
        validate::check(&arrived, &self.models, &body)?;
        self.integrate(on, &arrived, body).await
    }

    fn refuse(&self, on: &mut Exchange, refused: &Refused, parts: &Parts) -> Reply {
        on.failed.message.clone_from(&refused.message);
        on.failed.validation.clone_from(&refused.validation);
        on.failed.kind = Some(refused.kind.name);
        self.responses.answer(refused, on, &parts.headers)
    }

    fn log(&self, stage: Option<&Stage>, on: &Exchange, reply: &Reply) {
        let Some(log) = stage.and_then(|stage| stage.log.as_ref()) else { return };
        let length = u64::try_from(reply.body.len()).unwrap_or(u64::MAX);
        let took = self.shared.world.clock.millis().saturating_sub(on.at);
        log.write(&self.shared.world.logs, on, Ended { status: reply.status, length, took });
    }
}

impl Method {
    /// The function behind it, when there is one.
    pub(crate) fn function(&self) -> Option<&Function> {
        if let Integration::Function(function) = &self.integration { Some(function) } else { None }
    }
}

impl Guard {
    /// The authorizer's name, when there is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Open => None,
            Self::Token { name, .. } | Self::Lambda { name, .. } => Some(name),
            Self::Closed(_) => Some("not run here"),
        }
    }
}

/// The stage, and the path after it.
fn split(path: &str) -> (&str, &str) {
    let rest = path.strip_prefix('/').unwrap_or(path);
    rest.find('/').map_or((rest, "/"), |at| rest.split_at(at))
}
