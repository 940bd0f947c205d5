//! The loop of an edge function.

use super::{FromConfig, config, respond};
use crate::log;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;
use std::{convert::Infallible, process::ExitCode};

/// Runs the handler `H` in the Lambda runtime until the execution environment ends.
///
/// A start-up failure is logged as one line and ends the process with 1: CloudFront answers with an error of its own,
/// and nothing passes.
pub async fn serve_edge<H: FromConfig>() -> ExitCode {
    let handler = match config::beside_executable() {
        Ok(config) => H::from_config(config).await,
        Err(error) => return stop(H::NAME, &error.to_string()),
    };
    let handler = &handler;
    let service = service_fn(async |event: LambdaEvent<Value>| {
        let answer = respond(handler, &event.payload, &event.context.request_id).await;
        if let Some(line) = &answer.line {
            log::write(line);
        }
        Ok::<_, Infallible>(answer.result)
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
