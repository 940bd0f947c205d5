//! One request, whichever kind of API sent it; and no user but the one whom its authorizer verified.

use handlers::Request;
use serde_json::{Value, json};

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
            "sec-fetch-site": "same-site",
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
            "Origin": ["https://a.example"], "Cookie": ["a=1", "b=2"], "Sec-Fetch-Site": ["same-site"],
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
        fetch_site: Some("same-site".into()),
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
fn cookies_of_one_name_all_come_in_their_order() {
    let mut rest = rest();
    rest["multiValueHeaders"]["Cookie"] = json!(["s=near; s=far", "S=x; s=near"]);
    let expect = pairs::<Vec<_>>(&[("s", "near"), ("s", "far"), ("S", "x"), ("s", "near")]);
    assert_eq!(Request::from_event(&rest).cookies, expect);
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
    assert_eq!((request.subject, request.username, request.route.as_str()), (None, None, "POST /item/{id}"));
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
