//! What a handler sees of a request, whichever kind of API sent it.

use crate::{cookies, event};
use serde_json::Value;
use std::collections::BTreeMap;

/// An HTTP request, freed from the shape of the event that carried it.
///
/// Reading an event never fails: what is absent, or of another type than it should be, is absent here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The route as the API is configured, such as `POST /item/{id}/done`; empty when unknown.
    pub route: String,
    /// The HTTP method, such as `GET`; empty when unknown.
    pub method: String,
    /// The values of the route's placeholders, as API Gateway hands them over and not decoded again.
    pub path: BTreeMap<String, String>,
    /// The decoded query string.
    pub query: BTreeMap<String, String>,
    /// The `sub` claim of the token that the authorizer verified.
    pub subject: Option<String>,
    /// The `cognito:username` claim of the same token; access tokens have none.
    pub username: Option<String>,
    /// The `origin` header: which page's script asks.
    pub origin: Option<String>,
    /// The `sec-fetch-site` header: how the page that asks is related to us, as its browser says.
    pub fetch_site: Option<String>,
    /// The `content-type` header.
    pub content_type: Option<String>,
    /// Names and values of the cookies, in the order they came, without any decoding.
    pub cookies: Vec<(String, String)>,
    /// The body as it came, base64 when [`Request::base64`] says so.
    pub body: String,
    /// Whether API Gateway took the body for binary data.
    pub base64: bool,
}

/// The two forms of an API's event. An event is read as one or as the other, never as a mixture.
#[derive(Clone, Copy)]
enum Form {
    /// Payload format 2.0, of an HTTP API.
    Http,
    /// Payload format 1.0, of a REST API or of an HTTP API that is set to it.
    Rest,
}

impl Request {
    /// Reads an API Gateway event of either payload format; anything else comes out as a request without content.
    ///
    /// Only the claims that the API's own authorizer verified name a user: a JWT authorizer's in format 2.0, a user
    /// pool authorizer's in 1.0. Headers, body, query, and what a Lambda authorizer might say, never do.
    ///
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html> and
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html>
    pub fn from_event(event: &Value) -> Self {
        match form(event) {
            Some(Form::Http) => Self::from_http(event),
            Some(Form::Rest) => Self::from_rest(event),
            None => Self::default(),
        }
    }

    fn from_http(event: &Value) -> Self {
        Self {
            route: event::text(event, "/requestContext/routeKey").unwrap_or_default(),
            method: event::text(event, "/requestContext/http/method").unwrap_or_default(),
            cookies: cookies::parse(http_cookies(event).iter().map(String::as_str)),
            ..Self::common(event, event.pointer("/requestContext/authorizer/jwt/claims"))
        }
    }

    fn from_rest(event: &Value) -> Self {
        let method = event::text(event, "/httpMethod").unwrap_or_default();
        let route = event::text(event, "/resource").map(|resource| format!("{method} {resource}"));
        Self {
            route: route.unwrap_or_default(),
            method,
            cookies: cookies::parse(event::headers(event, "cookie").iter().map(String::as_str)),
            ..Self::common(event, event.pointer("/requestContext/authorizer/claims"))
        }
    }

    /// What both forms keep in the same place.
    fn common(event: &Value, claims: Option<&Value>) -> Self {
        let claim = |name: &str| claims?.get(name)?.as_str().map(str::to_owned);
        let header = |name: &str| event::headers(event, name).into_iter().next_back();
        Self {
            path: event::strings(event.get("pathParameters")),
            query: event::strings(event.get("queryStringParameters")),
            subject: claim("sub"),
            username: claim("cognito:username"),
            origin: header("origin"),
            fetch_site: header("sec-fetch-site"),
            content_type: header("content-type"),
            body: event::text(event, "/body").unwrap_or_default(),
            base64: event.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or(false),
            ..Self::default()
        }
    }
}

/// `httpMethod` stands at the top of format 1.0 only, and only HTTP APIs say a `version`. An event with marks of both
/// is none of API Gateway's making.
fn form(event: &Value) -> Option<Form> {
    let rest = event.get("httpMethod").is_some();
    match event.get("version").map(Value::as_str) {
        Some(Some("2.0")) if !rest => Some(Form::Http),
        None | Some(Some("1.0")) if rest => Some(Form::Rest),
        _ => None,
    }
}

/// Format 2.0 takes cookies out of the headers into a list of their own; a stand-in for API Gateway may not.
fn http_cookies(event: &Value) -> Vec<String> {
    match event.get("cookies").and_then(Value::as_array) {
        Some(cookies) => cookies.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => event::headers(event, "cookie"),
    }
}
