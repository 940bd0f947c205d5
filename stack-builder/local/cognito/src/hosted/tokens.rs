//! The token endpoint and the revocation endpoint of OAuth 2.0, as applications call them.

use super::visit::Visit;
use crate::client::Client;
use crate::form::Form;
use crate::pool::{Authorization, Pool};
use crate::random::{base64url, same, sha256, uuid};
use crate::token::{self, Grant, Tokens};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};
use stack_builder_local_core::{Response, empty, full};
use std::sync::Arc;

type Result<T> = std::result::Result<T, &'static str>;

/// Lets pages of other origins read the answer, and nobody keep it.
pub(super) fn open_to_pages(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    headers.insert("pragma", HeaderValue::from_static("no-cache"));
    response
}

/// What a browser asks before it sends a header that is not plain.
pub(super) fn preflight() -> Response {
    let mut response = open_to_pages(empty(200));
    let headers = response.headers_mut();
    headers.insert("access-control-allow-methods", HeaderValue::from_static("GET, POST, OPTIONS"));
    headers.insert("access-control-allow-headers", HeaderValue::from_static("authorization, content-type"));
    headers.insert("access-control-max-age", HeaderValue::from_static("7200"));
    response
}

fn answer(result: Result<Value>) -> Response {
    open_to_pages(match result {
        Ok(Value::Null) => empty(200),
        Ok(value) => full(200, "application/json;charset=UTF-8", value.to_string()),
        Err(error) => full(400, "application/json;charset=UTF-8", json!({ "error": error }).to_string()),
    })
}

/// Tokens for a code, a refresh token, or the client's own secret.
pub(super) fn token(visit: &Visit) -> Response {
    answer(checked(visit).and_then(|(client, form)| {
        let pool = &visit.pool;
        let tokens = match form.text("grant_type") {
            "authorization_code" => of_code(pool, &client, form),
            "refresh_token" => of_refresh(pool, &client, form),
            "client_credentials" => of_client(pool, &client, form),
            "" => Err("invalid_request"),
            _ => Err("unsupported_grant_type"),
        }?;
        Ok(shape(&tokens))
    }))
}

fn shape(tokens: &Tokens) -> Value {
    let mut shape = json!({});
    for (name, token) in [("id_token", &tokens.id), ("refresh_token", &tokens.refresh)] {
        if let Some(token) = token {
            shape[name] = json!(token);
        }
    }
    shape["access_token"] = json!(tokens.access);
    shape["expires_in"] = json!(tokens.lasts);
    shape["token_type"] = json!("Bearer");
    shape
}

/// The form and its client, whose secret is checked when it has one.
fn checked(visit: &Visit) -> Result<(Arc<Client>, &Form)> {
    let (parts, form) = (&visit.sent.parts, &visit.sent.form);
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err("invalid_request");
    }
    let basic =
        parts.headers.get(AUTHORIZATION).map(|header| basic(header).ok_or("invalid_client")).transpose()?;
    let (id, given) = match &basic {
        Some((id, secret)) => (id.as_str(), Some(secret.as_str())),
        None => (form.get("client_id").ok_or("invalid_request")?, form.get("client_secret")),
    };
    if basic.is_some() && form.get("client_id").is_some_and(|other| other != id) {
        return Err("invalid_client");
    }
    let client = visit.pool.client(id).cloned().ok_or("invalid_client")?;
    let secret = visit.pool.secret(&client).map_err(|_| "server_error")?;
    let is_right = match (&secret, given) {
        (None, None) => true,
        (Some(secret), Some(given)) => same(secret.as_bytes(), given.as_bytes()),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if is_right { Ok((client, form)) } else { Err("invalid_client") }
}

fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn of_code(pool: &Pool, client: &Client, form: &Form) -> Result<Tokens> {
    let code = form.get("code").ok_or("invalid_request")?;
    // A code is used up by whoever shows it, right or wrong.
    let authorization = pool.state.authorizations.take(code, pool.now()).ok_or("invalid_grant")?;
    let Authorization { client: owner, redirect, challenge, username, scopes, nonce, signed_in } =
        authorization;
    if owner != client.id || form.text("redirect_uri") != redirect {
        return Err("invalid_grant");
    }
    let verifier = form.get("code_verifier");
    let hashed = verifier.map(|verifier| base64url(&sha256(verifier.as_bytes())));
    let is_proved = match (&challenge, &hashed) {
        (Some(challenge), Some(hashed)) => same(challenge.as_bytes(), hashed.as_bytes()),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let is_bounded = verifier.is_none_or(|verifier| (43..=128).contains(&verifier.len()));
    let user = pool.user(&username).filter(|user| user.is_enabled && is_proved && is_bounded);
    let grant = Grant { scopes, is_hosted: true, nonce, signed_in, origin: uuid() };
    token::begin(pool, client, &user.ok_or("invalid_grant")?, &grant).map_err(|_| "server_error")
}

fn of_refresh(pool: &Pool, client: &Client, form: &Form) -> Result<Tokens> {
    let refresh = form.get("refresh_token").ok_or("invalid_request")?;
    token::renew(pool, client, refresh).map_err(|_| "invalid_grant")
}

fn of_client(pool: &Pool, client: &Client, form: &Form) -> Result<Tokens> {
    if !client.has_secret || !client.oauth_flows.contains("client_credentials") {
        return Err("unauthorized_client");
    }
    // Only scopes of resource servers: the others are about users.
    let own = || client.scopes.iter().filter(|scope| scope.contains('/')).cloned();
    let mut scopes: Vec<String> = form.text("scope").split_ascii_whitespace().map(str::to_owned).collect();
    if scopes.is_empty() {
        scopes = own().collect();
    }
    if scopes.is_empty() || !scopes.iter().all(|scope| own().any(|allowed| allowed == *scope)) {
        return Err("invalid_scope");
    }
    token::of_client(pool, client, &scopes).map_err(|_| "server_error")
}

/// Ends a session.
pub(super) fn revoke(visit: &Visit) -> Response {
    answer(checked(visit).and_then(|(client, form)| {
        let refresh = form.get("token").ok_or("invalid_request")?;
        if !client.revokes {
            return Err("unauthorized_client");
        }
        if token::issuer(refresh).is_some() {
            return Err("unsupported_token_type");
        }
        token::revoke(&visit.pool, &client, refresh).map_err(|_| "invalid_request")?;
        Ok(Value::Null)
    }))
}
