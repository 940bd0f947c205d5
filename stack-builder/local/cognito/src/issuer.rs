//! What the issuer of tokens publishes: its keys, and where its pages are.

use crate::hosted::HostedOptions;
use crate::pool::Pool;
use crate::pools::Pools;
use serde_json::{Value, json};
use stack_builder_local_core::{Answer, PublicKey, Request, Response, Service, full};
use std::future::ready;

pub(crate) struct IssuerPages(pub(crate) Pools);

impl Service for IssuerPages {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(ready(answer(&self.0, &request)))
    }
}

fn answer(pools: &Pools, request: &Request) -> Response {
    let is_read = matches!(request.method().as_str(), "GET" | "HEAD");
    let path = request.uri().path().trim_start_matches('/').split_once('/');
    let (id, page) = path.unwrap_or_default();
    let pool = if is_read { pools.pool(id).ok() } else { None };
    let host = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    let body = match (page, pool) {
        (".well-known/jwks.json", Some(pool)) => keys(&pool),
        (".well-known/openid-configuration", Some(pool)) => {
            Some(configuration(&pool, &pools.options(), host))
        }
        _ => None,
    };
    let mut response = match body {
        Some(body) => full(200, "application/json", body.to_string()),
        None => full(404, "application/json", json!({ "message": "not found" }).to_string()),
    };
    let headers = response.headers_mut();
    headers.insert("access-control-allow-origin", http::HeaderValue::from_static("*"));
    headers.insert("cache-control", http::HeaderValue::from_static("public, max-age=86400, immutable"));
    response
}

fn keys(pool: &Pool) -> Option<Value> {
    let PublicKey { kid, n, e } = pool.state.key().ok()?.public();
    Some(json!({ "keys": [{ "alg": "RS256", "e": e, "kid": kid, "kty": "RSA", "n": n, "use": "sig" }] }))
}

/// The issuer keeps its name; its keys are where the reader asked.
fn configuration(pool: &Pool, options: &HostedOptions, host: Option<&str>) -> Value {
    let issuer = &pool.definition.issuer;
    let scheme = if options.is_secure { "https" } else { "http" };
    let here = host.map(|host| format!("{scheme}://{host}/{}", pool.definition.id));
    let mut answer = json!({
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{}/.well-known/jwks.json", here.as_ref().unwrap_or(issuer)),
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    });
    let pages = pool.definition.domains.first().and_then(|domain| options.urls.get(domain));
    for (name, path) in [
        ("authorization_endpoint", "/oauth2/authorize"),
        ("token_endpoint", "/oauth2/token"),
        ("userinfo_endpoint", "/oauth2/userInfo"),
        ("revocation_endpoint", "/oauth2/revoke"),
        ("end_session_endpoint", "/logout"),
    ] {
        if let Some(url) = pages {
            answer[name] = json!(format!("{}{path}", url.trim_end_matches('/')));
        }
    }
    answer
}
