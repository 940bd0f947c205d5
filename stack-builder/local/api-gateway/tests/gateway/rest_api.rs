//! REST APIs.

use crate::support::{App, POOL, claims, good_token, header, lambda_uri};
use serde_json::{Value, json};
use stack_builder_local_core::InvokeError;
use std::time::Duration;

pub(crate) type Parts = Vec<(&'static str, &'static str, Value)>;

pub(crate) fn proxy(function: &str) -> Value {
    json!({"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": lambda_uri(function)})
}

/// An API with `/`, `/item`, `/item/{id}` and `/item/{id}/done`, without methods.
pub(crate) fn base(api: Value, stage: Value) -> Parts {
    let resource =
        |parent: &str, part: &str| json!({"RestApiId": "api", "ParentId": parent, "PathPart": part});
    let mut all = json!({"RestApiId": "api", "StageName": "dev"});
    stage.as_object().expect("an object").iter().for_each(|(name, value)| all[name] = value.clone());
    vec![
        ("Api", "AWS::ApiGateway::RestApi", api),
        // The order of a template is not the order of the tree.
        ("Done", "AWS::ApiGateway::Resource", resource("id", "done")),
        ("Id", "AWS::ApiGateway::Resource", resource("item", "{id}")),
        ("Item", "AWS::ApiGateway::Resource", resource("root", "item")),
        ("Stage", "AWS::ApiGateway::Stage", all),
    ]
}

pub(crate) fn method(
    id: &'static str,
    verb: &str,
    resource: &str,
    more: Value,
) -> (&'static str, &'static str, Value) {
    let mut all =
        json!({"RestApiId": "api", "HttpMethod": verb, "ResourceId": resource, "Integration": proxy("f")});
    more.as_object().expect("an object").iter().for_each(|(name, value)| all[name] = value.clone());
    (id, "AWS::ApiGateway::Method", all)
}

pub(crate) fn app(more: Parts) -> App {
    let mut all = base(json!({"Name": "n"}), json!({}));
    all.extend(more);
    App::new(&all)
}

#[tokio::test]
async fn resources_and_methods_are_found() {
    let greedy = (
        "Rest",
        "AWS::ApiGateway::Resource",
        json!({"RestApiId": "api", "ParentId": "root", "PathPart": "{proxy+}"}),
    );
    let to = |function: &str| json!({"Integration": proxy(function)});
    let app = app(vec![
        greedy,
        method("M0", "GET", "item", to("list")),
        method("M1", "GET", "id", to("one")),
        method("M2", "ANY", "done", to("done")),
        method("M3", "ANY", "rest", to("rest")),
        method("M4", "GET", "root", to("root")),
    ]);
    for (line, function) in [
        ("GET /dev/item", "list"),
        ("GET /dev/item/", "list"),
        ("GET /dev/item/7", "one"),
        ("PUT /dev/item/7/done", "done"),
        ("POST /dev/item/7", "rest"),
        ("GET /dev/a/b", "rest"),
        ("GET /dev", "root"),
        ("GET /dev/", "root"),
    ] {
        assert_eq!(app.send(line, &[], "").await.status, 200, "{line}");
        assert_eq!(app.called().last().map(String::as_str), Some(function), "{line}");
    }
    let kinds = &app.gateway.apis()[0];
    let routes: Vec<_> =
        kinds.routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(routes, ["GET /", "GET /item", "GET /item/{id}", "ANY /item/{id}/done", "ANY /{proxy+}"]);
}

#[tokio::test]
async fn what_is_not_there_lacks_a_token() {
    let app = app(vec![method("M0", "GET", "item", json!({}))]);
    for line in ["GET /dev", "POST /dev/item", "GET /dev/item/7", "GET /dev/ITEM"] {
        let got = app.send(line, &[], "").await;
        assert_eq!(
            (got.status, got.body.as_str()),
            (403, r#"{"message":"Missing Authentication Token"}"#),
            "{line}"
        );
        assert_eq!(got.header("x-amzn-errortype"), Some("MissingAuthenticationTokenException"));
        assert!(got.header("x-amzn-requestid").is_some() && got.header("x-amz-apigw-id").is_some());
    }
    for path in ["/", "/prod/item", "/devil/item"] {
        let got = app.get(path, &[]).await;
        assert_eq!((got.status, got.body.as_str()), (403, r#"{"message":"Forbidden"}"#), "{path}");
    }
}

#[tokio::test]
async fn the_event_is_as_aws_documents_it() {
    let mut all = base(json!({}), json!({"Variables": {"v": "1"}, "DeploymentId": "d1"}));
    all.push(method("M0", "POST", "id", json!({})));
    let app = App::new(&all);
    let headers = [
        ("x-a", "1"),
        ("x-a", "2"),
        ("host", "h"),
        ("user-agent", "ua"),
        ("authorization", "z"),
        ("connection", "close"),
        ("content-length", "2"),
        ("x-forwarded-for", "9.9.9.9"),
    ];
    app.send("POST /dev/item/test%2Balias/?q=1&q=2&mail=x%2By&t=a+b", &headers, "{}").await;
    let event = app.event();
    let expect = json!({"resource": "/item/{id}", "path": "/item/test%2Balias/", "httpMethod": "POST",
        "pathParameters": {"id": "test%2Balias"}, "queryStringParameters": {"q": "2", "mail": "x+y", "t": "a b"},
        "multiValueQueryStringParameters": {"q": ["1", "2"], "mail": ["x+y"], "t": ["a b"]},
        "stageVariables": {"v": "1"}, "body": "{}", "isBase64Encoded": false});
    for (name, value) in expect.as_object().expect("an object") {
        assert_eq!(&event[name], value, "{name}");
    }
    let headers = event["headers"].as_object().expect("headers");
    let mut names: Vec<_> = headers.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Authorization",
            "Host",
            "User-Agent",
            "X-Amzn-Trace-Id",
            "X-Forwarded-For",
            "X-Forwarded-Port",
            "X-Forwarded-Proto",
            "x-a"
        ]
    );
    assert_eq!((&headers["x-a"], &event["multiValueHeaders"]["x-a"]), (&json!("2"), &json!(["1", "2"])));
    assert_eq!(headers["X-Forwarded-For"], "9.9.9.9, 127.0.0.1");
    let context = &event["requestContext"];
    for (name, value) in [
        ("path", "/dev/item/test%2Balias/"),
        ("stage", "dev"),
        ("resourceId", "id"),
        ("apiId", "api"),
        ("resourcePath", "/item/{id}"),
        ("accountId", "000000000000"),
        ("deploymentId", "d1"),
        ("protocol", "HTTP/1.1"),
    ] {
        assert_eq!(context[name], value, "{name}");
    }
    assert_eq!(
        (&context["identity"]["sourceIp"], &context["identity"]["userAgent"]),
        (&json!("127.0.0.1"), &json!("ua"))
    );
    assert_eq!(app.source_arn(), "arn:aws:execute-api:us-east-1:000000000000:api/dev/POST/item/{id}");
    app.send("POST /dev/item/7", &[], "").await;
    let event = app.event();
    for name in ["body", "queryStringParameters", "multiValueQueryStringParameters"] {
        assert!(event[name].is_null(), "{name}");
    }
}

#[tokio::test]
async fn bodies_of_binary_types_are_encoded() {
    let mut all = base(json!({"BinaryMediaTypes": ["image/png", "audio/*"]}), json!({}));
    all.push(method("M0", "POST", "item", json!({})));
    let app = App::new(&all);
    for (kind, body) in
        [("image/png", "aGk="), ("audio/ogg", "aGk="), ("text/plain", "hi"), ("image/jpeg", "hi")]
    {
        app.send("POST /dev/item", &[("content-type", kind)], "hi").await;
        assert_eq!(
            (&app.event()["body"], &app.event()["isBase64Encoded"]),
            (&json!(body), &json!(body != "hi")),
            "{kind}"
        );
    }
    app.answer("f", json!({"statusCode": 200, "body": "aGk=", "isBase64Encoded": true}));
    for (accept, body) in [("image/png,*/*", "hi"), ("*/*", "aGk="), ("text/html, image/png", "aGk=")] {
        assert_eq!(app.send("POST /dev/item", &[("accept", accept)], "").await.body, body, "{accept}");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_have_the_answers_of_aws() {
    let app = app(vec![
        method("M0", "GET", "item", json!({})),
        method("M1", "GET", "id", json!({"Integration": proxy("slow")})),
    ]);
    let failed = InvokeError::Function("{\"errorMessage\":\"boom\"}".into());
    for (error, status) in [
        (failed, 502),
        (InvokeError::Denied("no".into()), 500),
        (InvokeError::Absent, 500),
        (InvokeError::Throttled, 500),
    ] {
        app.fail("f", error);
        let got = app.get("/dev/item", &[]).await;
        assert_eq!((got.status, got.body.as_str()), (status, r#"{"message": "Internal server error"}"#));
    }
    app.answer("f", json!({"message": "not an answer"}));
    let got = app.get("/dev/item", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (502, r#"{"message": "Internal server error"}"#));
    let notices = format!("{:?}", app.world.journal.notices());
    assert!(notices.contains("`f` behind `GET /item` gave a malformed answer"), "{notices}");
    let began = tokio::time::Instant::now();
    let got = app.get("/dev/item/1", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (504, r#"{"message": "Endpoint request timed out"}"#));
    assert_eq!(began.elapsed().as_secs(), 29);
}

pub(crate) fn cognito(more: Value) -> App {
    let mut guarded = json!({"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": "auth"});
    more.as_object().expect("an object").iter().for_each(|(name, value)| guarded[name] = value.clone());
    app(vec![
        (
            "Auth",
            "AWS::ApiGateway::Authorizer",
            json!({"RestApiId": "api", "Name": "cognito",
        "Type": "COGNITO_USER_POOLS", "IdentitySource": "method.request.header.Authorization",
        "ProviderARNs": ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc"]}),
        ),
        method("M0", "GET", "item", guarded),
    ])
}

#[tokio::test]
async fn tokens_open_methods() {
    let app = cognito(json!({}));
    let got = app.get("/dev/item", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (401, r#"{"message":"Unauthorized"}"#));
    assert_eq!(got.header("x-amzn-errortype"), Some("UnauthorizedException"));
    let token = good_token();
    for value in [token.clone(), format!("Bearer {token}")] {
        assert_eq!(app.get("/dev/item", &[("authorization", &value)]).await.status, 200);
    }
    assert_eq!(app.event()["requestContext"]["authorizer"]["claims"]["sub"], "u1");
    let scoped = cognito(json!({"AuthorizationScopes": ["a/read"]}));
    let access = |scope| POOL.sign(&header(), &claims(json!({"token_use": "access", "scope": scope})));
    for (token, status) in [(token, 401), (access("a/write"), 401), (access("x a/read"), 200)] {
        assert_eq!(scoped.get("/dev/item", &[("authorization", &token)]).await.status, status);
    }
}

#[tokio::test]
async fn functions_judge_tokens() {
    let authorizer = json!({"RestApiId": "api", "Name": "fn", "Type": "TOKEN", "AuthorizerUri": lambda_uri("judge"),
        "IdentitySource": "method.request.header.Authorization", "IdentityValidationExpression": "t[0-9]+"});
    let guarded = json!({"AuthorizationType": "CUSTOM", "AuthorizerId": "auth"});
    let app = app(vec![
        ("Auth", "AWS::ApiGateway::Authorizer", authorizer),
        method("M0", "GET", "item", guarded.clone()),
        method("M1", "GET", "id", guarded),
    ]);
    let policy = |effect: &str, on: &str| {
        json!({"principalId": "me", "context": {"n": 1}, "policyDocument": {"Statement":
        [{"Effect": effect, "Action": "execute-api:Invoke", "Resource": on}]}})
    };
    assert_eq!(app.get("/dev/item", &[]).await.status, 401);
    assert_eq!(app.get("/dev/item", &[("authorization", "x1")]).await.status, 401);
    assert_eq!(app.called(), Vec::<String>::new());
    app.answer("judge", policy("Allow", "*/GET/item"));
    assert_eq!(app.get("/dev/item", &[("authorization", "t1")]).await.status, 200);
    assert_eq!(app.event()["requestContext"]["authorizer"], json!({"principalId": "me", "n": "1"}));
    let asked = app.functions.calls.lock().expect("calls")[0].1.clone();
    assert_eq!(
        asked,
        json!({"type": "TOKEN", "authorizationToken": "t1",
        "methodArn": "arn:aws:execute-api:us-east-1:000000000000:api/dev/GET/item"})
    );
    let got = app.get("/dev/item/1", &[("authorization", "t1")]).await;
    assert_eq!(
        (got.status, got.body.as_str()),
        (403, r#"{"Message":"User is not authorized to access this resource"}"#)
    );
    assert_eq!(app.called(), ["judge", "f"], "the policy is kept, and judged for each method");
    app.answer("judge", policy("Deny", "*"));
    let got = app.get("/dev/item", &[("authorization", "t2")]).await;
    assert!(got.status == 403 && got.body.contains("with an explicit deny"), "{}", got.body);
    app.fail("judge", InvokeError::Function("{\"errorMessage\":\"Unauthorized\"}".into()));
    assert_eq!(app.get("/dev/item", &[("authorization", "t3")]).await.status, 401);
    for broken in [json!({}), json!({"principalId": "me"}), json!("Allow")] {
        app.answer("judge", broken);
        let got = app.get("/dev/item", &[("authorization", "t4")]).await;
        assert_eq!((got.status, got.body.as_str()), (500, r#"{"message":null}"#));
    }
}

#[tokio::test]
async fn keys_are_asked_for_and_counted() {
    let key = |value: &str, on| json!({"Enabled": on, "Value": value});
    let of = |key: &str| json!({"KeyId": key, "KeyType": "API_KEY", "UsagePlanId": "plan"});
    let mut app = app(vec![
        method("M0", "GET", "item", json!({"ApiKeyRequired": true})),
        ("K1", "AWS::ApiGateway::ApiKey", key("secret-1", true)),
        ("K2", "AWS::ApiGateway::ApiKey", key("secret-2", true)),
        ("K3", "AWS::ApiGateway::ApiKey", key("secret-3", false)),
        (
            "Plan",
            "AWS::ApiGateway::UsagePlan",
            json!({"ApiStages": [{"ApiId": "api", "Stage": "dev"}],
            "Quota": {"Limit": 3, "Period": "DAY"}, "Throttle": {"BurstLimit": 2, "RateLimit": 1.0}}),
        ),
        ("P1", "AWS::ApiGateway::UsagePlanKey", of("k1")),
        ("P3", "AWS::ApiGateway::UsagePlanKey", of("k3")),
    ]);
    for headers in [
        &[][..],
        &[("x-api-key", "")],
        &[("x-api-key", "wrong")],
        &[("x-api-key", "secret-2")],
        &[("x-api-key", "secret-3")],
        &[("x-api-key", "secret-1"), ("x-api-key", "wrong")],
    ] {
        let got = app.get("/dev/item", headers).await;
        assert_eq!((got.status, got.body.as_str()), (403, r#"{"message":"Forbidden"}"#), "{headers:?}");
    }
    let mut seen = Vec::new();
    for _ in 0..3 {
        let got = app.get("/dev/item", &[("x-api-key", "secret-1")]).await;
        seen.push((got.status, got.body));
        app.reload();
    }
    assert_eq!(seen.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [200, 200, 429]);
    assert_eq!(seen[2].1, r#"{"message":"Too Many Requests"}"#);
    let identity = &app.event()["requestContext"]["identity"];
    assert_eq!((&identity["apiKeyId"], &identity["apiKey"]), (&json!("k1"), &json!("secret-1")));
    app.world.clock.advance(Duration::from_secs(5));
    assert_eq!(app.get("/dev/item", &[("x-api-key", "secret-1")]).await.status, 200);
    let got = app.get("/dev/item", &[("x-api-key", "secret-1")]).await;
    assert_eq!((got.status, got.body.as_str()), (429, r#"{"message":"Limit Exceeded"}"#));
    app.world.clock.advance(Duration::from_hours(24));
    assert_eq!(app.get("/dev/item", &[("x-api-key", "secret-1")]).await.status, 200);
}

#[tokio::test]
async fn a_function_may_name_the_key() {
    let authorizer = json!({"RestApiId": "api", "Type": "REQUEST", "AuthorizerUri": lambda_uri("judge"),
        "IdentitySource": "method.request.header.X-Who, method.request.querystring.q"});
    let guarded = json!({"AuthorizationType": "CUSTOM", "AuthorizerId": "auth", "ApiKeyRequired": true});
    let mut all = base(json!({"ApiKeySourceType": "AUTHORIZER"}), json!({}));
    all.extend([
        ("Auth", "AWS::ApiGateway::Authorizer", authorizer),
        method("M0", "GET", "item", guarded),
        ("K", "AWS::ApiGateway::ApiKey", json!({"Enabled": true, "Value": "secret"})),
        ("Plan", "AWS::ApiGateway::UsagePlan", json!({"ApiStages": [{"ApiId": "api", "Stage": "dev"}]})),
        ("P", "AWS::ApiGateway::UsagePlanKey", json!({"KeyId": "k", "UsagePlanId": "plan"})),
    ]);
    let app = App::new(&all);
    let policy = json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}});
    for (key, who, status) in
        [(json!("secret"), "a", 200), (json!("other"), "b", 403), (Value::Null, "c", 403)]
    {
        app.answer("judge", json!({"principalId": "p", "policyDocument": policy, "usageIdentifierKey": key}));
        let headers = [("x-who", who), ("x-api-key", "secret")];
        assert_eq!(app.get("/dev/item?q=1", &headers).await.status, status, "{who}");
        assert_eq!(app.get("/dev/item", &headers).await.status, 401, "a source is missing");
    }
    let asked = app.functions.calls.lock().expect("calls")[0].1.clone();
    assert_eq!((&asked["type"], &asked["queryStringParameters"]), (&json!("REQUEST"), &json!({"q": "1"})));
}
