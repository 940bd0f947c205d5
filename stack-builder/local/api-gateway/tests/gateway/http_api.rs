//! HTTP APIs.

use crate::support::{App, CLIENT, ISSUER, POOL, claims, good_token, header, lambda, lambda_uri};
use serde_json::{Value, json};
use stack_builder_local_core::InvokeError;
use std::time::Duration;

/// An API whose routes call a function of their own.
fn app_with(routes: &[(&str, Value)], api: Value, stages: &[Value], format: &str) -> App {
    let mut all = vec![("Api", "AWS::ApiGatewayV2::Api", api)];
    let names: Vec<_> =
        (0..routes.len()).map(|at| (format!("I{at}"), format!("R{at}"), format!("f{at}"))).collect();
    for ((key, more), (integration, route, function)) in routes.iter().zip(&names) {
        let function = if key.contains("slow") { "slow" } else { function };
        all.push((
            integration,
            "AWS::ApiGatewayV2::Integration",
            json!({"ApiId": "api", "IntegrationType": "AWS_PROXY",
            "IntegrationUri": lambda(function), "PayloadFormatVersion": format}),
        ));
        let mut properties = json!({"ApiId": "api", "RouteKey": key,
            "Target": format!("integrations/{}", integration.to_lowercase())});
        more.as_object()
            .expect("an object")
            .iter()
            .for_each(|(name, value)| properties[name] = value.clone());
        all.push((route, "AWS::ApiGatewayV2::Route", properties));
    }
    all.push((
        "Jwt",
        "AWS::ApiGatewayV2::Authorizer",
        json!({"ApiId": "api", "AuthorizerType": "JWT", "Name": "jwt",
        "IdentitySource": ["$request.header.Authorization"],
        "JwtConfiguration": {"Issuer": ISSUER, "Audience": [CLIENT]}}),
    ));
    all.push(("Fn", "AWS::ApiGatewayV2::Authorizer", json!({"ApiId": "api", "AuthorizerType": "REQUEST", "Name": "fn",
        "IdentitySource": ["$request.header.X-Who"], "AuthorizerUri": lambda_uri("judge"),
        "AuthorizerPayloadFormatVersion": "2.0", "EnableSimpleResponses": true, "AuthorizerResultTtlInSeconds": 60})));
    for (at, stage) in stages.iter().enumerate() {
        all.push((["S0", "S1", "S2"][at], "AWS::ApiGatewayV2::Stage", stage.clone()));
    }
    App::new(&all)
}

fn app(routes: &[&str]) -> App {
    let routes: Vec<_> = routes.iter().map(|route| (*route, json!({}))).collect();
    app_with(&routes, json!({"Name": "n"}), &[json!({"ApiId": "api", "StageName": "$default"})], "2.0")
}

fn guarded(route: Value) -> App {
    app_with(&[("ANY /x", route)], json!({}), &[json!({"ApiId": "api", "StageName": "$default"})], "2.0")
}

#[tokio::test]
async fn the_most_specific_route_answers() {
    let app = app(&[
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/dog/{id}",
        "GET /pets/dog/1",
        "ANY /pets/dog/1",
    ]);
    for (line, function) in [
        ("GET /pets/dog/1", "f4"),
        ("POST /pets/dog/1", "f5"),
        ("GET /pets/dog/2", "f3"),
        ("GET /pets/cat/1", "f2"),
        ("POST /test/5", "f1"),
        ("GET /", "f0"),
        ("DELETE /pets/dog/7", "f1"),
    ] {
        assert_eq!(app.send(line, &[], "").await.status, 200, "{line}");
        assert_eq!(app.called().last().map(String::as_str), Some(function), "{line}");
    }
    assert_eq!(app.source_arn(), "arn:aws:execute-api:us-east-1:000000000000:api/$default/DELETE/{proxy+}");
    app.get("/", &[]).await;
    assert_eq!(app.source_arn(), "arn:aws:execute-api:us-east-1:000000000000:api/$default/$default");
}

#[tokio::test]
async fn what_has_no_route_is_not_found() {
    let app = app(&["GET /notes", "GET /item/{id}"]);
    for line in
        ["GET /", "POST /notes", "GET /notes/", "GET /notes/1", "GET /item/", "GET //notes", "GET /NOTES"]
    {
        let got = app.send(line, &[], "").await;
        assert_eq!((got.status, got.body.as_str()), (404, r#"{"message":"Not Found"}"#), "{line}");
        assert!(got.header("apigw-requestid").is_some());
    }
    assert_eq!(app.called(), Vec::<String>::new());
}

#[tokio::test]
async fn the_event_has_format_2() {
    let app = app(&["POST /item/{id}"]);
    let headers = [
        ("host", "h"),
        ("cookie", "a=1; b=2"),
        ("cookie", "c=3"),
        ("x-a", "1"),
        ("x-a", "2"),
        ("user-agent", "ua"),
        ("content-type", "application/json"),
        ("connection", "close"),
        ("te", "x"),
    ];
    app.send("POST /item/a%20b?q=1&q=2&e=%2B", &headers, "{\"a\":1}").await;
    let event = app.event();
    let expect = json!({"version": "2.0", "routeKey": "POST /item/{id}", "rawPath": "/item/a b",
        "rawQueryString": "q=1&q=2&e=%2B", "cookies": ["a=1", "b=2", "c=3"],
        "queryStringParameters": {"q": "1,2", "e": "+"}, "pathParameters": {"id": "a b"}, "body": "{\"a\":1}",
        "isBase64Encoded": false});
    for (name, value) in expect.as_object().expect("an object") {
        assert_eq!(&event[name], value, "{name}");
    }
    let headers = event["headers"].as_object().expect("headers");
    let mut names: Vec<_> = headers.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "x-a",
            "x-amzn-trace-id",
            "x-forwarded-for",
            "x-forwarded-port",
            "x-forwarded-proto"
        ]
    );
    assert_eq!(headers["x-a"], "1,2");
    let context = &event["requestContext"];
    assert_eq!(
        context["http"],
        json!({"method": "POST", "path": "/item/a b", "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1", "userAgent": "ua"})
    );
    assert_eq!(context["domainName"], "api.execute-api.us-east-1.amazonaws.com");
    assert_eq!((&context["stage"], &context["apiId"]), (&json!("$default"), &json!("api")));
    assert!(context["timeEpoch"].is_u64() && context.get("authorizer").is_none());
    assert!(event.get("stageVariables").is_none());
}

#[tokio::test]
async fn only_text_arrives_as_text() {
    let app = app(&["POST /x"]);
    for (kind, encoded) in [
        ("text/plain", false),
        ("application/json; charset=utf-8", false),
        ("image/png", true),
        ("application/x-www-form-urlencoded", true),
        ("application/xml", false),
    ] {
        app.send("POST /x", &[("content-type", kind)], "hi").await;
        let body = if encoded { "aGk=" } else { "hi" };
        assert_eq!(
            (&app.event()["isBase64Encoded"], &app.event()["body"]),
            (&json!(encoded), &json!(body)),
            "{kind}"
        );
    }
    app.send("POST /x", &[("content-type", "text/plain")], vec![0xff]).await;
    assert_eq!(app.event()["isBase64Encoded"], true);
}

#[tokio::test]
async fn the_event_has_format_1() {
    let stage = json!({"ApiId": "api", "StageName": "dev", "StageVariables": {"v": "1"}});
    let app = app_with(&[("GET /item/{id}", json!({}))], json!({}), &[stage], "1.0");
    app.get("/dev/item/7?a=1&a=2", &[("x-a", "1"), ("x-a", "2"), ("host", "h")]).await;
    let event = app.event();
    let expect = json!({"version": "1.0", "resource": "/item/{id}", "path": "/dev/item/7", "httpMethod": "GET",
        "queryStringParameters": {"a": "2"}, "multiValueQueryStringParameters": {"a": ["1", "2"]},
        "pathParameters": {"id": "7"}, "stageVariables": {"v": "1"}, "body": null, "isBase64Encoded": false});
    for (name, value) in expect.as_object().expect("an object") {
        assert_eq!(&event[name], value, "{name}");
    }
    assert_eq!(
        (&event["headers"]["x-a"], &event["multiValueHeaders"]["x-a"]),
        (&json!("2"), &json!(["1", "2"]))
    );
    assert_eq!(
        (&event["headers"]["Host"], &event["requestContext"]["resourcePath"]),
        (&json!("h"), &json!("/item/{id}"))
    );
    assert_eq!(app.get("/item/7", &[]).await.status, 404);
    assert_eq!(app.get("/deviant/item/7", &[]).await.status, 404);
}

#[tokio::test]
async fn named_stages_go_before_the_default() {
    let stages =
        [json!({"ApiId": "api", "StageName": "$default"}), json!({"ApiId": "api", "StageName": "dev"})];
    let app = app_with(&[("GET /x", json!({})), ("GET /", json!({}))], json!({}), &stages, "2.0");
    for (path, stage) in
        [("/x", "$default"), ("/dev/x", "dev"), ("/dev", "dev"), ("/dev/", "dev"), ("/", "$default")]
    {
        assert_eq!(app.get(path, &[]).await.status, 200, "{path}");
        assert_eq!(
            (&app.event()["requestContext"]["stage"], &app.event()["rawPath"]),
            (&json!(stage), &json!(path))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn failures_have_the_answers_of_aws() {
    let app = app(&["GET /x", "GET /slow"]);
    let failed = InvokeError::Function("{\"errorMessage\":\"boom\"}".into());
    for error in [failed, InvokeError::Absent, InvokeError::Denied("no".into()), InvokeError::Throttled] {
        app.fail("f0", error);
        let got = app.get("/x", &[]).await;
        assert_eq!((got.status, got.body.as_str()), (500, r#"{"message":"Internal Server Error"}"#));
    }
    app.answer("f0", json!({"statusCode": 200, "body": {}}));
    assert_eq!(app.get("/x", &[]).await.status, 500);
    let notices = format!("{:?}", app.world.journal.notices());
    assert!(notices.contains("`f0` behind `GET /x` gave a malformed answer"), "{notices}");
    let began = tokio::time::Instant::now();
    let got = app.get("/slow", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (503, r#"{"message":"Service Unavailable"}"#));
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn tokens_open_routes() {
    let app = guarded(json!({"AuthorizationType": "JWT", "AuthorizerId": "jwt"}));
    let token = good_token();
    for value in [format!("Bearer {token}"), token.clone(), format!("bearer {token}")] {
        assert_eq!(app.get("/x", &[("authorization", &value)]).await.status, 200);
    }
    let jwt = &app.event()["requestContext"]["authorizer"]["jwt"];
    assert_eq!((&jwt["claims"]["sub"], &jwt["scopes"]), (&json!("u1"), &Value::Null));
    let access =
        POOL.sign(&header(), &claims(json!({"aud": null, "client_id": CLIENT, "token_use": "access"})));
    assert_eq!(app.get("/x", &[("authorization", &access)]).await.status, 200);
    let got = app.get("/x", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (401, r#"{"message":"Unauthorized"}"#));
    assert_eq!(got.header("www-authenticate"), Some("Bearer"));
    let twice = [("authorization", token.as_str()), ("authorization", "x")];
    assert_eq!(app.get("/x", &twice).await.status, 401);
    let other = POOL.sign(&header(), &claims(json!({"aud": "other", "client_id": CLIENT})));
    let got = app.get("/x", &[("authorization", &other)]).await;
    let expect = "Bearer scope=\"\" error=\"invalid_token\" error_description=\"the token does not have a valid audience\"";
    assert_eq!((got.status, got.header("www-authenticate")), (401, Some(expect)));
}

#[tokio::test]
async fn a_token_outlives_neither_its_time_nor_a_reload() {
    let mut app = guarded(json!({"AuthorizationType": "JWT", "AuthorizerId": "jwt"}));
    let token = good_token();
    assert_eq!(app.get("/x", &[("authorization", &token)]).await.status, 200);
    app.reload();
    assert_eq!(app.get("/x", &[("authorization", &token)]).await.status, 200);
    app.world.clock.advance(Duration::from_hours(1));
    assert_eq!(app.get("/x", &[("authorization", &token)]).await.status, 401, "also when the token is known");
}

#[tokio::test]
async fn scopes_are_asked_for() {
    let app = guarded(
        json!({"AuthorizationType": "JWT", "AuthorizerId": "jwt", "AuthorizationScopes": ["a", "b"]}),
    );
    let token = |scope: Value| POOL.sign(&header(), &claims(json!({"scope": scope})));
    let got = app.get("/x", &[("authorization", &token(json!("c ab")))]).await;
    assert_eq!((got.status, got.body.as_str()), (403, r#"{"message":"Forbidden"}"#));
    assert!(got.header("www-authenticate").expect("a challenge").contains("insufficient_scope"));
    assert_eq!(app.get("/x", &[("authorization", &token(json!("x b")))]).await.status, 200);
    assert_eq!(app.event()["requestContext"]["authorizer"]["jwt"]["scopes"], json!(["b"]));
}

#[tokio::test]
async fn a_function_may_decide() {
    let app = guarded(json!({"AuthorizationType": "CUSTOM", "AuthorizerId": "fn"}));
    assert_eq!(app.get("/x", &[]).await.status, 401);
    assert_eq!(app.called(), Vec::<String>::new());
    app.answer("judge", json!({"isAuthorized": true, "context": {"n": 1}}));
    assert_eq!(app.get("/x?a=1", &[("x-who", "me")]).await.status, 200);
    assert_eq!(app.event()["requestContext"]["authorizer"], json!({"lambda": {"n": 1}}));
    let calls = app.functions.calls.lock().expect("calls").clone();
    let (_, asked, _) = &calls[0];
    assert_eq!((&asked["type"], &asked["identitySource"]), (&json!("REQUEST"), &json!(["me"])));
    assert_eq!(asked["routeArn"], "arn:aws:execute-api:us-east-1:000000000000:api/$default/GET/x");
    app.get("/x", &[("x-who", "me")]).await;
    assert_eq!(app.called(), ["judge", "f0", "f0"], "the answer holds for a minute");
    app.world.clock.advance(Duration::from_secs(61));
    app.answer("judge", json!({"isAuthorized": false}));
    let got = app.get("/x", &[("x-who", "me")]).await;
    assert_eq!((got.status, got.body.as_str()), (403, r#"{"message":"Forbidden"}"#));
    for broken in [json!({}), json!("yes"), json!({"isAuthorized": "true"})] {
        app.answer("judge", broken);
        assert_eq!(app.get("/x", &[("x-who", "you")]).await.status, 500);
    }
}

#[tokio::test]
async fn what_is_not_run_is_closed_and_told() {
    let app = guarded(json!({"AuthorizationType": "AWS_IAM"}));
    assert_eq!(app.get("/x", &[]).await.status, 403);
    assert!(app.notes.iter().any(|note| note.text.contains("signatures")), "{:?}", app.notes);
    let app = guarded(json!({"AuthorizationType": "JWT", "AuthorizerId": "absent"}));
    assert_eq!(app.get("/x", &[]).await.status, 403);
}

#[tokio::test]
async fn cors_is_the_gateways() {
    let api = json!({"CorsConfiguration": {"AllowOrigins": ["http://a", "https://*"], "AllowMethods": ["GET", "POST"],
        "AllowHeaders": ["authorization"], "MaxAge": 60, "ExposeHeaders": ["x-a"], "AllowCredentials": true}});
    let stage = json!({"ApiId": "api", "StageName": "$default"});
    let jwt = json!({"AuthorizationType": "JWT", "AuthorizerId": "jwt"});
    let app = app_with(&[("ANY /x", json!({})), ("ANY /y", jwt)], api, &[stage], "2.0");
    let ask = |origin| [("origin", origin), ("access-control-request-method", "GET")];
    for path in ["/x", "/y", "/nowhere"] {
        let got = app.send(&format!("OPTIONS {path}"), &ask("http://a"), "").await;
        assert_eq!((got.status, got.body.as_str()), (204, ""));
        assert_eq!(got.header("access-control-allow-origin"), Some("http://a"));
        assert_eq!(got.header("access-control-allow-methods"), Some("GET,POST"));
        assert_eq!(got.header("access-control-allow-headers"), Some("authorization"));
        assert_eq!(got.header("access-control-max-age"), Some("60"));
        assert_eq!(got.header("access-control-allow-credentials"), Some("true"));
    }
    let got = app.send("OPTIONS /x", &ask("http://evil"), "").await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (204, None));
    assert_eq!(app.called(), Vec::<String>::new());
    app.answer("f0", json!({"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*", "x-a": "1"}}));
    for (origin, allowed) in
        [("http://a", Some("http://a")), ("https://b", Some("https://b")), ("http://b", None)]
    {
        let got = app.get("/x", &[("origin", origin)]).await;
        assert_eq!(got.header("access-control-allow-origin"), allowed, "{origin}");
        assert_eq!(got.header("access-control-expose-headers"), allowed.map(|_| "x-a"));
    }
    assert_eq!(app.get("/x", &[]).await.header("access-control-allow-origin"), None);
    let got = app.get("/y", &[("origin", "http://a")]).await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (401, Some("http://a")));
}

#[tokio::test]
async fn throttles_are_counted_by_route_and_survive_a_reload() {
    let stage = json!({"ApiId": "api", "StageName": "$default",
        "DefaultRouteSettings": {"ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 1.0},
        "RouteSettings": {"GET /y": {"ThrottlingBurstLimit": 1, "ThrottlingRateLimit": 1.0}}});
    let mut app = app_with(&[("GET /x", json!({})), ("GET /y", json!({}))], json!({}), &[stage], "2.0");
    let mut seen = Vec::new();
    for path in ["/x", "/x", "/x", "/y", "/y"] {
        seen.push(app.get(path, &[]).await.status);
        app.reload();
    }
    assert_eq!(seen, [200, 200, 429, 200, 429]);
    assert_eq!(app.get("/x", &[]).await.body, r#"{"message":"Too Many Requests"}"#);
    app.world.clock.advance(Duration::from_secs(2));
    assert_eq!(app.get("/x", &[]).await.status, 200);
}

#[tokio::test]
async fn requests_are_logged() {
    let format = "$context.routeKey $context.status $context.authorizer.error $context.integrationErrorMessage $context.path";
    let stage = json!({"ApiId": "api", "StageName": "$default", "AccessLogSettings": {"Format": format,
        "DestinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:access:*"}});
    let jwt = json!({"AuthorizationType": "JWT", "AuthorizerId": "jwt"});
    let app = app_with(&[("GET /x", json!({})), ("GET /y", jwt)], json!({}), &[stage], "2.0");
    for path in ["/x", "/y", "/z"] {
        app.get(path, &[]).await;
    }
    let lines = app.world.logs.read("access", 0, 10, |_| true).expect("the group");
    let lines: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(lines, ["GET /x 200 - - /x", "GET /y 401 there is no token - /y", "- 404 - - /z"]);
}
