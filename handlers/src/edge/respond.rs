//! How one event is answered.

use super::{
    EdgeError, EdgeEvent, EdgeHandler, EdgeResponse, Headers, RequestAction, Trigger, fallback, limits,
};
use serde_json::{Value, json};
use std::time::Instant;

/// The answer to one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What CloudFront gets.
    pub result: Value,
    /// The line of log to write, if there is anything to say: a request that is passed on leaves none, for there are
    /// many of them in many regions.
    pub line: Option<Value>,
}

/// Answers one event.
///
/// Whatever the event holds, there is an answer that CloudFront takes. When the event is malformed, the handler cannot
/// decide, or its answer is one that CloudFront would refuse, a request gets a 503 and a response goes out as it was.
pub async fn respond<H: EdgeHandler>(handler: &H, event: &Value, request_id: &str) -> Answer {
    let started = Instant::now();
    let outcome = match EdgeEvent::read(event) {
        Ok(event) => decide(handler, event).await,
        Err(error) => Err(error),
    };
    let milliseconds = (started.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let place = json!({"requestId": request_id, "function": H::NAME, "durationMs": milliseconds});
    match outcome {
        Ok(Decided { result, note }) => Answer { result, line: note.map(|note| merged(note, place)) },
        Err(error) => {
            let note = json!({"level": "ERROR", "message": "failed", "cause": error.to_string()});
            Answer { result: fallback::answer(event), line: Some(merged(note, place)) }
        }
    }
}

fn merged(mut note: Value, place: Value) -> Value {
    if let (Value::Object(note), Value::Object(place)) = (&mut note, place) {
        note.extend(place);
    }
    note
}

struct Decided {
    result: Value,
    note: Option<Value>,
}

async fn decide<H: EdgeHandler>(handler: &H, event: EdgeEvent) -> Result<Decided, EdgeError> {
    let EdgeEvent { trigger, request, response } = event;
    match (trigger, response) {
        (Trigger::OriginResponse, Some(response)) => {
            let before = response.clone();
            responded(trigger, Some(before), handler.origin_response(&request, response).await?)
        }
        (Trigger::ViewerResponse, Some(response)) => {
            let before = response.clone();
            responded(trigger, Some(before), handler.viewer_response(&request, response).await?)
        }
        (Trigger::OriginRequest, _) => {
            let before = request.headers().clone();
            acted(trigger, &before, handler.origin_request(request).await?)
        }
        _ => {
            let before = request.headers().clone();
            acted(trigger, &before, handler.viewer_request(request).await?)
        }
    }
}

fn acted(trigger: Trigger, before: &Headers, action: RequestAction) -> Result<Decided, EdgeError> {
    match action {
        RequestAction::Respond(response) => responded(trigger, None, response),
        RequestAction::Forward(request) if !request.uri().starts_with('/') => {
            Err(EdgeError::NotAllowed("a path must begin with a slash"))
        }
        RequestAction::Forward(request) => {
            limits::check_headers(trigger, before, request.headers())?;
            Ok(Decided { result: request.into_json(), note: None })
        }
    }
}

/// `before` is the origin's response, none for one that the function made.
fn responded(
    trigger: Trigger,
    before: Option<EdgeResponse>,
    after: EdgeResponse,
) -> Result<Decided, EdgeError> {
    let unchanged = before.as_ref() == Some(&after);
    let status = before.as_ref().map_or(after.status(), EdgeResponse::status);
    if trigger == Trigger::ViewerResponse && (after.body().is_some() || after.status() != status) {
        return Err(EdgeError::NotAllowed("a viewer-response function may change headers only"));
    }
    limits::check_headers(
        trigger,
        &before.map(|before| before.headers().clone()).unwrap_or_default(),
        after.headers(),
    )?;
    let note = if unchanged { None } else { Some(note(trigger, &after)) };
    let result = after.into_json();
    limits::check_size(trigger, &result)?;
    Ok(Decided { result, note })
}

fn note(trigger: Trigger, response: &EdgeResponse) -> Value {
    let level = if response.remark().is_some() { "WARN" } else { "INFO" };
    let mut note = json!({
        "level": level, "message": "answered", "event": trigger.name(), "status": response.status(),
    });
    if let Some(remark) = response.remark() {
        note["remark"] = remark.into();
    }
    note
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::EdgeRequest;

    /// Does what the path says.
    struct Puppet;

    impl EdgeHandler for Puppet {
        const NAME: &'static str = "puppet";

        async fn viewer_request(&self, mut request: EdgeRequest) -> Result<RequestAction, EdgeError> {
            let respond = |response| Ok(RequestAction::Respond(response));
            match request.uri() {
                "/move" => Ok(RequestAction::Forward(request.with_uri("/moved"))),
                "/astray" => Ok(RequestAction::Forward(request.with_uri("astray"))),
                "/host" => {
                    request.headers_mut().set("Host", "elsewhere");
                    Ok(RequestAction::Forward(request))
                }
                "/long" => respond(EdgeResponse::new(200, "OK").with_body("x".repeat(41_000))),
                "/via" => respond(EdgeResponse::new(200, "OK").header("Via", "me")),
                "/odd" => respond(EdgeResponse::new(302, "Found").with_remark(Some("odd".into()))),
                "/fail" => Err(EdgeError::Internal("no table".into())),
                _ => Ok(RequestAction::Forward(request)),
            }
        }

        async fn viewer_response(
            &self,
            _: &EdgeRequest,
            response: EdgeResponse,
        ) -> Result<EdgeResponse, EdgeError> {
            Ok(response.with_body("x"))
        }
    }

    fn event(trigger: &str, uri: &str) -> Value {
        json!({"Records": [{"cf": {
            "config": {"eventType": trigger},
            "request": {
                "clientIp": "192.0.2.1", "method": "GET", "uri": uri, "querystring": "a=1",
                "headers": {"host": [{"key": "Host", "value": "log.example.org"}]},
            },
            "response": {"status": "200", "statusDescription": "OK", "headers": {"via": [{"value": "1.1 x"}]}},
        }}]})
    }

    async fn answer(trigger: &str, uri: &str) -> Answer {
        respond(&Puppet, &event(trigger, uri), "r-1").await
    }

    #[tokio::test]
    async fn what_is_not_overridden_passes_untouched_and_unlogged() {
        for (trigger, member) in
            [("viewer-request", "request"), ("origin-request", "request"), ("origin-response", "response")]
        {
            let expect = event(trigger, "/x")["Records"][0]["cf"][member].clone();
            assert_eq!(answer(trigger, "/x").await, Answer { result: expect, line: None }, "{trigger}");
        }
    }

    #[tokio::test]
    async fn a_rewritten_request_goes_on() {
        let answer = answer("viewer-request", "/move").await;
        assert_eq!((&answer.result["uri"], &answer.result["querystring"]), (&json!("/moved"), &json!("a=1")));
    }

    #[tokio::test]
    async fn a_request_fails_closed() {
        for (uri, cause) in [
            ("/fail", "no table"),
            ("/astray", "a path must begin with a slash"),
            ("/host", "the header `host` must stay as it came"),
            ("/via", "the header `via` must stay as it came"),
            ("/long", "the response has 41086 bytes of 40960"),
        ] {
            let Answer { result, line } = answer("viewer-request", uri).await;
            assert_eq!((&result["status"], result.get("uri")), (&json!("503"), None), "{uri}");
            assert_eq!(result["headers"]["cache-control"][0]["value"], "no-store");
            let line = line.unwrap();
            assert_eq!((&line["level"], &line["cause"]), (&json!("ERROR"), &json!(cause)), "{uri}");
        }
    }

    #[tokio::test]
    async fn a_response_fails_to_what_it_was() {
        let Answer { result, line } = answer("viewer-response", "/").await;
        assert_eq!(result, event("", "")["Records"][0]["cf"]["response"]);
        assert_eq!(line.unwrap()["cause"], "a viewer-response function may change headers only");
    }

    #[tokio::test]
    async fn a_remark_stays_in_the_log() {
        let Answer { result, line } = answer("viewer-request", "/odd").await;
        assert!(!result.to_string().contains("odd"), "{result}");
        let mut line = line.unwrap();
        assert!(line["durationMs"].take().is_f64());
        assert_eq!(
            line.to_string(),
            r#"{"level":"WARN","message":"answered","event":"viewer-request","status":302,"remark":"odd","requestId":"r-1","function":"puppet","durationMs":null}"#
        );
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_refused() {
        for event in
            [json!(null), json!({"Records": []}), event("viewer-requests", "/"), event("viewer-request", "x")]
        {
            let Answer { result, line } = respond(&Puppet, &event, "r-1").await;
            assert_eq!(
                (&result["status"], &line.unwrap()["level"]),
                (&json!("503"), &json!("ERROR")),
                "{event}"
            );
        }
    }
}
