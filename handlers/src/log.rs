//! Structured logs: one JSON object a line on standard output, which Lambda stamps and ships to CloudWatch.
//!
//! Twenty lines over `serde_json` do what is needed; a subscriber would add a dozen crates, and would also print the
//! SDK's own events, which hold URLs with signatures. Nothing here takes a header, a body, a query or a URL.

use crate::{Failure, Response};
use aws_sdk_dynamodb::primitives::DateTime;
use serde_json::{Value, json};
use std::{
    io::{Write, stdout},
    time::{Duration, SystemTime},
};

/// Where a line comes from.
pub(crate) struct Place<'a> {
    pub(crate) function: &'a str,
    pub(crate) route: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) trace_id: Option<&'a str>,
}

/// The line that every request leaves: INFO when served, WARN when refused, ERROR with the cause when we failed.
pub(crate) fn answered(place: &Place, outcome: &Result<Response, Failure>, took: Duration) -> Value {
    let (level, message, status) = match outcome {
        Ok(response) if response.remark.is_some() => ("WARN", "served", response.status),
        Ok(response) => ("INFO", "served", response.status),
        Err(failure @ Failure::Internal(_)) => ("ERROR", "failed", failure.status()),
        Err(failure) => ("WARN", "refused", failure.status()),
    };
    let mut line = json!({
        "level": level,
        "message": message,
        "requestId": place.request_id,
        "function": place.function,
        "route": place.route,
        "status": status,
        "durationMs": milliseconds(took),
    });
    if let Some(trace_id) = place.trace_id {
        line["traceId"] = trace_id.into();
    }
    if let Ok(Response { remark: Some(remark), .. }) = outcome {
        line["remark"] = remark.as_str().into();
    }
    if let Err(failure) = outcome {
        line["error"] = failure.code().into();
    }
    if let Err(Failure::Internal(cause)) = outcome {
        line["cause"] = cause.as_str().into();
    }
    line
}

/// The line before a function gives up on starting.
pub(crate) fn start_up_failed(function: &str, cause: &str) -> Value {
    json!({"level": "ERROR", "message": "cannot start", "function": function, "cause": cause})
}

/// Writes one line with the time; a closed standard output is no reason to fail a request.
///
/// Lambda takes the level of a line only together with an RFC 3339 `timestamp`.
/// See <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>.
pub(crate) fn write(line: &Value) {
    let mut line = line.clone();
    line["timestamp"] = DateTime::from(SystemTime::now()).to_string().into();
    let _ = writeln!(stdout().lock(), "{line}");
}

/// Milliseconds to three decimals.
fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { function: "f", route: "GET /files", request_id: "r-1", trace_id: None };

    #[test]
    fn a_served_request() {
        let outcome = Ok(Response::ok(json!({"uploadUrl": "https://x/?X-Amz-Signature=abc"})));
        assert_eq!(
            answered(&PLACE, &outcome, Duration::from_micros(1500)).to_string(),
            r#"{"level":"INFO","message":"served","requestId":"r-1","function":"f","route":"GET /files","status":200,"durationMs":1.5}"#
        );
    }

    #[test]
    fn a_traced_request_names_its_trace() {
        let place = Place { trace_id: Some("1-a-b"), ..PLACE };
        let line = answered(&place, &Err(Failure::NoCaller), Duration::ZERO);
        assert_eq!(line["traceId"], "1-a-b");
    }

    #[test]
    fn a_failure_tells_its_cause_on_one_line() {
        let line = answered(&PLACE, &Err(Failure::Internal("a\nb".into())), Duration::ZERO);
        assert_eq!((&line["level"], &line["cause"]), (&json!("ERROR"), &json!("a\nb")));
        assert!(!line.to_string().contains('\n'));
    }

    #[test]
    fn a_remark_makes_a_warning() {
        let outcome = Ok(Response { remark: Some("odd".into()), ..Response::ok(json!({})) });
        let line = answered(&PLACE, &outcome, Duration::ZERO);
        assert_eq!(
            (&line["level"], &line["status"], &line["remark"]),
            (&json!("WARN"), &json!(200), &json!("odd"))
        );
    }

    #[test]
    fn a_refusal_is_a_warning() {
        let line = answered(&PLACE, &Err(Failure::NoCaller), Duration::ZERO);
        assert_eq!(
            (&line["level"], &line["status"], &line["error"]),
            (&json!("WARN"), &json!(401), &json!("unauthorized"))
        );
    }
}
