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

    /// The value of the first cookie of this name: browsers send the one with the longest path first.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pairs<T: FromIterator<(String, String)>>(pairs: &[(&str, &str)]) -> T {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn http() -> Value {
        json!({
            "version": "2.0",
            "routeKey": "POST /item/{id}",
            "rawPath": "/item/7",
            "cookies": ["a=1", "b=2"],
            "headers": {
                "Content-Type": "application/json", "authorization": "Bearer secret", "origin": "https://a.example",
            },
            "queryStringParameters": {"limit": "5"},
            "pathParameters": {"id": "7"},
            "requestContext": {
                "routeKey": "POST /item/{id}",
                "http": {"method": "POST", "path": "/item/7"},
                "authorizer": {"jwt": {"claims": {"sub": "user-1", "cognito:username": "ann"}, "scopes": null}},
            },
            "body": "e30=",
            "isBase64Encoded": true,
        })
    }

    fn rest() -> Value {
        json!({
            "resource": "/item/{id}",
            "path": "/item/7",
            "httpMethod": "POST",
            "headers": {
                "Content-Type": "application/json", "Authorization": "Bearer secret", "Origin": "https://a.example",
                "Cookie": "b=2",
            },
            "multiValueHeaders": {
                "Content-Type": ["application/json"], "Authorization": ["Bearer secret"],
                "Origin": ["https://a.example"], "Cookie": ["a=1", "b=2"],
            },
            "queryStringParameters": {"limit": "5"},
            "multiValueQueryStringParameters": {"limit": ["5"]},
            "pathParameters": {"id": "7"},
            "requestContext": {
                "resourcePath": "/item/{id}", "httpMethod": "POST",
                "authorizer": {"claims": {"sub": "user-1", "cognito:username": "ann"}},
            },
            "body": "e30=",
            "isBase64Encoded": true,
        })
    }

    #[test]
    fn both_payload_formats_are_the_same_request() {
        let request = Request {
            route: "POST /item/{id}".into(),
            method: "POST".into(),
            path: pairs(&[("id", "7")]),
            query: pairs(&[("limit", "5")]),
            subject: Some("user-1".into()),
            username: Some("ann".into()),
            origin: Some("https://a.example".into()),
            content_type: Some("application/json".into()),
            cookies: pairs(&[("a", "1"), ("b", "2")]),
            body: "e30=".into(),
            base64: true,
        };
        assert_eq!(Request::from_event(&http()), request);
        assert_eq!(Request::from_event(&rest()), request);
        let mut said = rest();
        said["version"] = json!("1.0");
        assert_eq!(Request::from_event(&said), request);
    }

    #[test]
    fn cookies_are_found_where_each_format_has_them() {
        let mut http = http();
        http["cookies"] = json!(null);
        http["headers"]["cookie"] = json!("c=3; d=4");
        assert_eq!(Request::from_event(&http).cookies, pairs::<Vec<_>>(&[("c", "3"), ("d", "4")]));
        let mut rest = rest();
        rest["multiValueHeaders"] = json!(null);
        assert_eq!(Request::from_event(&rest).cookies, pairs::<Vec<_>>(&[("b", "2")]));
        rest["headers"] = json!(null);
        assert_eq!(Request::from_event(&rest).cookies, []);
    }

    #[test]
    fn the_first_cookie_of_a_name_counts() {
        let mut rest = rest();
        rest["multiValueHeaders"]["Cookie"] = json!(["s=near; s=far"]);
        let request = Request::from_event(&rest);
        assert_eq!(
            (request.cookie("s"), request.cookie("S"), request.cookie("a")),
            (Some("near"), None, None)
        );
    }

    #[test]
    fn what_has_another_type_is_absent() {
        let events = [
            json!(null),
            json!([]),
            json!("text"),
            json!({}),
            json!({"version": "2.0", "headers": [], "queryStringParameters": {"limit": 5}, "cookies": [1, {}]}),
            json!({"version": "2.0", "pathParameters": 1, "body": {}, "isBase64Encoded": "yes"}),
            json!({"version": "2.0", "requestContext": {"authorizer": {"jwt": {"claims": {"sub": ["user-1"]}}}}}),
            json!({"httpMethod": 7, "resource": [], "multiValueHeaders": {"Cookie": "a=1", "Origin": [null]}}),
            json!({"httpMethod": null, "requestContext": {"authorizer": {"claims": {"sub": 1}}}}),
        ];
        for event in events {
            assert_eq!(Request::from_event(&event), Request::default(), "{event}");
        }
    }

    #[test]
    fn only_the_authorizers_claims_name_the_user() {
        let mut http = http();
        http["headers"] = json!({"sub": "x", "authorization": "Bearer x", "x-amzn-oidc-identity": "x"});
        http["queryStringParameters"] = json!({"sub": "x", "cognito:username": "x"});
        http["body"] = json!("{\"sub\":\"x\"}");
        let mut rest = rest();
        rest["headers"] = http["headers"].clone();
        rest["queryStringParameters"] = http["queryStringParameters"].clone();
        let claims = json!({"sub": "x", "cognito:username": "x"});
        let others = [
            json!(null),
            claims.clone(),
            json!({"lambda": claims, "principalId": "x"}),
            json!({"iam": {"userId": "x", "cognitoIdentity": claims}}),
            json!({"claims": claims.to_string(), "jwt": claims.to_string()}),
        ];
        for authorizer in others {
            for mut event in [http.clone(), rest.clone()] {
                event["requestContext"]["authorizer"] = authorizer.clone();
                let request = Request::from_event(&event);
                assert_eq!((request.subject, request.username), (None, None), "{event}");
            }
        }
    }

    /// Each form ignores the place where the other one keeps its claims, and marks of both make neither.
    #[test]
    fn one_form_cannot_be_smuggled_into_the_other() {
        let (mut crossed, mut both) = (http(), rest());
        crossed["requestContext"]["authorizer"] = rest()["requestContext"]["authorizer"].clone();
        assert_eq!(Request::from_event(&crossed).subject, None);
        both["requestContext"]["authorizer"] = http()["requestContext"]["authorizer"].clone();
        both["cookies"] = json!(["s=smuggled"]);
        both["routeKey"] = json!("GET /smuggled");
        let request = Request::from_event(&both);
        assert_eq!(
            (request.subject, request.username, request.route.as_str()),
            (None, None, "POST /item/{id}")
        );
        assert_eq!(request.cookies, pairs::<Vec<_>>(&[("a", "1"), ("b", "2")]));
        for version in [json!("2.0"), json!("1"), json!("3.0"), json!(2), json!(null)] {
            let mut event = rest();
            event["version"] = version;
            assert_eq!(Request::from_event(&event), Request::default(), "{event}");
        }
        let mut event = http();
        event["version"] = json!("1.0");
        assert_eq!(Request::from_event(&event), Request::default());
    }
}
