//! AWS's API: one port, at which each call finds its service.

use crate::doors::Unrecorded;
use crate::stores::Stores;
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, Uri, header};
use stack_builder_local_cognito::{CORS, PREFLIGHT};
use stack_builder_local_core::{
    Answer, Api, ApiCall, ApiError, Body, Caller, Principal, Request, Response, Service, Trace, World,
    collect, empty,
};
use stack_builder_local_iam::query::QueryError;
use stack_builder_local_iam::{Protocol, Scope, SignatureError, scope, verify};
use std::sync::Arc;

/// The longest body of a call but S3's: a batch of DynamoDB has 16 MB.
const LONGEST: usize = 17 << 20;
/// The longest body of a call that anybody may make.
const LONGEST_UNSIGNED: usize = 1 << 20;
/// The prefix of calls that browsers make to user pools, unsigned.
const COGNITO: &[u8] = b"AWSCognitoIdentityProviderService.";

/// What answers calls of AWS's API.
pub(crate) struct Endpoint {
    pub(crate) stores: Arc<Stores>,
    pub(crate) cloudformation: Arc<dyn Api>,
    pub(crate) console: Arc<dyn Service>,
}

impl Service for Endpoint {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            let mut response = self.route(request).await;
            response.extensions_mut().insert(Unrecorded);
            response
        })
    }
}

impl Endpoint {
    async fn route(&self, request: Request) -> Response {
        let path = request.uri().path();
        if path == crate::console::PATH || path.starts_with(crate::console::BELOW) {
            return self.console.call(request).await;
        }
        if is_issuers(path) {
            return self.stores.issuers.call(request).await;
        }
        if let Some(preflight) = cognito_preflight(&request) {
            return preflight;
        }
        let (parts, body) = request.into_parts();
        let target = parts.headers.get("x-amz-target").map_or(&[][..], HeaderValue::as_bytes);
        let cognito = target.starts_with(COGNITO);
        match scope(&parts) {
            None if cognito => with_cors(self.unsigned(parts, body).await),
            Some(scope) if scope.service != "s3" => {
                let answer = self.signed(parts, body, scope).await;
                if cognito { with_cors(answer) } else { answer }
            }
            _ => self.stores.bucket_endpoint.call(Request::from_parts(parts, body)).await,
        }
    }

    /// Actions of user pools that anybody may call; the pool refuses the others.
    async fn unsigned(&self, parts: Parts, body: Body) -> Response {
        let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
        let Ok(body) = collect(body, LONGEST_UNSIGNED).await else { return too_large() };
        let region = self.stores.world.region.clone();
        let call = ApiCall { caller: Caller::Anonymous, region, parts: Arc::new(parts), body, trace };
        self.stores.pools.call(call).await
    }

    async fn signed(&self, parts: Parts, body: Body, scope: Scope) -> Response {
        let World { identities, clock, .. } = &self.stores.world;
        let service = &*scope.service;
        // Nobody's body is read.
        let known = identities.find(&scope.access_key).is_some();
        let body = if known { collect(body, LONGEST).await } else { Ok(Bytes::new()) };
        let Ok(body) = body else { return too_large() };
        let credentials = match verify(&parts, &body, identities, clock) {
            Ok(credentials) => credentials,
            Err(error) => return refused(&error, service, &parts),
        };
        if credentials.principal == Principal::Administrator && is_foreign(&parts) {
            return foreign(service, &parts);
        }
        let Some(api) = self.api(service) else { return unknown(service, &parts) };
        let trace = credentials.trace();
        let caller = Caller::Principal(credentials.principal);
        api.call(ApiCall { caller, region: scope.region, parts: Arc::new(parts), body, trace }).await
    }

    fn api(&self, service: &str) -> Option<&dyn Api> {
        let stores = &*self.stores;
        Some(match service {
            "dynamodb" => &stores.tables,
            "secretsmanager" => &stores.secrets_manager,
            "cognito-idp" => &stores.pools,
            "lambda" => &stores.functions,
            "logs" => &stores.logs,
            "sts" => &stores.sts,
            "cloudfront" => &stores.cdn,
            "cloudformation" => &*self.cloudformation,
            _ => return None,
        })
    }
}

/// How a service words its errors: clients of those with XML cannot read JSON.
fn protocol(service: &str, parts: &Parts) -> Protocol {
    let content = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    match service {
        "cloudfront" | "route53" => Protocol::Query,
        "lambda" | "apigateway" => Protocol::Rest,
        _ if content.starts_with(b"application/x-www-form-urlencoded") => Protocol::Query,
        _ => Protocol::Json,
    }
}

fn refused(error: &SignatureError, service: &str, parts: &Parts) -> Response {
    let protocol = protocol(service, parts);
    worded(error.api(protocol), service, protocol)
}

fn worded(error: ApiError, service: &str, protocol: Protocol) -> Response {
    if protocol != Protocol::Query {
        return error.json();
    }
    let version = match service {
        "sts" => "2011-06-15",
        "cloudfront" => "2020-05-31",
        _ => "2010-05-15",
    };
    let namespace = format!("https://{service}.amazonaws.com/doc/{version}/");
    QueryError::new(error.status, error.code, error.message).xml(&namespace)
}

fn too_large() -> Response {
    ApiError { status: 413, ..ApiError::new("RequestEntityTooLarge", "the body is too large, or broke off") }
        .json()
}

fn unknown(service: &str, parts: &Parts) -> Response {
    let message = format!("stack-builder local does not run `{service}`");
    let error = ApiError { status: 501, ..ApiError::new("NotImplemented", message) };
    worded(error, service, protocol(service, parts))
}

/// Whether a page that is not served on this machine makes the call: everybody knows the administrator's keys.
fn is_foreign(parts: &Parts) -> bool {
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return false };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Uri>().ok());
    let host = origin.as_ref().and_then(Uri::host).unwrap_or_default();
    !matches!(host, "127.0.0.1" | "localhost" | "[::1]") && !host.ends_with(".localhost")
}

fn foreign(service: &str, parts: &Parts) -> Response {
    let message = "pages of other sites may not use the keys of this machine's developer";
    let error = ApiError { status: 403, ..ApiError::new("AccessDeniedException", message) };
    worded(error, service, protocol(service, parts))
}

/// Whether the path is below a user pool, whose id has the `_` that a bucket's name cannot have.
fn is_issuers(path: &str) -> bool {
    let (pool, page) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    pool.contains('_') && page.starts_with(".well-known/")
}

/// A preflight of a browser that wants to call a user pool; those for buckets are the bucket's own affair.
fn cognito_preflight(request: &Request) -> Option<Response> {
    let wanted = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS)?.to_str().ok()?;
    let asks = request.method() == Method::OPTIONS && request.uri().path() == "/";
    let cognito = asks && wanted.to_ascii_lowercase().contains("x-amz-target");
    cognito.then(|| with(empty(200), PREFLIGHT))
}

fn with_cors(response: Response) -> Response {
    with(response, CORS)
}

fn with(mut response: Response, headers: &[(&'static str, &'static str)]) -> Response {
    for (name, value) in headers {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests;
