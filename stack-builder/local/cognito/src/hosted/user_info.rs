//! What an access token's holder may know about its user.

use super::tokens::open_to_pages;
use super::visit::Visit;
use crate::claims;
use crate::token::{self, Grant};
use http::HeaderValue;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use serde_json::{Value, json};
use stack_builder_local_core::{Response, full};

const MALFORMED: &str = "Bad OAuth2 request at UserInfo Endpoint";
const REFUSED: &str = "Access token is expired, disabled, or deleted, or the user has globally signed out.";

/// Answers `/oauth2/userInfo`: every value is text, as at Cognito.
pub(super) fn user_info(visit: &Visit) -> Response {
    let header = visit.sent.parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    open_to_pages(match bearer.map(|(_, access)| known(visit, access.trim())) {
        Some(Some(claims)) => full(200, "application/json;charset=UTF-8", claims.to_string()),
        Some(None) => refused(401, "invalid_token", REFUSED),
        None => refused(400, "invalid_request", MALFORMED),
    })
}

fn known(visit: &Visit, access: &str) -> Option<Value> {
    let (user, token) = token::owner(&visit.pool, access, "openid").ok()?;
    let client = visit.pool.client(token["client_id"].as_str()?)?;
    let scopes = token["scope"].as_str()?.split(' ').map(str::to_owned).collect();
    let grant = Grant { scopes, is_hosted: true, nonce: None, signed_in: 0, origin: String::new() };
    let mut claims = json!({ "sub": user.sub });
    for (name, value) in &user.attributes {
        if client.reads(name) && claims::shows(&grant, name) {
            claims[name] = json!(value);
        }
    }
    claims["username"] = json!(user.username);
    Some(claims)
}

/// <https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html>
fn refused(status: u16, error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    let mut response = full(status, "application/json;charset=UTF-8", body.to_string());
    let challenge = format!("error=\"{error}\", error_description=\"{description}\"");
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
