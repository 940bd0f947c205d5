//! What every handler is, and how one is served to Lambda.

use crate::{AllowedOrigins, Failure, Request, Response, StartUpError, log, metrics, trace};
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
        let invocation =
            Invocation { request_id: &context.request_id, trace: context.xray_trace_id.as_deref() };
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
    let outcome = handler.handle(&request).await;
    let request_id = invocation.request_id;
    let trace_id = invocation.trace.and_then(trace::root);
    let place = log::Place { function: H::NAME, route: &request.route, request_id, trace_id };
    let log = log::answered(&place, &outcome, started.elapsed());
    let metrics = H::METRICS.map(|namespace| metrics::line(namespace, H::NAME, &log, SystemTime::now()));
    let response = outcome.unwrap_or_else(|failure| failure.response(request_id));
    Answered { answer: origins.open(response, request.origin.as_deref()).into_event(), log, metrics }
}
