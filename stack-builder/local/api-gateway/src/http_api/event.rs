//! Events of HTTP APIs: payload formats 2.0 and 1.0.

use super::Arrived;
use crate::exchange::{Exchange, SOURCE_IP};
use crate::headers::{self, Names};
use crate::percent::{self, decode};
use crate::time;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};

/// The event of an integration.
pub(super) fn integration(on: &Exchange, arrived: &Arrived<'_>, body: &Bytes, modern: bool) -> Value {
    let length = body.len();
    let (body, encoded) = content(arrived, body);
    let mut event = if modern { format_2(on, arrived, length) } else { format_1(on, arrived, length) };
    if !modern || !body.is_null() {
        event["body"] = body;
    }
    event["isBase64Encoded"] = encoded.into();
    event
}

/// Only these types are text to an HTTP API; any other body arrives in base64
/// ([formats](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html)).
fn content(arrived: &Arrived<'_>, body: &Bytes) -> (Value, bool) {
    if body.is_empty() {
        return (Value::Null, false);
    }
    let kind = headers::last(&arrived.parts.headers, "content-type").unwrap_or_default().to_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let known = matches!(kind, "application/json" | "application/javascript" | "application/xml");
    match std::str::from_utf8(body) {
        Ok(text) if known || kind.starts_with("text/") => (text.into(), false),
        _ => (STANDARD.encode(body).into(), true),
    }
}

/// Payload format 2.0, without a body.
pub(super) fn format_2(on: &Exchange, arrived: &Arrived<'_>, length: usize) -> Value {
    let mut event = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            event.insert(name.to_owned(), value);
        }
    };
    let raw = arrived.parts.uri.query().unwrap_or_default();
    let pairs = headers::for_event(&arrived.parts.headers, &on.trace_id, Names::Lower, length);
    let (cookies, pairs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "cookie");
    put("version", "2.0".into());
    put("routeKey", on.route.clone().into());
    put("rawPath", on.path.clone().into());
    put("rawQueryString", raw.into());
    put("cookies", split(&cookies));
    put("headers", percent::joined_values(&pairs));
    put("queryStringParameters", percent::joined_values(&percent::query(raw, false)));
    put("requestContext", context_2(on));
    put("pathParameters", variables(arrived));
    put("stageVariables", arrived.stage.variables.clone());
    event.into()
}

fn split(cookies: &headers::Pairs) -> Value {
    let each = cookies.iter().flat_map(|(_, line)| line.split(';')).map(str::trim);
    let list: Vec<_> = each.filter(|cookie| !cookie.is_empty()).collect();
    if list.is_empty() { Value::Null } else { list.into() }
}

fn variables(arrived: &Arrived<'_>) -> Value {
    let decoded: Vec<_> =
        arrived.variables.iter().map(|(name, value)| (name.clone(), decode(value))).collect();
    percent::last_values(&decoded)
}

fn context_2(on: &Exchange) -> Value {
    let mut context = json!({
        "accountId": on.facts.account,
        "apiId": on.facts.api_id,
        "domainName": on.facts.domain,
        "domainPrefix": on.facts.api_id,
        "http": {
            "method": on.method,
            "path": on.path,
            "protocol": on.protocol,
            "sourceIp": SOURCE_IP,
            "userAgent": on.user_agent.as_deref().unwrap_or_default(),
        },
        "requestId": on.extended_id,
        "routeKey": on.route,
        "stage": &*on.stage,
        "time": time::request_time(on.at),
        "timeEpoch": on.at,
    });
    if let Some(grant) = &on.grant {
        context["authorizer"] = grant.format_2();
    }
    context
}

/// Payload format 1.0, without a body.
pub(super) fn format_1(on: &Exchange, arrived: &Arrived<'_>, length: usize) -> Value {
    let pairs = headers::for_event(&arrived.parts.headers, &on.trace_id, Names::Http, length);
    let query = percent::query(arrived.parts.uri.query().unwrap_or_default(), false);
    json!({
        "version": "1.0",
        "resource": resource(&on.route),
        "path": on.path,
        "httpMethod": on.method,
        "headers": percent::last_values(&pairs),
        "multiValueHeaders": percent::all_values(&pairs),
        "queryStringParameters": percent::last_values(&query),
        "multiValueQueryStringParameters": percent::all_values(&query),
        "requestContext": context_1(on),
        "pathParameters": variables(arrived),
        "stageVariables": arrived.stage.variables,
    })
}

/// `/notes` of `GET /notes`.
pub(super) fn resource(route: &str) -> &str {
    route.split_once(' ').map_or(route, |(_, path)| path)
}

fn context_1(on: &Exchange) -> Value {
    json!({
        "accountId": on.facts.account,
        "apiId": on.facts.api_id,
        "authorizer": on.grant.as_ref().map_or_else(|| json!({}), crate::grant::Grant::format_1),
        "domainName": on.facts.domain,
        "domainPrefix": on.facts.api_id,
        "extendedRequestId": on.extended_id,
        "httpMethod": on.method,
        "identity": {
            "accessKey": null,
            "accountId": null,
            "caller": null,
            "cognitoAmr": null,
            "cognitoAuthenticationProvider": null,
            "cognitoAuthenticationType": null,
            "cognitoIdentityId": null,
            "cognitoIdentityPoolId": null,
            "principalOrgId": null,
            "sourceIp": SOURCE_IP,
            "user": null,
            "userAgent": on.user_agent,
            "userArn": null,
        },
        "path": on.path,
        "protocol": on.protocol,
        "requestId": on.extended_id,
        "requestTime": time::request_time(on.at),
        "requestTimeEpoch": on.at,
        "resourceId": on.route,
        "resourcePath": resource(&on.route),
        "stage": &*on.stage,
    })
}
