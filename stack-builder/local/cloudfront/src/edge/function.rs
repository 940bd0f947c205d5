//! Functions of CloudFront itself.

use super::function_answer::{self, Change};
use super::function_event;
use super::script::{Mishap, Outcome};
use super::thread::{Thread, fault};
use super::{Failure, Moment};
use crate::exchange::Exchange;
use crate::message::{Head, Payload, Reply};
use serde_json::Value;
use stack_builder_local_core::{Layer, Resource, ResourceId};

/// Bytes of a function's code.
const LARGEST: usize = 10 * 1024;

/// A function.
pub(crate) struct EdgeFunction {
    pub(crate) name: String,
    pub(crate) resource: ResourceId,
    thread: Thread,
}

impl EdgeFunction {
    /// Reads a resource; what differs from AWS goes to `notes`.
    pub(crate) fn read(resource: &Resource, mut notes: impl FnMut(String)) -> Self {
        let source = resource.text("FunctionCode").unwrap_or_default();
        if source.len() > LARGEST {
            notes(format!("its code has {} bytes, of which AWS takes {LARGEST}", source.len()));
        }
        for word in ["crypto", "Buffer", "updateRequestOrigin", "selectRequestOriginById"] {
            if source.contains(word) {
                notes(format!("`{word}` is not offered to its code"));
            }
        }
        let config = resource.property("FunctionConfig");
        if config["KeyValueStoreAssociations"].as_array().is_some_and(|all| !all.is_empty()) {
            notes("its key value store is empty".to_owned());
        }
        if let Some(why) = fault(source) {
            notes(format!("its code cannot be read: {why}"));
        }
        Self {
            name: resource.text("Name").unwrap_or(&resource.id.logical_id).to_owned(),
            resource: resource.id.clone(),
            thread: Thread::new(source),
        }
    }

    /// Whether `resource` holds the same code.
    pub(crate) fn is(&self, resource: &Resource) -> bool {
        self.resource == resource.id && resource.text("FunctionCode") == Some(self.thread.source())
    }

    pub(super) async fn viewer_request(
        &self,
        exchange: &Exchange,
        head: &mut Head,
    ) -> Result<Option<Reply>, Failure> {
        let moment = Moment::ViewerRequest;
        let request = function_event::request(head);
        let value = self.ask(exchange, moment, &request, None).await?;
        let change = function_answer::read(value, &request, head);
        match change.map_err(|reason| self.invalid(exchange, moment, &reason))? {
            Change::Request => Ok(None),
            Change::Answer(reply) => Ok(Some(reply)),
        }
    }

    pub(super) async fn viewer_response(
        &self,
        exchange: &Exchange,
        head: &Head,
        reply: &mut Reply,
    ) -> Result<(), Failure> {
        let moment = Moment::ViewerResponse;
        let (request, response) = (function_event::request(head), function_event::response(reply));
        let value = self.ask(exchange, moment, &request, Some(&response)).await?;
        let body = function_answer::response(&value, &response, reply);
        if let Some(body) = body.map_err(|reason| self.invalid(exchange, moment, &reason))? {
            reply.payload = Payload::Whole(body);
        }
        Ok(())
    }

    async fn ask(
        &self,
        exchange: &Exchange,
        moment: Moment,
        request: &Value,
        response: Option<&Value>,
    ) -> Result<Value, Failure> {
        let event = function_event::event(exchange, moment, request, response);
        let span = exchange.trace.step(Layer::Edge, Some(&self.resource), moment.name());
        let outcome = self.thread.call(event.to_string()).await;
        span.end(if outcome.result.is_ok() { "ok" } else { "failed" });
        self.log(exchange, &outcome);
        let failure = match outcome.result {
            Ok(text) => match serde_json::from_str(&text) {
                Ok(value) => return Ok(value),
                Err(_) => Failure::function_invalid("The CloudFront function returned an invalid value."),
            },
            Err(Mishap::Failed(why)) => Failure::function_failed(format!(
                "The CloudFront function associated with the CloudFront distribution failed: {why}."
            )),
            Err(Mishap::Junk(why)) => Failure::function_invalid(format!(
                "The CloudFront function returned an invalid value: {why}."
            )),
        };
        failure.tell(exchange, Some(&self.resource), moment);
        Err(failure)
    }

    /// As CloudFront writes lines, each with the request's id.
    fn log(&self, exchange: &Exchange, outcome: &Outcome) {
        if outcome.lines.is_empty() {
            return;
        }
        let world = &exchange.shared.world;
        let group = format!("/aws/cloudfront/function/{}", self.name);
        for line in &outcome.lines {
            world.logs.write(&group, "local", exchange.now(), &format!("{} {line}", exchange.id));
            world.journal.log(&self.resource, &exchange.id, line);
        }
    }

    fn invalid(&self, exchange: &Exchange, moment: Moment, reason: &str) -> Failure {
        let text = format!("The CloudFront function returned an invalid value: {reason}.");
        let failure = Failure::function_invalid(text);
        failure.tell(exchange, Some(&self.resource), moment);
        failure
    }
}
