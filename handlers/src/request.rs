//! What a handler sees of a request, whichever kind of API sent it.

use serde_json::Value;
use std::collections::BTreeMap;

/// An HTTP request, freed from the shape of the event that carried it.
///
/// Reading an event never fails: what is absent, or of another type than it should be, is absent here. A second
/// kind of API (REST, payload format 1.0) is a second constructor beside [`Request::from_http_api`], nothing more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The route as the API is configured, such as `POST /getUploadUrl`; empty when unknown.
    pub route: String,
    /// The `sub` claim of the token that the authorizer verified.
    pub subject: Option<String>,
    /// The `content-type` header.
    pub content_type: Option<String>,
    /// The decoded query string.
    pub query: BTreeMap<String, String>,
    /// The body as it came, base64 when [`Request::base64`] says so.
    pub body: String,
    /// Whether API Gateway took the body for binary data.
    pub base64: bool,
}

impl Request {
    /// Reads an HTTP API event, payload format 2.0, behind a JWT authorizer.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
    pub fn from_http_api(event: &Value) -> Self {
        Self {
            route: text(event, "/requestContext/routeKey").unwrap_or_default(),
            subject: text(event, "/requestContext/authorizer/jwt/claims/sub"),
            content_type: header(event, "content-type"),
            query: strings(event.get("queryStringParameters")),
            body: text(event, "/body").unwrap_or_default(),
            base64: event.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or(false),
        }
    }
}

fn text(event: &Value, pointer: &str) -> Option<String> {
    event.pointer(pointer)?.as_str().map(str::to_owned)
}

/// Payload format 2.0 lower-cases header names, but a test event written by hand may not.
fn header(event: &Value, name: &str) -> Option<String> {
    let headers = event.get("headers")?.as_object()?;
    let (_, value) = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    value.as_str().map(str::to_owned)
}

fn strings(object: Option<&Value>) -> BTreeMap<String, String> {
    let pairs = object.and_then(Value::as_object).into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_payload_format_2() {
        let request = Request::from_http_api(&json!({
            "version": "2.0",
            "routeKey": "POST /getUploadUrl",
            "headers": {"Content-Type": "application/json", "authorization": "Bearer secret"},
            "queryStringParameters": {"limit": "5"},
            "requestContext": {
                "routeKey": "POST /getUploadUrl",
                "authorizer": {"jwt": {"claims": {"sub": "user-1"}, "scopes": null}},
            },
            "body": "e30=",
            "isBase64Encoded": true,
        }));
        assert_eq!(
            request,
            Request {
                route: "POST /getUploadUrl".into(),
                subject: Some("user-1".into()),
                content_type: Some("application/json".into()),
                query: [("limit".to_owned(), "5".to_owned())].into(),
                body: "e30=".into(),
                base64: true,
            }
        );
    }

    #[test]
    fn what_has_another_type_is_absent() {
        let events = [
            json!(null),
            json!([]),
            json!("text"),
            json!({"headers": [], "queryStringParameters": {"limit": 5}, "body": {}, "isBase64Encoded": "yes"}),
            json!({"requestContext": {"authorizer": {"jwt": {"claims": {"sub": ["user-1"]}}}}}),
        ];
        for event in events {
            assert_eq!(Request::from_http_api(&event), Request::default(), "{event}");
        }
    }

    #[test]
    fn only_the_authorizers_claim_names_the_user() {
        let request = Request::from_http_api(&json!({
            "headers": {"sub": "x", "authorization": "Bearer x"},
            "queryStringParameters": {"sub": "x", "userId": "x"},
            "body": "{\"userId\":\"x\"}",
            "requestContext": {"authorizer": {"claims": {"sub": "x"}, "lambda": {"sub": "x"}}},
        }));
        assert_eq!(request.subject, None);
    }
}
