//! Pages of other origins, and what API Gateway says itself.

use crate::{api, properties, template};
use serde_json::{Value as Json, json};
use stack_builder::cfn::Parameter;
use stack_builder::{Cors, Function, IntoValue, RestApi, get};

#[test]
fn one_origin_is_answered_as_it_is() {
    let template = api(|list, add| {
        let cors = Cors::origins(["https://example.org"]).header("x-trace");
        RestApi::new().cors(cors).route("/item", get(list).post(add))
    });
    let options = properties(&template, "ApiOptionsItem");
    assert_eq!(options["Integration"]["Type"], "MOCK");
    let response = &options["Integration"]["IntegrationResponses"][0];
    let header =
        |name: &str| response["ResponseParameters"][format!("method.response.header.{name}")].clone();
    assert_eq!(header("Access-Control-Allow-Origin"), "'https://example.org'");
    assert_eq!(header("Access-Control-Allow-Methods"), "'GET,POST,OPTIONS'");
    assert_eq!(header("Access-Control-Allow-Headers"), "'authorization,content-type,x-trace'");
    assert!(response.get("ResponseTemplates").is_none());
    let declared = options["MethodResponses"][0]["ResponseParameters"].as_object().unwrap();
    assert!(declared.keys().eq(response["ResponseParameters"].as_object().unwrap().keys()));
    for (id, kind) in [("ApiRefusedResponse", "DEFAULT_4XX"), ("ApiFailedResponse", "DEFAULT_5XX")] {
        let response = properties(&template, id);
        assert_eq!(response["ResponseType"], kind);
        let origin = &response["ResponseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"];
        assert_eq!(*origin, "'https://example.org'");
        let body = r#"{"message":$context.error.messageString}"#;
        assert_eq!(response["ResponseTemplates"]["application/json"], body);
    }
}

#[test]
fn of_several_origins_the_asking_one_is_answered() {
    let template = template(|stack| {
        let work = stack.add("Work", Function::rust("work"));
        let page = stack.parameter("Page", Parameter::string().default("https://c.org"));
        let origins = Cors::origins(["https://a.org".into_value(), "https://b.org".into_value(), page]);
        stack.add("Api", RestApi::new().cors(origins).route("/item", get(&work)));
    });
    let response = &properties(&template, "ApiOptionsItem")["Integration"]["IntegrationResponses"][0];
    let first = &response["ResponseParameters"]["method.response.header.Access-Control-Allow-Origin"];
    assert_eq!(*first, "'https://a.org'");
    assert_eq!(response["ResponseParameters"]["method.response.header.Vary"], "'Origin'");
    let choice = response["ResponseTemplates"]["application/json"]["Fn::Sub"].as_str().unwrap();
    assert!(choice.contains(r#"#if($origin == "https://b.org" || $origin == "${Page}")"#), "{choice}");
    let refused = &properties(&template, "ApiRefusedResponse")["ResponseParameters"];
    assert_eq!(refused["gatewayresponse.header.Access-Control-Allow-Origin"], "'*'");
}

#[test]
fn an_unknown_path_is_a_404_in_json() {
    let template = api(|list, _| RestApi::new().route("/item", get(list)));
    let response = properties(&template, "ApiNotFoundResponse");
    assert_eq!(response["ResponseType"], "MISSING_AUTHENTICATION_TOKEN");
    assert_eq!(response["StatusCode"], "404");
    let body = response["ResponseTemplates"]["application/json"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Json>(body).unwrap(), json!({"message": "Not Found"}));
    assert!(response.get("ResponseParameters").is_none());
}
