//! The answer when there is none: what CloudFront gets after a fault of the event or of ours.

use super::{EdgeResponse, event};
use serde_json::Value;

/// About a response: the one that was going out anyway, untouched. About a request, or about nothing that can be told:
/// a 503 that nobody keeps, because what was not decided must not pass.
pub(super) fn answer(event: &Value) -> Value {
    let cf = event::record(event);
    let trigger = cf.and_then(|cf| cf.pointer("/config/eventType")?.as_str());
    let response = cf.and_then(|cf| cf.get("response")).filter(|response| response.is_object());
    match (trigger, response) {
        (Some("origin-response" | "viewer-response"), Some(response)) => response.clone(),
        _ => unavailable().into_json(),
    }
}

fn unavailable() -> EdgeResponse {
    EdgeResponse::new(503, "Service Unavailable")
        .header("Cache-Control", "no-store")
        .header("Content-Type", "text/plain; charset=utf-8")
        .header("Retry-After", "5")
        .with_body("This page cannot be shown right now. Please try again in a moment.\n")
}
