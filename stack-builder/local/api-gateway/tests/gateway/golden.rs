//! The templates that the toolkit's own stacks synthesize to.

use crate::support::{App, ISSUER, lambda};
use serde_json::{Map, Value, json};
use stack_builder_local_core::{Resource, ResourceId, Resources};
use std::path::Path;

/// A template's resources, with intrinsics resolved as far as APIs need it.
fn app(template: &str, parameters: &Value) -> App {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/golden").join(template);
    let text = std::fs::read_to_string(&path).expect("the golden template");
    let template: Value = serde_json::from_str(&text).expect("JSON");
    let resources = template["Resources"].as_object().expect("resources");
    let resource = |(id, one): (&String, &Value)| Resource {
        id: ResourceId { stack: "s".to_owned(), logical_id: id.clone() },
        kind: one["Type"].as_str().expect("a type").to_owned(),
        physical_id: reference(id, resources, parameters),
        attributes: [("RootResourceId".to_owned(), format!("root-{id}"))].into(),
        properties: resolve(&one["Properties"], resources, parameters),
        metadata: Value::Null,
    };
    App::of(Resources::new(resources.iter().map(resource).collect()))
}

fn resolve(value: &Value, all: &Map<String, Value>, parameters: &Value) -> Value {
    match value {
        Value::Object(map) if map.len() == 1 => match map.iter().next().expect("one") {
            (name, Value::String(id)) if name == "Ref" => reference(id, all, parameters).into(),
            (name, Value::Array(path)) if name == "Fn::GetAtt" => attribute(&path[0], &path[1]).into(),
            (name, Value::String(text)) if name == "Fn::Sub" => substitute(text, all, parameters).into(),
            _ => deeper(map, all, parameters),
        },
        Value::Object(map) => deeper(map, all, parameters),
        Value::Array(list) => list.iter().map(|one| resolve(one, all, parameters)).collect(),
        other => other.clone(),
    }
}

fn deeper(map: &Map<String, Value>, all: &Map<String, Value>, parameters: &Value) -> Value {
    map.iter().map(|(name, one)| (name.clone(), resolve(one, all, parameters))).collect::<Map<_, _>>().into()
}

fn reference(id: &str, all: &Map<String, Value>, parameters: &Value) -> String {
    let known = json!({"AWS::Region": "us-east-1", "AWS::AccountId": "000000000000", "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": "s"});
    if let Some(text) = known[id].as_str().or_else(|| parameters[id].as_str()) {
        return text.to_owned();
    }
    let kind = all.get(id).map_or(&Value::Null, |one| &one["Type"]);
    match kind.as_str().unwrap_or_default() {
        "AWS::Cognito::UserPool" => "us-east-1_abc".to_owned(),
        "AWS::Cognito::UserPoolClient" => crate::support::CLIENT.to_owned(),
        "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api" => "api".to_owned(),
        "AWS::ApiGateway::Stage" => all[id]["Properties"]["StageName"].as_str().expect("a name").to_owned(),
        _ => id.to_owned(),
    }
}

fn attribute(id: &Value, name: &Value) -> String {
    let (id, name) = (id.as_str().expect("an id"), name.as_str().expect("a name"));
    match name {
        "RootResourceId" => format!("root-{id}"),
        "Arn" if id.ends_with("Log") => format!("arn:aws:logs:us-east-1:000000000000:log-group:{id}:*"),
        "Arn" if id.contains("Pool") || id == "Users" => {
            "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_abc".to_owned()
        }
        "Arn" => lambda(id),
        _ => format!("{id}.{name}"),
    }
}

fn substitute(text: &str, all: &Map<String, Value>, parameters: &Value) -> String {
    let mut parts = text.split("${");
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').expect("an end");
        let value = match name.split_once('.') {
            Some((id, name)) => attribute(&json!(id), &json!(name)),
            None => reference(name, all, parameters),
        };
        done = done + &value + rest;
    }
    done
}

fn routes(app: &App) -> Vec<String> {
    let all = app.gateway.apis().into_iter().flat_map(|api| api.routes);
    all.map(|route| format!("{} {} {}", route.method, route.path, route.function.unwrap_or_default()))
        .collect()
}

fn notes(app: &App) -> Vec<String> {
    app.notes.iter().map(|note| format!("{}: {}", note.resource.logical_id, note.text)).collect()
}

#[tokio::test]
async fn captains_log_is_a_rest_api() {
    let app = app("stacks/dev/captains-log.template.json", &json!({}));
    assert_eq!(notes(&app), Vec::<String>::new());
    assert_eq!(routes(&app), ["GET /home Home", "POST /login Login", "POST /logout Logout"]);
    let got = app.get("/api/nowhere", &[]).await;
    assert_eq!((got.status, got.body.as_str()), (404, r#"{"message":"Not Found"}"#));
    let json = [("content-type", "application/json")];
    let got = app.send("POST /api/login", &json, "{\"userName\":\"picard\"}").await;
    assert_eq!((got.status, got.body.as_str()), (400, r#"{"message": "Invalid request body"}"#));
    let body = "{\"userName\":\"picard\",\"password\":\"p\"}";
    assert_eq!(app.send("POST /api/login", &json, body).await.status, 200);
    assert_eq!(app.source_arn(), "arn:aws:execute-api:us-east-1:000000000000:api/api/POST/login");
    let lines = app.world.logs.read("ApiAccessLog", 0, 10, |_| true).expect("the access log");
    let line: Value = serde_json::from_str(&lines[2].message).expect("a line of JSON");
    assert_eq!((&line["status"], &line["resourcePath"]), (&json!("200"), &json!("/login")));
}

#[tokio::test]
async fn todo_asks_for_key_and_token() {
    let app = app("stacks/dev/todo.template.json", &json!({}));
    assert_eq!(notes(&app), ["TodoApiStage: `TracingEnabled` has no effect here"]);
    assert_eq!(routes(&app).len(), 6, "{:?}", routes(&app));
    let token = crate::support::good_token();
    assert_eq!(app.get("/api/item", &[]).await.status, 401);
    let key = "{{resolve:secretsmanager:FrontDoorKey:SecretString}}";
    assert_eq!(app.get("/api/item", &[("x-api-key", key)]).await.status, 401);
    assert_eq!(app.get("/api/item", &[("authorization", &token)]).await.status, 403);
    assert_eq!(app.get("/api/item/7", &[("authorization", &token), ("x-api-key", key)]).await.status, 200);
    assert_eq!(app.event()["pathParameters"], json!({"id": "7"}));
}

#[tokio::test]
async fn uploads_is_an_http_api_or_a_rest_api() {
    let http = app("stacks/dev/uploads.template.json", &json!({}));
    assert_eq!(notes(&http), Vec::<String>::new());
    let token = format!("Bearer {}", crate::support::good_token());
    assert_eq!(http.get("/files", &[("authorization", &token)]).await.status, 200);
    let ask = [("origin", "http://localhost:8080"), ("access-control-request-method", "GET")];
    let got = http.send("OPTIONS /files", &ask, "").await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (204, Some("http://localhost:8080")));
    let rest = app("stacks/rest/uploads.template.json", &json!({}));
    assert_eq!(notes(&rest), Vec::<String>::new());
    assert_eq!(rest.get("/dev/files", &[("authorization", &token)]).await.status, 200);
    let got = rest.send("OPTIONS /dev/files", &ask, "").await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (204, Some("http://localhost:8080")));
    let got = rest.get("/dev/files", &[("authorization", ISSUER)]).await;
    assert_eq!((got.status, got.header("access-control-allow-origin")), (401, Some("*")));
}
