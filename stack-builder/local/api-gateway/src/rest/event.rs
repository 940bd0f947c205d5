//! Events of REST APIs.

use super::Arrived;
use crate::exchange::{Exchange, SOURCE_IP};
use crate::grant::Grant;
use crate::headers::{self, Names};
use crate::{percent, time};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

/// The event of a proxy integration
/// ([format](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html)).
pub(super) fn integration(on: &Exchange, arrived: &Arrived<'_>, body: &Bytes, binary: bool) -> Value {
    let mut event = request(on, arrived);
    event["body"] = match body {
        body if body.is_empty() => Value::Null,
        body if binary => STANDARD.encode(body).into(),
        body => String::from_utf8_lossy(body).into(),
    };
    event["isBase64Encoded"] = (binary && !body.is_empty()).into();
    event
}

/// All of an event but the body. Values of the path stay encoded, those of the query are decoded.
pub(super) fn request(on: &Exchange, arrived: &Arrived<'_>) -> Value {
    let pairs = headers::for_event(&arrived.parts.headers, &on.trace_id, Names::Rest, 0);
    let query = percent::query(arrived.parts.uri.query().unwrap_or_default(), true);
    json!({
        "resource": arrived.method.resource,
        "path": arrived.path,
        "httpMethod": on.method,
        "headers": percent::last_values(&pairs),
        "multiValueHeaders": percent::all_values(&pairs),
        "queryStringParameters": percent::last_values(&query),
        "multiValueQueryStringParameters": percent::all_values(&query),
        "pathParameters": percent::last_values(&arrived.variables),
        "stageVariables": arrived.stage.variables,
        "requestContext": context(on, arrived),
    })
}

fn context(on: &Exchange, arrived: &Arrived<'_>) -> Value {
    let mut context = json!({
        "resourceId": on.resource_id,
        "resourcePath": arrived.method.resource,
        "httpMethod": on.method,
        "extendedRequestId": on.extended_id,
        "requestTime": time::request_time(on.at),
        "path": on.path,
        "accountId": on.facts.account,
        "protocol": on.protocol,
        "stage": &*on.stage,
        "domainPrefix": on.facts.api_id,
        "requestTimeEpoch": on.at,
        "requestId": on.request_id,
        "identity": identity(on),
        "domainName": on.facts.domain,
        "deploymentId": arrived.stage.deployment,
        "apiId": on.facts.api_id,
    });
    if let Some(grant) = &on.grant {
        context["authorizer"] = Grant::rest(grant);
    }
    context
}

fn identity(on: &Exchange) -> Value {
    let mut identity = json!({
        "cognitoIdentityPoolId": null,
        "accountId": null,
        "cognitoIdentityId": null,
        "caller": null,
        "sourceIp": SOURCE_IP,
        "principalOrgId": null,
        "accessKey": null,
        "cognitoAuthenticationType": null,
        "cognitoAuthenticationProvider": null,
        "userArn": null,
        "userAgent": on.user_agent,
        "user": null,
    });
    if let Some((id, value)) = &on.api_key {
        identity["apiKey"] = value.clone().into();
        identity["apiKeyId"] = id.clone().into();
    }
    identity
}
