//! Who may call a method, and with what.

use crate::{api, properties, template};
use serde_json::json;
use stack_builder::{Cors, Function, RestApi, SignIn, UserPool, get, post};

#[test]
fn an_authorizer_guards_every_method_but_the_public_ones() {
    let template = template(|stack| {
        let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
        let work = stack.add("Work", Function::rust("work"));
        let api = RestApi::new()
            .authorizer(users.cognito_authorizer())
            .cors(Cors::origins(["https://example.org"]))
            .route("/item", get(&work).post(&work))
            .route("/health", get(&work).public());
        stack.add("Api", api);
        let scoped = users.cognito_authorizer().scope("items/read");
        stack.add("Scoped", RestApi::new().authorizer(scoped).route("/item", get(&work)));
    });
    let authorizer = properties(&template, "ApiAuthorizer");
    assert_eq!(authorizer["Type"], "COGNITO_USER_POOLS");
    assert_eq!(authorizer["ProviderARNs"], json!([{"Fn::GetAtt": ["Users", "Arn"]}]));
    for id in ["ApiGetItem", "ApiPostItem"] {
        let method = properties(&template, id);
        assert_eq!(method["AuthorizationType"], "COGNITO_USER_POOLS", "{id}");
        assert_eq!(method["AuthorizerId"], json!({"Ref": "ApiAuthorizer"}), "{id}");
    }
    for id in ["ApiGetHealth", "ApiOptionsItem", "ApiOptionsHealth"] {
        let method = properties(&template, id);
        assert_eq!(method["AuthorizationType"], "NONE", "{id}");
        assert!(method.get("AuthorizerId").is_none(), "{id}");
    }
    assert_eq!(properties(&template, "ScopedGetItem")["AuthorizationScopes"], json!(["items/read"]));
}

#[test]
fn a_body_is_checked_whatever_it_calls_itself() {
    let template = api(|list, add| {
        let schema = json!({"type": "object", "required": ["item"]});
        RestApi::new()
            .route("/item", get(list).require_query("limit").post(add).body(schema.clone()))
            .route("/item/{id}", post(add).body(schema).require_query("v"))
    });
    let model = properties(&template, "ApiPostItemBody");
    assert_eq!(model["Schema"]["$schema"], "http://json-schema.org/draft-04/schema#");
    assert_eq!(model["Name"], "PostItemBody");
    assert_eq!(model["Schema"]["required"], json!(["item"]));
    let post = properties(&template, "ApiPostItem");
    let model = json!({"Ref": "ApiPostItemBody"});
    assert_eq!(post["RequestModels"], json!({"$default": model, "application/json": model}));
    assert_eq!(post["RequestValidatorId"], json!({"Ref": "ApiBodyValidator"}));
    let get = properties(&template, "ApiGetItem");
    assert_eq!(get["RequestParameters"], json!({"method.request.querystring.limit": true}));
    assert_eq!(get["RequestValidatorId"], json!({"Ref": "ApiParameterValidator"}));
    let both = properties(&template, "ApiRequestValidator");
    assert_eq!(
        (&both["ValidateRequestBody"], &both["ValidateRequestParameters"]),
        (&json!(true), &json!(true))
    );
}
