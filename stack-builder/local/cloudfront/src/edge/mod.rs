//! Functions at the edge: when they run, and what becomes of what they say.

mod budget;
mod function;
mod function_answer;
mod function_event;
mod header_rules;
mod lambda;
mod lambda_answer;
mod lambda_change;
mod lambda_event;
mod script;
mod thread;

pub(crate) use function::EdgeFunction;

use crate::definition::{Edge, OriginDef};
use crate::exchange::Exchange;
use crate::message::{Head, OriginRequest, Reply, Viewer};
use crate::page::edge_page;
use stack_builder_local_core::{ResourceId, Severity};
use std::sync::Arc;

/// The four moments at which functions run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    ViewerRequest,
    OriginRequest,
    OriginResponse,
    ViewerResponse,
}

impl Moment {
    /// As templates and events have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ViewerRequest => "viewer-request",
            Self::OriginRequest => "origin-request",
            Self::OriginResponse => "origin-response",
            Self::ViewerResponse => "viewer-response",
        }
    }

    fn is_viewer(self) -> bool {
        matches!(self, Self::ViewerRequest | Self::ViewerResponse)
    }
}

/// A function failed, or said what it must not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    /// What `X-Cache` says.
    pub(crate) cache: &'static str,
    pub(crate) reason: String,
}

impl Failure {
    fn lambda_failed(reason: impl Into<String>) -> Self {
        Self { status: 503, cache: "LambdaExecutionError from cloudfront", reason: reason.into() }
    }

    fn lambda_invalid(reason: impl Into<String>) -> Self {
        Self { status: 502, cache: "LambdaValidationError from cloudfront", reason: reason.into() }
    }

    fn lambda_busy() -> Self {
        let reason = "The Lambda function associated with the CloudFront distribution was throttled.";
        Self { status: 503, cache: "LambdaLimitExceeded from cloudfront", reason: reason.to_owned() }
    }

    fn function_failed(reason: impl Into<String>) -> Self {
        Self { status: 503, cache: "FunctionExecutionError from cloudfront", reason: reason.into() }
    }

    fn function_invalid(reason: impl Into<String>) -> Self {
        Self { status: 502, cache: "FunctionValidationError from cloudfront", reason: reason.into() }
    }

    /// What the viewer sees.
    pub(crate) fn page(&self, request_id: &str) -> Reply {
        edge_page(self.status, &self.reason, request_id, self.cache)
    }

    /// Says it where the developer looks.
    fn tell(&self, exchange: &Exchange, resource: Option<&ResourceId>, moment: Moment) {
        let message = format!("the {} function failed: {}", moment.name(), self.reason);
        let hint = "look at its log lines, and at what it returns";
        exchange.shared.world.journal.notice(Severity::Error, resource, &message, hint);
    }
}

/// Runs a viewer-request function: it changes the request, or answers it.
pub(crate) async fn viewer_request(
    exchange: &Exchange,
    edge: &Edge,
    viewer: &mut Viewer,
) -> Result<Option<Reply>, Failure> {
    match edge {
        Edge::Lambda { arn, body, resource } => {
            let call = lambda::Call { exchange, arn, resource: resource.as_ref(), body: *body };
            call.viewer_request(viewer).await
        }
        Edge::Function(function) => function.viewer_request(exchange, &mut viewer.head).await,
    }
}

/// Runs an origin-request function: it changes the request or where it goes, or answers it.
pub(crate) async fn origin_request(
    exchange: &Exchange,
    edge: &Edge,
    request: &mut OriginRequest,
) -> Result<Option<Reply>, Failure> {
    match edge {
        Edge::Lambda { arn, body, resource } => {
            let call = lambda::Call { exchange, arn, resource: resource.as_ref(), body: *body };
            call.origin_request(request).await
        }
        Edge::Function(_) => Ok(None),
    }
}

/// Runs an origin-response function: it changes what is kept and answered.
pub(crate) async fn origin_response(
    exchange: &Exchange,
    edge: &Edge,
    request: (&Head, &Arc<OriginDef>),
    reply: &mut Reply,
) -> Result<(), Failure> {
    match edge {
        Edge::Lambda { arn, resource, .. } => {
            let call = lambda::Call { exchange, arn, resource: resource.as_ref(), body: false };
            call.response(Moment::OriginResponse, request.0, Some(request.1), reply).await
        }
        Edge::Function(_) => Ok(()),
    }
}

/// Runs a viewer-response function: it changes what is answered.
pub(crate) async fn viewer_response(
    exchange: &Exchange,
    edge: &Edge,
    head: &Head,
    reply: &mut Reply,
) -> Result<(), Failure> {
    match edge {
        Edge::Lambda { arn, resource, .. } => {
            let call = lambda::Call { exchange, arn, resource: resource.as_ref(), body: false };
            call.response(Moment::ViewerResponse, head, None, reply).await
        }
        Edge::Function(function) => function.viewer_response(exchange, head, reply).await,
    }
}
