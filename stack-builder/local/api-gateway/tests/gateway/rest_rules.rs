//! What REST APIs do besides calling functions: throttles, validation, answers of their own, logs.

use crate::rest_api::{app, base, method};
use crate::support::App;
use serde_json::{Value, json};
use stack_builder_local_core::InvokeError;

#[tokio::test]
async fn methods_are_throttled_by_the_most_specific_setting() {
    let setting = |path: &str, verb: &str, burst: u32| {
        json!({"ResourcePath": path, "HttpMethod": verb,
        "ThrottlingBurstLimit": burst, "ThrottlingRateLimit": 1.0})
    };
    let settings = json!({"MethodSettings": [setting("/*", "*", 3), setting("/~1item", "POST", 1)]});
    let mut all = base(json!({}), settings);
    all.extend([method("M0", "GET", "item", json!({})), method("M1", "POST", "item", json!({}))]);
    let app = App::new(&all);
    for (line, passes) in [("GET /dev/item", 3), ("POST /dev/item", 1)] {
        for at in 0..=passes {
            let status = app.send(line, &[], "").await.status;
            assert_eq!(status, if at < passes { 200 } else { 429 }, "{line} {at}");
        }
    }
}

#[tokio::test]
async fn requests_are_validated() {
    let schema = json!({"type": "object", "required": ["item"], "properties": {"item": {"type": "string", "minLength": 1}}});
    let validated = json!({"RequestValidatorId": "valid", "RequestModels": {"application/json": "model"},
        "RequestParameters": {"method.request.querystring.q": true, "method.request.header.X-A": true,
            "method.request.header.X-B": false}});
    let app = app(vec![
        ("Model", "AWS::ApiGateway::Model", json!({"RestApiId": "api", "Schema": schema})),
        (
            "Valid",
            "AWS::ApiGateway::RequestValidator",
            json!({"RestApiId": "api", "ValidateRequestBody": true,
            "ValidateRequestParameters": true}),
        ),
        (
            "Words",
            "AWS::ApiGateway::GatewayResponse",
            json!({"RestApiId": "api", "ResponseType": "BAD_REQUEST_BODY",
            "StatusCode": "422", "ResponseTemplates": {"application/json":
                "{\"m\":$context.error.messageString,\"v\":\"$context.error.validationErrorString\"}"}}),
        ),
        method("M0", "POST", "item", validated),
    ]);
    let got = app.send("POST /dev/item?q=", &[], "{}").await;
    assert_eq!(
        (got.status, got.body.as_str()),
        (400, r#"{"message": "Missing required request parameters: [q, X-A]"}"#)
    );
    let headers = [("x-a", "1"), ("content-type", "application/json")];
    for body in ["", "{", "[]", "{\"item\":\"\"}", "{\"item\":1}"] {
        let got = app.send("POST /dev/item?q=1", &headers, body).await;
        assert!(
            got.status == 422 && got.body.starts_with("{\"m\":\"Invalid request body\","),
            "{body} {}",
            got.body
        );
    }
    assert_eq!(app.called(), Vec::<String>::new());
    assert_eq!(app.send("POST /dev/item?q=1", &headers, "{\"item\":\"x\"}").await.status, 200);
    let other = [("x-a", "1"), ("content-type", "text/plain")];
    assert_eq!(
        app.send("POST /dev/item?q=1", &other, "anything").await.status,
        200,
        "no model is for this type"
    );
}

#[tokio::test]
async fn gateway_responses_are_worded_by_the_template() {
    let response = |kind: &str, more: Value| {
        let mut all = json!({"RestApiId": "api", "ResponseType": kind});
        more.as_object().expect("an object").iter().for_each(|(name, value)| all[name] = value.clone());
        all
    };
    let allow = json!({"gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        "gatewayresponse.header.X-Id": "context.requestId", "gatewayresponse.header.X-Origin": "method.request.header.Origin"});
    let app = app(vec![
        method("M0", "GET", "item", json!({"ApiKeyRequired": true})),
        method("M1", "GET", "id", json!({})),
        (
            "G0",
            "AWS::ApiGateway::GatewayResponse",
            response(
                "MISSING_AUTHENTICATION_TOKEN",
                json!({"StatusCode": "404",
            "ResponseTemplates": {"application/json": "{\"message\":\"Not Found\"}"}}),
            ),
        ),
        (
            "G1",
            "AWS::ApiGateway::GatewayResponse",
            response("DEFAULT_4XX", json!({"ResponseParameters": allow})),
        ),
        (
            "G2",
            "AWS::ApiGateway::GatewayResponse",
            response(
                "DEFAULT_5XX",
                json!({"StatusCode": 599, "ResponseTemplates":
            {"text/plain": "$context.error.responseType $context.error.message"}}),
            ),
        ),
    ]);
    let got = app.get("/dev/nowhere", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (404, r#"{"message":"Not Found"}"#));
    let got = app.get("/dev/item", &[("origin", "http://a")]).await;
    assert_eq!((got.status, got.body.as_str()), (403, r#"{"message":"Forbidden"}"#));
    assert_eq!(got.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        (got.header("x-id"), got.header("x-origin")),
        (got.header("x-amzn-requestid"), Some("http://a"))
    );
    app.fail("f", InvokeError::Absent);
    let got = app.get("/dev/item/1", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (599, "INTEGRATION_FAILURE Internal server error"));
    assert_eq!(got.header("content-type"), Some("text/plain"));
}

fn mock(more: Value) -> Value {
    let mut all = json!({"Type": "MOCK", "RequestTemplates": {"application/json": "{\"statusCode\": 200}"},
        "IntegrationResponses": [{"StatusCode": "200", "ResponseTemplates": {"application/json": "{\"id\":\"$context.requestId\"}"}},
            {"StatusCode": "404", "SelectionPattern": "4\\d\\d", "ResponseParameters": {"method.response.header.X-A": "'none'"}}]});
    more.as_object().expect("an object").iter().for_each(|(name, value)| all[name] = value.clone());
    json!({ "Integration": all })
}

#[tokio::test]
async fn mocks_answer_from_templates() {
    let by_query = "#if($input.params('q') == 'x'){\"statusCode\": 404}#else{statusCode: 200}#end";
    let app = app(vec![
        method("M0", "GET", "item", mock(json!({"RequestTemplates": {"application/json": by_query}}))),
        method("M1", "POST", "item", mock(json!({"PassthroughBehavior": "NEVER"}))),
        method("M2", "PUT", "item", mock(json!({}))),
        method(
            "M3",
            "GET",
            "id",
            mock(json!({"RequestTemplates": {"application/json": "#foreach($a in $b)$a#end"}})),
        ),
    ]);
    let got = app.get("/dev/item", &[]).await;
    assert!(got.status == 200 && got.body.starts_with("{\"id\":\""), "{}", got.body);
    let got = app.get("/dev/item?q=x", &[]).await;
    assert_eq!((got.status, got.header("x-a")), (404, Some("none")));
    let text = [("content-type", "text/plain")];
    assert_eq!(app.send("POST /dev/item", &text, "x").await.status, 415);
    assert_eq!(
        app.send("PUT /dev/item", &text, "{\"statusCode\": 200}").await.status,
        200,
        "the body passes through"
    );
    assert_eq!(app.send("PUT /dev/item", &text, "x").await.status, 500);
    assert_eq!(app.get("/dev/item/1", &[]).await.status, 500);
    assert!(app.notes.iter().any(|note| note.text.contains("#foreach")), "{:?}", app.notes);
}

#[tokio::test]
async fn requests_are_logged() {
    let log = json!({"AccessLogSetting": {"DestinationArn": "arn:aws:logs:us-east-1:0:log-group:access",
        "Format": "$context.httpMethod $context.resourcePath $context.status $context.responseLength $context.error.message"}});
    let mut all = base(json!({}), log);
    all.push(method("M0", "GET", "item", json!({})));
    let app = App::new(&all);
    app.get("/dev/item", &[]).await;
    app.get("/dev/nowhere", &[]).await;
    let lines = app.world.logs.read("access", 0, 10, |_| true).expect("the group");
    let lines: Vec<_> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(lines, ["GET /item 200 2 -", "GET - 403 42 Missing Authentication Token"]);
}
