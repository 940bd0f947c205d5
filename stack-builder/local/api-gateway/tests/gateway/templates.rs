//! The CORS answers that the toolkit's own REST APIs give, and traces.

use crate::support::{App, lambda_uri};
use serde_json::json;
use stack_builder_local_api_gateway::{ApiKind, RUNS};
use stack_builder_local_core::{Body, Layer, Request, Trace};

fn app() -> App {
    let origins = "#set($origin = $input.params().header.get(\"Origin\"))\n#if(!$origin)#set($origin = \
        $input.params().header.get(\"origin\"))#end\n#if($origin == \"http://localhost:8080\")#set($context.\
        responseOverride.header.Access-Control-Allow-Origin = $origin)#end";
    App::new(&[
        ("Api", "AWS::ApiGateway::RestApi", json!({"Name": "uploads", "Policy": {"Statement": []}})),
        (
            "Files",
            "AWS::ApiGateway::Resource",
            json!({"RestApiId": "api", "ParentId": "root", "PathPart": "files"}),
        ),
        (
            "Get",
            "AWS::ApiGateway::Method",
            json!({"RestApiId": "api", "ResourceId": "files", "HttpMethod": "GET",
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": lambda_uri("list")}}),
        ),
        (
            "Options",
            "AWS::ApiGateway::Method",
            json!({"RestApiId": "api", "ResourceId": "files", "HttpMethod": "OPTIONS",
            "AuthorizationType": "NONE", "Integration": {"Type": "MOCK",
                "RequestTemplates": {"application/json": "{\"statusCode\":204}"},
                "IntegrationResponses": [{"StatusCode": "204", "ResponseTemplates": {"application/json": origins},
                    "ResponseParameters": {"method.response.header.Access-Control-Allow-Origin": "'http://site'",
                        "method.response.header.Vary": "'Origin'"}}]}}),
        ),
        ("Stage", "AWS::ApiGateway::Stage", json!({"RestApiId": "api", "StageName": "dev"})),
    ])
}

#[tokio::test]
async fn preflight_requests_are_answered_by_the_template() {
    for (origin, allowed) in
        [("http://localhost:8080", "http://localhost:8080"), ("http://evil", "http://site")]
    {
        let got = app().send("OPTIONS /dev/files", &[("origin", origin)], "").await;
        assert_eq!((got.status, got.body.as_str()), (204, ""));
        assert_eq!(got.header("access-control-allow-origin"), Some(allowed));
        assert_eq!(got.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn a_trace_tells_route_and_outcome() {
    let app = app();
    let trace = Trace::begin(0, "http://127.0.0.1:1", "GET /dev/files".to_owned());
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = "/dev/files".parse().expect("a path");
    request.extensions_mut().insert(trace.clone());
    app.api().call(request).await;
    let step = &trace.finish(200).expect("a trace").steps[0];
    assert_eq!(
        (step.layer, step.what.as_str(), step.outcome.as_str()),
        (Layer::Api, "uploads GET /files", "200")
    );
}

#[test]
fn an_api_is_listed_with_what_is_not_done() {
    let app = app();
    let apis = app.gateway.apis();
    assert_eq!((apis.len(), apis[0].kind, apis[0].name.as_str()), (1, ApiKind::Rest, "uploads"));
    assert_eq!(apis[0].stages, ["dev"]);
    assert_eq!(apis[0].routes[0].function.as_deref(), Some("list"));
    let notes: Vec<_> = app.notes.iter().map(|note| format!("{}: {}", note.resource, note.text)).collect();
    assert_eq!(notes, ["s/Api: `Policy` has no effect here"]);
    assert!(app.gateway.api("other").is_none());
    assert!(app.resources.iter().all(|resource| RUNS.contains(&resource.kind.as_str())));
}
