//! What every handler is, and how one is served to Lambda.

use crate::{AllowedOrigins, Failure, Request, Response, StartUpError, deadline, log, metrics, trace};
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;
use std::{
    convert::Infallible,
    future::Future,
    process::ExitCode,
    time::{Instant, SystemTime},
};

/// One route's function: made once at cold start, then asked once a request.
pub trait Handler {
    /// The binary target's name, as it stands in the log.
    const NAME: &'static str;

    /// The CloudWatch namespace of this handler's `Success` and `Error` counts; it counts nothing unless it has one.
    const METRICS: Option<&'static str> = None;

    /// Answers one request.
    ///
    /// # Errors
    /// A [`Failure`] is an answer too; [`respond`] turns it into one.
    fn handle(&self, request: &Request) -> impl Future<Output = Result<Response, Failure>>;
}

/// A handler that can be made as it is deployed.
pub trait FromEnvironment: Handler + Sized {
    /// Reads the settings and makes the AWS clients.
    ///
    /// # Errors
    /// When a setting is missing; the message names all that are.
    fn from_environment() -> impl Future<Output = Result<Self, StartUpError>>;
}

/// What Lambda says about one call, apart from the event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Invocation<'a> {
    /// Lambda's request id.
    pub request_id: &'a str,
    /// The tracing header, such as `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=…;Sampled=1`.
    pub trace: Option<&'a str>,
    /// When Lambda ends the call, answered or not.
    pub deadline: Option<SystemTime>,
}

/// What comes of one event.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// What API Gateway is told.
    pub answer: Value,
    /// The line of log about it.
    pub log: Value,
    /// The line of metrics about it, from a handler that counts.
    pub metrics: Option<Value>,
}

/// Runs the handler `H` in the Lambda runtime until the execution environment ends.
///
/// A start-up failure is logged as one line and ends the process with 1, which Lambda reports as a failed init.
pub async fn serve<H: FromEnvironment>() -> ExitCode {
    let (handler, origins) = match start::<H>().await {
        Ok(started) => started,
        Err(error) => return stop(H::NAME, &error.to_string()),
    };
    let (handler, origins) = (&handler, &origins);
    let service = service_fn(async |event: LambdaEvent<Value>| {
        let context = &event.context;
        let invocation = Invocation {
            request_id: &context.request_id,
            trace: context.xray_trace_id.as_deref(),
            deadline: Some(context.deadline()),
        };
        let answered = respond(handler, &event.payload, invocation, origins).await;
        log::write(&answered.log);
        answered.metrics.iter().for_each(log::write);
        Ok::<_, Infallible>(answered.answer)
    });
    match Runtime::new(service).run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => stop(H::NAME, &error.to_string()),
    }
}

async fn start<H: FromEnvironment>() -> Result<(H, AllowedOrigins), StartUpError> {
    let origins = AllowedOrigins::from_environment()?;
    Ok((H::from_environment().await?, origins))
}

fn stop(function: &str, cause: &str) -> ExitCode {
    log::write(&log::start_up_failed(function, cause));
    ExitCode::FAILURE
}

/// Turns one API Gateway event, of either payload format, into the answer that API Gateway expects and the lines to
/// write about it.
///
/// Whatever the event holds, there is an answer: an event that did not come through an authorizer gets a 401.
pub async fn respond<H: Handler>(
    handler: &H,
    event: &Value,
    invocation: Invocation<'_>,
    origins: &AllowedOrigins,
) -> Answered {
    let started = Instant::now();
    let request = Request::from_event(event);
    // A handler's future is large, and would be held in line more than once.
    let outcome = deadline::within(invocation.deadline, Box::pin(handler.handle(&request))).await;
    let request_id = invocation.request_id;
    let trace_id = invocation.trace.and_then(trace::root);
    let place = log::Place { function: H::NAME, route: &request.route, request_id, trace_id };
    let log = log::answered(&place, &outcome, started.elapsed());
    let metrics = H::METRICS.map(|namespace| metrics::line(namespace, H::NAME, &log, SystemTime::now()));
    let response = outcome.unwrap_or_else(|failure| failure.response(request_id));
    Answered { answer: origins.open(response, request.origin.as_deref()).into_event(), log, metrics }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Serves the query `ok`, refuses anything else.
    struct Counting;

    impl Handler for Counting {
        const NAME: &'static str = "counting";
        const METRICS: Option<&'static str> = Some("Test");

        async fn handle(&self, request: &Request) -> Result<Response, Failure> {
            let served = request.query.contains_key("ok").then(|| Response::ok(json!({})));
            served.ok_or_else(|| Failure::Internal("secret".into()))
        }
    }

    async fn answered(query: &Value, trace: Option<&str>) -> Answered {
        let event = json!({
            "httpMethod": "GET", "resource": "/x", "headers": {"Origin": "https://a.example"},
            "queryStringParameters": query,
        });
        let origins = AllowedOrigins::parse("https://a.example").unwrap();
        respond(&Counting, &event, Invocation { request_id: "r-1", trace, deadline: None }, &origins).await
    }

    #[tokio::test]
    async fn a_served_request_is_logged_and_counted() {
        let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
        let answered = answered(&json!({"ok": ""}), Some(trace)).await;
        let metrics = answered.metrics.unwrap();
        assert_eq!((&metrics["Service"], &metrics["Success"]), (&json!("counting"), &json!(1)));
        for line in [&metrics, &answered.log] {
            assert_eq!((&line["requestId"], &line["status"]), (&json!("r-1"), &json!(200)));
            assert_eq!(line["traceId"], "1-5759e988-bd862e3fe1be46a994272793");
        }
        assert_eq!(answered.log["route"], "GET /x");
    }

    #[tokio::test]
    async fn a_failure_is_readable_by_the_page_and_counted_as_an_error() {
        let Answered { answer, log, metrics } = answered(&json!(null), Some("nonsense")).await;
        assert_eq!((&answer["statusCode"], &log["cause"]), (&json!(500), &json!("secret")));
        assert_eq!(answer["headers"]["access-control-allow-origin"], "https://a.example");
        assert!(!answer.to_string().contains("secret"), "{answer}");
        assert_eq!((metrics.unwrap()["Error"].clone(), log.get("traceId")), (json!(1), None));
    }
}
