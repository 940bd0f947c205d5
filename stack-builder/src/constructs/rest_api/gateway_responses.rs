//! What API Gateway itself answers when it refuses a request or fails.

use super::cors::Preflight;
use super::deployment::Draft;
use stack_builder_cfn::apigateway::{self as l1, gateway_response::ResponseType};

/// The message that API Gateway has for the case, quoted and escaped by it.
const BODY: &str = r#"{"message":$context.error.messageString}"#;
/// As an HTTP API says it.
const NOT_FOUND: &str = r#"{"message":"Not Found"}"#;

/// Adds a 404 for unknown paths, and for pages of other origins the headers without which they could not read an error.
pub(super) fn add(draft: &mut Draft<'_>, preflight: Option<&Preflight>) {
    // What a path that is not there gives; no method of ours is signed with IAM, for which it was meant.
    let unknown = response(draft, ResponseType::MissingAuthenticationToken, NOT_FOUND, preflight);
    draft.add("NotFoundResponse", unknown.status_code("404"));
    if preflight.is_some() {
        let refused = response(draft, ResponseType::Default4xx, BODY, preflight);
        draft.add("RefusedResponse", refused);
        let failed = response(draft, ResponseType::Default5xx, BODY, preflight);
        draft.add("FailedResponse", failed);
    }
}

fn response(
    draft: &Draft<'_>,
    kind: ResponseType,
    body: &str,
    preflight: Option<&Preflight>,
) -> l1::GatewayResponse {
    let l1 = l1::GatewayResponse::new()
        .rest_api_id(draft.id())
        .response_type(kind)
        .response_templates([("application/json", body)]);
    match preflight {
        Some(preflight) => l1.response_parameters([(
            "gatewayresponse.header.Access-Control-Allow-Origin",
            preflight.origin_of_errors(),
        )]),
        None => l1,
    }
}
