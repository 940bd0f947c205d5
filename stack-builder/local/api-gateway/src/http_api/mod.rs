//! HTTP APIs (version 2): the way of a request from stage and route to the function and back.

mod authorize;
mod cors;
mod event;
mod integrate;
mod read;

use crate::access_log::AccessLog;
use crate::call::Function;
use crate::exchange::{Ended, Exchange, Facts};
use crate::gateway::Shared;
use crate::lambda_authorizer::LambdaAuthorizer;
use crate::limits::Throttle;
use crate::pattern::{Found, Pattern};
use crate::percent::decode;
use crate::reply::Reply;
use crate::{BODY_LIMIT, HEADER_LIMIT, headers};
use cors::Cors;
use http::request::Parts;
use serde_json::Value;
use stack_builder_local_core::{Answer, Body, Layer, Request, Response, Service, TooLarge, collect};
use std::sync::Arc;

pub(crate) use read::read;

/// An HTTP API.
pub(crate) struct HttpApi {
    pub(crate) facts: Arc<Facts>,
    shared: Arc<Shared>,
    cors: Option<Cors>,
    pub(crate) stages: Vec<Stage>,
    /// The most specific first; `$default` last.
    pub(crate) routes: Vec<Route>,
}

/// A stage.
pub(crate) struct Stage {
    pub(crate) name: Arc<str>,
    /// An object, or null.
    variables: Value,
    log: Option<AccessLog>,
    /// As many as there are routes.
    throttles: Vec<Option<Throttle>>,
}

/// A route.
pub(crate) struct Route {
    /// `GET /notes`.
    pub(crate) key: String,
    /// `None` for `ANY` and `$default`.
    method: Option<String>,
    /// `None` for `$default`.
    path: Option<Pattern>,
    /// `None` when what stands behind it is not run here.
    pub(crate) integration: Option<Integration>,
    pub(crate) guard: Guard,
}

/// The function behind a route.
#[derive(Clone)]
pub(crate) struct Integration {
    pub(crate) function: Function,
    /// Payload format 2.0, otherwise 1.0.
    modern: bool,
}

/// Who may use a route.
#[derive(Clone)]
pub(crate) enum Guard {
    Open,
    Token {
        name: String,
        token: crate::lambda_authorizer::Source,
        issuer: Vec<String>,
        audience: Vec<String>,
        scopes: Vec<String>,
    },
    Lambda {
        name: String,
        authorizer: Arc<LambdaAuthorizer>,
        modern: bool,
    },
    /// Not run here: nobody may.
    Closed(&'static str),
}

/// An answer that the gateway gives itself.
pub(crate) struct Refused {
    status: u16,
    message: &'static str,
    /// `WWW-Authenticate`.
    challenge: Option<String>,
    /// For the trace.
    why: String,
}

impl Refused {
    fn new(status: u16, message: &'static str, why: impl Into<String>) -> Self {
        Self { status, message, challenge: None, why: why.into() }
    }
}

/// A request on its way to its route.
struct Arrived<'a> {
    stage: &'a Stage,
    route: &'a Route,
    throttle: Option<&'a Throttle>,
    variables: Found,
    parts: &'a Parts,
}

impl Service for HttpApi {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(self.serve(request))
    }
}

impl HttpApi {
    async fn serve(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let now = self.shared.world.clock.millis();
        let Some((stage, path)) = self.stage(parts.uri.path()) else {
            return Reply::message(404, "Not Found").into_response();
        };
        let shown = decode(parts.uri.path());
        let mut on = Exchange::begin(self.facts.clone(), stage.name.clone(), shown, &parts, now);
        let found = self.route(stage, path, &parts);
        on.route = found.as_ref().map_or_else(String::new, |found| found.route.key.clone());
        let step = format!("{} {}", on.facts.name, if found.is_some() { &on.route } else { "no route" });
        let span = on.trace.step(Layer::Api, Some(&self.facts.resource), step);
        let (mut reply, why) = match self.decide(&mut on, found, &parts, body).await {
            Ok(reply) => (reply, String::new()),
            Err(refused) => (refuse(&mut on, &refused), format!(": {}", refused.why)),
        };
        if let Some(cors) = &self.cors {
            cors.add(&parts.headers, &mut reply);
        }
        reply.set("apigw-requestid", &on.extended_id);
        span.end(format!("{}{why}", reply.status));
        self.log(stage, &on, &reply);
        reply.into_response()
    }

    /// The stage that a path begins with, or `$default`; and the path without it.
    fn stage<'p>(&self, path: &'p str) -> Option<(&Stage, &'p str)> {
        let rest = path.strip_prefix('/').unwrap_or(path);
        let (first, after) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
        let named = self.stages.iter().find(|stage| &*stage.name == first).map(|stage| (stage, after));
        named.or_else(|| {
            self.stages.iter().find(|stage| &*stage.name == "$default").map(|stage| (stage, path))
        })
    }

    fn route<'a>(&'a self, stage: &'a Stage, path: &str, parts: &'a Parts) -> Option<Arrived<'a>> {
        self.routes.iter().zip(&stage.throttles).find_map(|(route, throttle)| {
            let method = route.method.as_deref().is_none_or(|method| method == parts.method.as_str());
            let variables = match &route.path {
                _ if !method => return None,
                Some(pattern) => pattern.matches(path)?,
                None => Found::new(),
            };
            Some(Arrived { stage, route, throttle: throttle.as_ref(), variables, parts })
        })
    }

    async fn decide(
        &self,
        on: &mut Exchange,
        found: Option<Arrived<'_>>,
        parts: &Parts,
        body: Body,
    ) -> Result<Reply, Refused> {
        if headers::size(&parts.headers) > HEADER_LIMIT {
            return Err(Refused::new(431, "Request Header Fields Too Large", "the headers are too long"));
        }
        if let Some(reply) = self.cors.as_ref().and_then(|_| cors::preflight(parts)) {
            return Ok(reply);
        }
        let arrived = found.ok_or_else(|| Refused::new(404, "Not Found", "no route"))?;
        if arrived.throttle.is_some_and(|throttle| !throttle.take(on.at)) {
            return Err(Refused::new(429, "Too Many Requests", "the route's throttle"));
        }
        self.authorize(on, &arrived).await?;
        let integration = arrived.route.integration.as_ref();
        let integration = integration.ok_or_else(|| broken("this kind of integration is not run here"))?;
        let body = collect(body, BODY_LIMIT).await.map_err(|error| match error {
            TooLarge::Limit(_) => {
                Refused::new(413, "Request Entity Too Large", "the body is longer than 10 MB")
            }
            TooLarge::Broken => Refused::new(400, "Bad Request", "the body ended before its time"),
        })?;
        let event = event::integration(on, &arrived, &body, integration.modern);
        drop(body);
        self.integrate(on, integration, event).await
    }

    fn log(&self, stage: &Stage, on: &Exchange, reply: &Reply) {
        let Some(log) = &stage.log else { return };
        let length = u64::try_from(reply.body.len()).unwrap_or(u64::MAX);
        let took = self.shared.world.clock.millis().saturating_sub(on.at);
        log.write(&self.shared.world.logs, on, Ended { status: reply.status, length, took });
    }
}

fn refuse(on: &mut Exchange, refused: &Refused) -> Reply {
    on.failed.message = Some(refused.message.to_owned());
    let mut reply = Reply::message(refused.status, refused.message);
    if let Some(challenge) = &refused.challenge {
        reply.set("www-authenticate", challenge);
    }
    reply
}

fn broken(why: impl Into<String>) -> Refused {
    Refused::new(500, "Internal Server Error", why)
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
