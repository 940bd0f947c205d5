//! The event of one trigger.

use super::{EdgeError, EdgeRequest, EdgeResponse};
use serde_json::Value;

/// When in a request's life CloudFront asks the function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A visitor's request has come.
    ViewerRequest,
    /// It is not in the cache and will go to the origin.
    OriginRequest,
    /// The origin has answered.
    OriginResponse,
    /// The answer will go to the visitor.
    ViewerResponse,
}

impl Trigger {
    /// The name that CloudFront gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ViewerRequest => "viewer-request",
            Self::OriginRequest => "origin-request",
            Self::OriginResponse => "origin-response",
            Self::ViewerResponse => "viewer-response",
        }
    }

    /// Whether the function decides about a request, not about a response.
    pub(super) fn is_request(self) -> bool {
        matches!(self, Self::ViewerRequest | Self::OriginRequest)
    }

    fn read(name: &str) -> Option<Self> {
        let all = [Self::ViewerRequest, Self::OriginRequest, Self::OriginResponse, Self::ViewerResponse];
        all.into_iter().find(|trigger| trigger.name() == name)
    }
}

/// One event: a request, and after the origin's answer a response beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeEvent {
    /// When CloudFront asks.
    pub trigger: Trigger,
    /// The visitor's request.
    pub request: EdgeRequest,
    /// The response so far; always there when the trigger is about a response.
    pub response: Option<EdgeResponse>,
}

impl EdgeEvent {
    /// Reads an event.
    ///
    /// # Errors
    /// [`EdgeError::Malformed`] for anything that CloudFront would not send: no record or several, an unknown
    /// trigger, a member of another type.
    pub fn read(event: &Value) -> Result<Self, EdgeError> {
        let cf = record(event).ok_or(EdgeError::Malformed("record"))?;
        let trigger = cf.pointer("/config/eventType").and_then(Value::as_str).and_then(Trigger::read);
        let trigger = trigger.ok_or(EdgeError::Malformed("event type"))?;
        let request = EdgeRequest::read(cf.get("request"))?;
        let response =
            if trigger.is_request() { None } else { Some(EdgeResponse::read(cf.get("response"))?) };
        Ok(Self { trigger, request, response })
    }
}

/// CloudFront's part of the only record.
pub(super) fn record(event: &Value) -> Option<&Value> {
    match event.get("Records")?.as_array()?.as_slice() {
        [record] => record.get("cf"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(trigger: &str) -> Value {
        json!({"Records": [{"cf": {
            "config": {"distributionId": "EDFDVBD6EXAMPLE", "eventType": trigger},
            "request": {"clientIp": "192.0.2.1", "method": "GET", "uri": "/", "querystring": "", "headers": {}},
            "response": {"status": "200", "statusDescription": "OK", "headers": {}},
        }}]})
    }

    #[test]
    fn every_trigger_is_read() {
        for (name, trigger, response) in [
            ("viewer-request", Trigger::ViewerRequest, false),
            ("origin-request", Trigger::OriginRequest, false),
            ("origin-response", Trigger::OriginResponse, true),
            ("viewer-response", Trigger::ViewerResponse, true),
        ] {
            let read = EdgeEvent::read(&event(name)).unwrap();
            assert_eq!((read.trigger, read.response.is_some(), trigger.name()), (trigger, response, name));
        }
    }

    #[test]
    fn another_shape_is_malformed() {
        let twice = |event: Value| json!({"Records": [event["Records"][0], event["Records"][0]]});
        let mut unanswered = event("origin-response");
        unanswered["Records"][0]["cf"]["response"] = json!(null);
        for event in [
            json!(null),
            json!({}),
            json!({"Records": []}),
            json!({"Records": {}}),
            json!({"Records": [{"cf": null}]}),
            event("viewer_request"),
            event(""),
            twice(event("viewer-request")),
            unanswered,
        ] {
            assert!(EdgeEvent::read(&event).is_err(), "{event}");
        }
    }
}
