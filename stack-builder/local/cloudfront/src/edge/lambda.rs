//! Calling functions of Lambda@Edge.

use super::lambda_answer::{Said, read};
use super::lambda_change::{answer, changed, other_origin, replaced};
use super::lambda_event::{self, Shown};
use super::{Failure, Moment};
use crate::definition::OriginDef;
use crate::exchange::Exchange;
use crate::message::{Head, OriginRequest, Reply, Viewer};
use crate::peek::{Peeked, peek};
use bytes::Bytes;
use http::header;
use serde_json::Value;
use stack_builder_local_core::{Body, Caller, Invocation, InvokeError, Layer, ResourceId};
use std::sync::Arc;

/// Bytes of a body or an answer at the viewer's side and at the origin's.
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>.
const VIEWER_LIMIT: usize = 40 * 1024;
const ORIGIN_LIMIT: usize = 1024 * 1024;

/// One call.
pub(super) struct Call<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) arn: &'a str,
    pub(super) resource: Option<&'a ResourceId>,
    /// Whether the function sees the request's body.
    pub(super) body: bool,
}

impl Call<'_> {
    pub(super) async fn viewer_request(&self, viewer: &mut Viewer) -> Result<Option<Reply>, Failure> {
        let moment = Moment::ViewerRequest;
        let shown = self.shown(&mut viewer.body, VIEWER_LIMIT).await;
        let event = lambda_event::request(self.exchange, &viewer.head, shown.as_ref(), None);
        match self.ask(moment, event, None).await? {
            Said::Answer(reply) => Ok(Some(reply)),
            Said::Request(value) => {
                let new = changed(moment, &value, &mut viewer.head);
                let new = new.and_then(|()| replaced(&value, self.body, VIEWER_LIMIT));
                self.replace(moment, new, &mut viewer.head, &mut viewer.body)?;
                Ok(None)
            }
        }
    }

    pub(super) async fn origin_request(&self, request: &mut OriginRequest) -> Result<Option<Reply>, Failure> {
        let moment = Moment::OriginRequest;
        let shown = self.shown(&mut request.body, ORIGIN_LIMIT).await;
        let origin = Some(request.origin.as_ref());
        let event = lambda_event::request(self.exchange, &request.head, shown.as_ref(), origin);
        match self.ask(moment, event, None).await? {
            Said::Answer(reply) => Ok(Some(reply)),
            Said::Request(value) => {
                let new = changed(moment, &value, &mut request.head);
                let new = new.and_then(|()| replaced(&value, self.body, ORIGIN_LIMIT));
                self.replace(moment, new, &mut request.head, &mut request.body)?;
                let origin = other_origin(&value["origin"], &request.origin);
                request.origin = origin.map_err(|reason| self.invalid(moment, &reason))?;
                Ok(None)
            }
        }
    }

    /// Both kinds of response events.
    pub(super) async fn response(
        &self,
        moment: Moment,
        head: &Head,
        origin: Option<&Arc<OriginDef>>,
        reply: &mut Reply,
    ) -> Result<(), Failure> {
        let request = lambda_event::request(self.exchange, head, None, origin.map(AsRef::as_ref));
        let response = lambda_event::response(reply);
        let value = self.value(moment, request, Some(response)).await?;
        answer(moment, &value, reply).map_err(|reason| self.invalid(moment, &reason))
    }

    /// The start of a body, for functions that see it; the body stays whole.
    async fn shown(&self, body: &mut Body, limit: usize) -> Option<Shown> {
        if !self.body {
            return None;
        }
        let (data, truncated, whole) = match peek(std::mem::take(body), limit).await {
            Peeked::Whole(all) => (all.clone(), false, Body::from(all)),
            Peeked::Longer(start, all) => (start, true, all),
            Peeked::Broken => (Bytes::new(), true, Body::empty()),
        };
        *body = whole;
        Some(Shown { data: data.to_vec(), truncated })
    }

    fn replace(
        &self,
        moment: Moment,
        new: Result<Option<Bytes>, String>,
        head: &mut Head,
        body: &mut Body,
    ) -> Result<(), Failure> {
        if let Some(new) = new.map_err(|reason| self.invalid(moment, &reason))? {
            head.headers.insert(header::CONTENT_LENGTH, new.len().into());
            head.headers.remove(header::TRANSFER_ENCODING);
            *body = Body::from(new);
        }
        Ok(())
    }

    async fn ask(&self, moment: Moment, request: Value, response: Option<Value>) -> Result<Said, Failure> {
        let limit = if moment.is_viewer() { VIEWER_LIMIT } else { ORIGIN_LIMIT };
        let bytes = self.invoke(moment, request, response).await?;
        read(&bytes, limit).map_err(|reason| self.invalid(moment, &reason))
    }

    async fn value(&self, moment: Moment, request: Value, response: Option<Value>) -> Result<Value, Failure> {
        let bytes = self.invoke(moment, request, response).await?;
        let value: Option<Value> = serde_json::from_slice(&bytes).ok();
        value.filter(Value::is_object).ok_or_else(|| self.invalid(moment, "it returned no object"))
    }

    async fn invoke(
        &self,
        moment: Moment,
        request: Value,
        response: Option<Value>,
    ) -> Result<Bytes, Failure> {
        let event = lambda_event::event(self.exchange, moment, request, response);
        let payload = serde_json::to_vec(&event).unwrap_or_default().into();
        let span = self.exchange.trace.step(Layer::Edge, self.resource, moment.name());
        let caller = Caller::Service {
            name: "edgelambda.amazonaws.com".to_owned(),
            source_arn: self.exchange.distribution.arn.clone(),
        };
        let trace = self.exchange.trace.clone();
        let invocation = Invocation { function: self.arn.to_owned(), payload, caller, trace };
        let result = self.exchange.shared.invoker.invoke(invocation).await;
        span.end(if result.is_ok() { "ok" } else { "failed" });
        result.map_err(|error| {
            let failure = self.failure(error);
            failure.tell(self.exchange, self.resource, moment);
            failure
        })
    }

    fn failure(&self, error: InvokeError) -> Failure {
        match error {
            InvokeError::Throttled => Failure::lambda_busy(),
            InvokeError::Absent => Failure::lambda_failed(format!("There is no function {}.", self.arn)),
            InvokeError::Denied(why) => {
                Failure::lambda_failed(format!("CloudFront may not invoke the function: {why}"))
            }
            InvokeError::TooLarge => Failure::lambda_failed("The event is too large for the function."),
            InvokeError::Function(document) => {
                let said: Value = serde_json::from_slice(&document).unwrap_or_default();
                let text = said["errorMessage"].as_str().unwrap_or("it failed without a message");
                let text: String = text.chars().take(1000).collect();
                Failure::lambda_failed(format!("The Lambda function returned an error: {text}"))
            }
        }
    }

    fn invalid(&self, moment: Moment, reason: &str) -> Failure {
        let text = format!("The Lambda function returned an invalid entry in its result: {reason}.");
        let failure = Failure::lambda_invalid(text);
        failure.tell(self.exchange, self.resource, moment);
        failure
    }
}
