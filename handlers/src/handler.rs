//! What every handler is, and how one is served to Lambda.

use crate::{Failure, Request, Response, StartUpError, log};
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;
use std::{convert::Infallible, future::Future, process::ExitCode, time::Instant};

/// One route's function: made once at cold start, then asked once a request.
pub trait Handler {
    /// The binary target's name, as it stands in the log.
    const NAME: &'static str;

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

/// Runs the handler `H` in the Lambda runtime until the execution environment ends.
///
/// A start-up failure is logged as one line and ends the process with 1, which Lambda reports as a failed init.
pub async fn serve<H: FromEnvironment>() -> ExitCode {
    let handler = match H::from_environment().await {
        Ok(handler) => handler,
        Err(error) => return stop(H::NAME, &error.to_string()),
    };
    let handler = &handler;
    let service = service_fn(async |event: LambdaEvent<Value>| {
        let (answer, line) = respond(handler, &event.payload, &event.context.request_id).await;
        log::write(&line);
        Ok::<_, Infallible>(answer)
    });
    match Runtime::new(service).run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => stop(H::NAME, &error.to_string()),
    }
}

fn stop(function: &str, cause: &str) -> ExitCode {
    log::write(&log::start_up_failed(function, cause));
    ExitCode::FAILURE
}

/// Turns one API Gateway event into the answer that API Gateway expects, and the line of log to write about it.
///
/// Whatever the event holds, there is an answer: an event that did not come through an authorizer gets a 401.
pub async fn respond<H: Handler>(handler: &H, event: &Value, request_id: &str) -> (Value, Value) {
    let started = Instant::now();
    let request = Request::from_http_api(event);
    let outcome = handler.handle(&request).await;
    let place = log::Place { function: H::NAME, route: &request.route, request_id };
    let line = log::answered(&place, &outcome, started.elapsed());
    (outcome.unwrap_or_else(|failure| failure.response(request_id)).into_event(), line)
}
