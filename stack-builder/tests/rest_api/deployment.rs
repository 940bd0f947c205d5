//! When a deployment is made anew, and when it stays.

use crate::template;
use serde_json::{Value as Json, json};
use stack_builder::{
    Cors, Function, FunctionRef, RestApi, SecretRef, SignIn, Stack, UserPool, UserPoolRef, delete, get,
};

/// The deployment's id and itself.
#[track_caller]
fn deployment(template: &Json) -> (String, &Json) {
    let resources = template["Resources"].as_object().unwrap();
    let mut found =
        resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::ApiGateway::Deployment");
    let (id, resource) = found.next().expect("a deployment");
    assert!(found.next().is_none(), "two deployments");
    assert!(id.starts_with("ApiDeployment") && id.len() == "ApiDeployment".len() + 16, "{id}");
    (id.clone(), resource)
}

/// The deployment's id of an API with the functions `list` and `add`, in a stack with whatever else `around` adds.
fn deployment_id(
    around: impl FnOnce(&mut Stack) + 'static,
    describe: impl FnOnce(&UserPoolRef, &FunctionRef, &FunctionRef) -> RestApi + 'static,
) -> String {
    let template = template(|stack| {
        around(stack);
        let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
        let list = stack.add("List", Function::rust("list").memory(512));
        let add = stack.add("Add", Function::rust("add"));
        stack.add("Api", describe(&users, &list, &add));
    });
    deployment(&template).0
}

/// An API that uses all that a deployment holds.
fn whole(users: &UserPoolRef, list: &FunctionRef, add: &FunctionRef) -> RestApi {
    RestApi::new()
        .authorizer(users.cognito_authorizer())
        .cors(Cors::origins(["https://example.org"]))
        .route("/item", get(list).post(add).body(json!({"type": "object"})))
        .route("/item/{id}", get(list))
}

fn whole_id() -> String {
    deployment_id(|_| {}, whole)
}

#[test]
fn a_deployment_waits_for_all_that_it_holds() {
    let template = template(|stack| {
        let users = stack.add("Users", UserPool::sign_in_with(SignIn::Email));
        let work = stack.add("Work", Function::rust("work"));
        stack.add("Api", whole(&users, &work, &work));
    });
    assert_eq!(
        deployment(&template).1["DependsOn"],
        json!([
            "ApiFailedResponse",
            "ApiGetItem",
            "ApiGetItemId",
            "ApiNotFoundResponse",
            "ApiOptionsItem",
            "ApiOptionsItemId",
            "ApiPostItem",
            "ApiRefusedResponse",
        ])
    );
}

#[test]
fn a_deployment_keeps_its_name_while_the_api_is_the_same() {
    let before = whole_id();
    let other_stack = |stack: &mut Stack| {
        stack.describe("Another description");
        stack.add("Other", Function::rust("other"));
    };
    assert_eq!(before, deployment_id(other_stack, whole), "something else in the stack");
    let stage = |users: &UserPoolRef, list: &FunctionRef, add: &FunctionRef| {
        whole(users, list, add).throttle(1, 2).trace().detailed_metrics().log_retention(90).stage_name("v1")
    };
    assert_eq!(before, deployment_id(|_| {}, stage), "the stage");
    let described = |users: &UserPoolRef, list: &FunctionRef, add: &FunctionRef| {
        whole(users, list, add).l1(|api| api.name("items").description("Items"))
    };
    assert_eq!(before, deployment_id(|_| {}, described), "the name");
    let turned = |users: &UserPoolRef, list: &FunctionRef, add: &FunctionRef| {
        RestApi::new()
            .route("/item/{id}", get(list))
            .route("/item", get(list).post(add).body(json!({"type": "object"})).throttle(5, 5))
            .cors(Cors::origins(["https://example.org"]))
            .authorizer(users.cognito_authorizer())
    };
    assert_eq!(before, deployment_id(|_| {}, turned), "the order, and a route's throttle");
}

#[test]
fn a_deployment_is_made_anew_with_anything_that_it_holds() {
    type Change = fn(RestApi, &UserPoolRef, &FunctionRef) -> RestApi;
    let changes: [(&str, Change); 8] = [
        ("a route more", |api, _, work| api.route("/more", get(work))),
        ("a method more", |api, _, work| api.route("/item/{id}", delete(work))),
        ("a public route more", |api, _, work| api.route("/more", get(work).public())),
        ("other origins", |api, _, _| api.cors(Cors::origins(["https://example.com"]))),
        ("another header", |api, _, _| api.cors(Cors::origins(["https://example.org"]).header("x-a"))),
        ("another scope", |api, users, _| api.authorizer(users.cognito_authorizer().scope("a/b"))),
        ("a key", |api, _, _| api.require_key(SecretRef::from_name("key").value())),
        ("binary bodies", |api, _, _| api.l1(|api| api.binary_media_types(["image/png"]))),
    ];
    let mut seen = vec![whole_id()];
    for (what, change) in changes {
        let id = deployment_id(
            |_| {},
            move |users, list, add| {
                let api = whole(users, list, add);
                change(api, users, add)
            },
        );
        assert!(!seen.contains(&id), "{what}");
        seen.push(id);
    }
    let other_body = deployment_id(
        |_| {},
        |users, list, add| {
            let body = json!({"type": "object", "required": ["item"]});
            let api = RestApi::new().authorizer(users.cognito_authorizer());
            let api = api.cors(Cors::origins(["https://example.org"]));
            api.route("/item", get(list).post(add).body(body)).route("/item/{id}", get(list))
        },
    );
    assert!(!seen.contains(&other_body), "another body");
    let other_function = deployment_id(|_| {}, |users, list, add| whole(users, add, list));
    assert!(!seen.contains(&other_function), "other functions");
}
