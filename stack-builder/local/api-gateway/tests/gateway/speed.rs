//! What a request costs beside its function; `cargo test --release -- --ignored --nocapture speed` tells.

use crate::support::{App, CLIENT, ISSUER, POOL, claims, good_token, header, lambda, lambda_uri};
use serde_json::json;
use std::time::{Duration, Instant};

const REQUESTS: u32 = 2000;

fn http() -> App {
    App::new(&[
        ("Api", "AWS::ApiGatewayV2::Api", json!({"CorsConfiguration": {"AllowOrigins": ["http://a"]}})),
        (
            "I",
            "AWS::ApiGatewayV2::Integration",
            json!({"ApiId": "api", "IntegrationType": "AWS_PROXY",
            "IntegrationUri": lambda("bare"), "PayloadFormatVersion": "2.0"}),
        ),
        (
            "A",
            "AWS::ApiGatewayV2::Authorizer",
            json!({"ApiId": "api", "AuthorizerType": "JWT",
            "IdentitySource": ["$request.header.Authorization"],
            "JwtConfiguration": {"Issuer": ISSUER, "Audience": [CLIENT]}}),
        ),
        (
            "R",
            "AWS::ApiGatewayV2::Route",
            json!({"ApiId": "api", "RouteKey": "GET /item/{id}", "Target": "integrations/i",
            "AuthorizationType": "JWT", "AuthorizerId": "a"}),
        ),
        ("S", "AWS::ApiGatewayV2::Stage", json!({"ApiId": "api", "StageName": "$default"})),
    ])
}

fn rest() -> App {
    App::new(&[
        ("Api", "AWS::ApiGateway::RestApi", json!({})),
        (
            "Item",
            "AWS::ApiGateway::Resource",
            json!({"RestApiId": "api", "ParentId": "root", "PathPart": "item"}),
        ),
        (
            "Id",
            "AWS::ApiGateway::Resource",
            json!({"RestApiId": "api", "ParentId": "item", "PathPart": "{id}"}),
        ),
        (
            "A",
            "AWS::ApiGateway::Authorizer",
            json!({"RestApiId": "api", "Type": "COGNITO_USER_POOLS",
            "IdentitySource": "method.request.header.Authorization",
            "ProviderARNs": ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc"]}),
        ),
        (
            "M",
            "AWS::ApiGateway::Method",
            json!({"RestApiId": "api", "ResourceId": "id", "HttpMethod": "GET",
            "AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": "a",
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": lambda_uri("bare")}}),
        ),
        (
            "S",
            "AWS::ApiGateway::Stage",
            json!({"RestApiId": "api", "StageName": "dev", "AccessLogSetting": {
            "DestinationArn": "arn:aws:logs:us-east-1:0:log-group:access",
            "Format": "$context.requestId $context.requestTime $context.resourcePath $context.status"}}),
        ),
    ])
}

/// The median time of a request with one of the tokens; a mean would tell of the machine's other work.
async fn median(app: &App, path: &str, tokens: &[String]) -> Duration {
    let headers = |token| {
        [
            ("authorization", token),
            ("user-agent", "browser"),
            ("accept", "application/json"),
            ("origin", "http://a"),
            ("accept-language", "en"),
            ("cookie", "a=1; b=2"),
            ("referer", "http://a/page"),
        ]
    };
    let mut times = Vec::with_capacity(tokens.len());
    for token in tokens {
        let began = Instant::now();
        assert_eq!(app.get(path, &headers(token.as_str())).await.status, 200);
        times.push(began.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

#[tokio::test]
#[ignore = "measures; a busy machine says little"]
async fn a_request_costs_little() {
    let fresh: Vec<_> = (0..200).map(|at| POOL.sign(&header(), &claims(json!({"jti": at})))).collect();
    let same = vec![good_token(); REQUESTS as usize];
    for (app, path, name) in [(http(), "/item/7?q=1", "HTTP API"), (rest(), "/dev/item/7?q=1", "REST API")] {
        let (first, again) = (median(&app, path, &fresh).await, median(&app, path, &same).await);
        println!("{name}: {first:?} with a token not seen before, {again:?} with a known one");
        let slower = first.max(again);
        assert!(cfg!(debug_assertions) || slower < Duration::from_micros(100), "{slower:?}");
    }
}
