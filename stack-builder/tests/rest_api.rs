//! What REST APIs and secrets become in a template, and where their mistakes are shown.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use serde_json::{Value as Json, json};
use stack_builder::{
    App, Cors, Function, FunctionRef, HttpApi, RestApi, Secret, SecretRef, SignIn, Stack, Stage, UsagePlan,
    UserPool, Value, delete, get, post,
};
use stack_builder_assembly::Manifest;
use std::fs;

/// Synthesizes one stack for the stage `dev`.
fn synth(describe: impl FnOnce(&mut Stack) + 'static) -> (Manifest, Json) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("items", describe);
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &[]).unwrap();
    let template = fs::read_to_string(folder.path().join("items.template.json")).unwrap();
    (manifest, serde_json::from_str(&template).unwrap())
}

/// The template of a stack that has nothing wrong with it.
#[track_caller]
fn template(describe: impl FnOnce(&mut Stack) + 'static) -> Json {
    let (manifest, template) = synth(describe);
    assert_eq!(manifest.diagnostics, []);
    template
}

/// The template of a stack with two functions and the API made of them.
#[track_caller]
fn api(describe: impl FnOnce(&FunctionRef, &FunctionRef) -> RestApi + 'static) -> Json {
    template(|stack| {
        let list = stack.add("List", Function::rust("list"));
        let add = stack.add("Add", Function::rust("add"));
        stack.add("Api", describe(&list, &add));
    })
}

/// Checks the findings: code, and the text of the line from the column on.
#[track_caller]
fn check_findings(describe: impl FnOnce(&mut Stack) + 'static, expect: &[(&str, &str)]) {
    let (manifest, _) = synth(describe);
    let here = include_str!("rest_api.rs").lines().collect::<Vec<_>>();
    let found: Vec<_> = manifest
        .diagnostics
        .iter()
        .map(|found| {
            let source = found.source.as_ref().expect("a line");
            assert!(source.file.ends_with("tests/rest_api.rs"), "{source} is not the user's");
            assert!(found.hint.is_some(), "{found}");
            (found.code.as_str(), &here[source.line as usize - 1][source.column as usize - 1..])
        })
        .collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((code, text), (expected_code, begin)) in found.iter().zip(expect) {
        assert_eq!(code, expected_code);
        assert!(text.starts_with(begin), "{code} is said to stand at {text:?}");
    }
}

fn properties<'a>(template: &'a Json, id: &str) -> &'a Json {
    let resource = &template["Resources"][id];
    assert!(resource.is_object(), "there is no `{id}` among {:?}", ids(template));
    &resource["Properties"]
}

fn ids(template: &Json) -> Vec<&str> {
    template["Resources"].as_object().unwrap().keys().map(String::as_str).collect()
}

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

#[test]
fn a_path_is_a_chain_of_resources_and_a_method_calls_its_function() {
    let template = api(|list, add| {
        RestApi::new()
            .stage_name("api")
            .route("/item", get(list).post(add))
            .route("/item/{id}/done", post(add))
            .route("/", get(list))
    });
    let root = json!({"Fn::GetAtt": ["Api", "RootResourceId"]});
    assert_eq!(properties(&template, "ApiResourceItem")["ParentId"], root);
    assert_eq!(properties(&template, "ApiResourceItemId")["PathPart"], "{id}");
    assert_eq!(
        properties(&template, "ApiResourceItemIdDone")["ParentId"],
        json!({"Ref": "ApiResourceItemId"})
    );
    assert_eq!(properties(&template, "ApiGet")["ResourceId"], root);
    let post = properties(&template, "ApiPostItem");
    assert_eq!(post["Integration"]["Type"], "AWS_PROXY");
    assert_eq!(post["Integration"]["IntegrationHttpMethod"], "POST");
    let uri = post["Integration"]["Uri"]["Fn::Sub"].as_str().unwrap();
    assert!(uri.ends_with(":lambda:path/2015-03-31/functions/${Add.Arn}/invocations"), "{uri}");
    let permission = properties(&template, "ApiPostItemIdDonePermission");
    let arn = permission["SourceArn"]["Fn::Sub"].as_str().unwrap();
    assert!(arn.ends_with(":${Api}/api/POST/item/*/done"), "{arn}");
    assert_eq!(permission["FunctionName"], json!({"Fn::GetAtt": ["Add", "Arn"]}));
}

#[test]
fn the_defaults_are_regional_modern_tls_logged_and_limited() {
    let template = api(|list, _| RestApi::new().route("/item", get(list)));
    let api = properties(&template, "Api");
    assert_eq!(api["EndpointConfiguration"]["Types"], json!(["REGIONAL"]));
    assert!(api["SecurityPolicy"].as_str().unwrap().starts_with("SecurityPolicy_TLS13_1_2"));
    assert!(api.get("DisableExecuteApiEndpoint").is_none());
    let stage = properties(&template, "ApiStage");
    assert_eq!(stage["StageName"], "dev");
    assert_eq!(stage["DeploymentId"], json!({"Ref": deployment(&template).0}));
    let all = &stage["MethodSettings"][0];
    assert_eq!((&all["HttpMethod"], &all["ResourcePath"]), (&json!("*"), &json!("/*")));
    assert_eq!((&all["ThrottlingRateLimit"], &all["ThrottlingBurstLimit"]), (&json!(50.0), &json!(100)));
    let log = &stage["AccessLogSetting"];
    assert_eq!(log["DestinationArn"], json!({"Fn::GetAtt": ["ApiAccessLog", "Arn"]}));
    let line: Json = serde_json::from_str(log["Format"].as_str().unwrap()).unwrap();
    assert_eq!(line["resourcePath"], "$context.resourcePath");
    assert_eq!(properties(&template, "ApiAccessLog")["RetentionInDays"], 30);
}

#[test]
fn what_is_said_of_the_stage_stands_in_it() {
    let format = r#"$context.identity.sourceIp [$context.requestTime] "$context.status" $context.requestId"#;
    let template = api(move |list, add| {
        RestApi::new()
            .throttle(10, 20)
            .trace()
            .detailed_metrics()
            .log_retention(90)
            .access_log_format(format)
            .route("/item/{id}", get(list).post(add).throttle(2, 3))
    });
    let stage = properties(&template, "ApiStage");
    assert_eq!(stage["TracingEnabled"], true);
    assert_eq!(stage["AccessLogSetting"]["Format"], format);
    assert_eq!(properties(&template, "ApiAccessLog")["RetentionInDays"], 90);
    assert_eq!(
        stage["MethodSettings"][1],
        json!({
            "HttpMethod": "POST", "ResourcePath": "/~1item~1{id}", "MetricsEnabled": true,
            "ThrottlingRateLimit": 2.0, "ThrottlingBurstLimit": 3,
        })
    );
    assert_eq!(stage["MethodSettings"][0]["ThrottlingRateLimit"], 10.0);
}

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
    assert_eq!(model["Schema"]["required"], json!(["item"]));
    let post = properties(&template, "ApiPostItem");
    assert_eq!(post["RequestModels"], json!({"$default": {"Ref": "ApiPostItemBody"}}));
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
        let page = stack.parameter("Page", stack_builder::cfn::Parameter::string().default("https://c.org"));
        let origins = Cors::origins([
            Value::from_node(text("https://a.org")),
            Value::from_node(text("https://b.org")),
            page,
        ]);
        stack.add("Api", RestApi::new().cors(origins).route("/item", get(&work)));
    });
    let response = &properties(&template, "ApiOptionsItem")["Integration"]["IntegrationResponses"][0];
    let first = &response["ResponseParameters"]["method.response.header.Access-Control-Allow-Origin"];
    assert_eq!(*first, "'https://a.org'");
    assert_eq!(response["ResponseParameters"]["method.response.header.Vary"], "'Origin'");
    let choice = response["ResponseTemplates"]["application/json"]["Fn::Join"][1].as_array().unwrap();
    let text: String = choice.iter().map(|part| part.as_str().unwrap_or("<page>")).collect();
    assert!(text.contains(r#"#if($origin == "https://b.org" || $origin == "<page>")"#), "{text}");
    let refused = &properties(&template, "ApiRefusedResponse")["ResponseParameters"];
    assert_eq!(refused["gatewayresponse.header.Access-Control-Allow-Origin"], "'*'");
}

fn text(text: &'static str) -> stack_builder::cfn::Node {
    stack_builder::cfn::Node::text(text)
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

#[test]
fn a_key_is_a_reference_to_a_secret_and_every_method_asks_for_it() {
    let template = template(|stack| {
        let work = stack.add("Work", Function::rust("work"));
        let door = stack.add("Door", Secret::generated());
        let plan = UsagePlan::new().rate(50).burst(100).per_day(100_000);
        let api = RestApi::new()
            .cors(Cors::origins(["https://example.org"]))
            .require_key(door.value())
            .usage_plan(plan)
            .route("/item", get(&work).public());
        stack.add("Api", api);
        stack.add("Plain", RestApi::new().require_key(door.value()).route("/item", get(&work)));
    });
    let value = json!({"Fn::Sub": "{{resolve:secretsmanager:${Door}:SecretString}}"});
    let key = properties(&template, "ApiKey");
    assert_eq!((&key["Value"], &key["GenerateDistinctId"]), (&value, &json!(true)));
    assert_eq!(properties(&template, "ApiGetItem")["ApiKeyRequired"], true);
    assert!(properties(&template, "ApiOptionsItem").get("ApiKeyRequired").is_none());
    let plan = properties(&template, "ApiUsagePlan");
    assert_eq!(plan["ApiStages"], json!([{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "ApiStage"}}]));
    assert_eq!(plan["Throttle"], json!({"RateLimit": 50.0, "BurstLimit": 100}));
    assert_eq!(plan["Quota"], json!({"Limit": 100_000, "Period": "DAY"}));
    let tie = properties(&template, "PlainUsagePlanKey");
    assert_eq!(tie["KeyId"], json!({"Ref": "PlainKey"}));
    assert!(properties(&template, "PlainUsagePlan").get("Throttle").is_none());
    let door = properties(&template, "Door");
    assert_eq!(door["GenerateSecretString"], json!({"ExcludePunctuation": true, "PasswordLength": 40}));
}

#[test]
fn secrets_stay_unless_they_can_be_made_up_again() {
    let template = template(|stack| {
        let passwords = stack.add("Passwords", Secret::new().description("Demonstration users"));
        stack.add("Door", Secret::generated_as(|value| value.password_length(64)));
        let old = SecretRef::from_name("old");
        stack.add("Work", Function::rust("work").grant(passwords.read()).grant(old.read()));
        stack.output("Field", passwords.arn());
    });
    assert_eq!(template["Resources"]["Passwords"]["DeletionPolicy"], "RetainExceptOnCreate");
    assert_eq!(*properties(&template, "Passwords"), json!({"Description": "Demonstration users"}));
    assert_eq!(template["Resources"]["Door"]["DeletionPolicy"], "Delete");
    assert_eq!(properties(&template, "Door")["GenerateSecretString"], json!({"PasswordLength": 64}));
    let statements = &properties(&template, "WorkRole")["Policies"][0]["PolicyDocument"]["Statement"];
    assert_eq!(
        statements[1],
        json!({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": {"Ref": "Passwords"}})
    );
    let old = statements[2]["Resource"]["Fn::Sub"].as_str().unwrap();
    assert!(old.ends_with(":secret:old-??????"), "{old}");
}

#[test]
fn others_use_an_api_by_its_address_host_and_arn() {
    let template = template(|stack| {
        let work = stack.add("Work", Function::rust("work"));
        let api = stack.add("Api", RestApi::new().route("/item", get(&work)));
        stack.output("Url", api.url());
        stack.output("Host", api.domain());
        stack.output("Arn", api.execution_arn("GET", "/item/{id}"));
    });
    let output = |name: &str| template["Outputs"][name]["Value"]["Fn::Sub"].as_str().unwrap().to_owned();
    assert_eq!(output("Url"), "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${ApiStage}");
    assert_eq!(output("Host"), "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}");
    assert!(output("Arn").ends_with(":${Api}/${ApiStage}/GET/item/*"));
}

#[test]
fn the_same_routes_make_either_kind_of_api() {
    let template = template(|stack| {
        let work = stack.add("Work", Function::rust("work"));
        let routes = [("/files", get(&work).throttle(1, 2)), ("/files/{id}", delete(&work))];
        stack.add("Http", HttpApi::new().routes(routes.clone()));
        stack.add("Rest", RestApi::new().routes(routes));
    });
    let http = properties(&template, "HttpStage");
    let limits = json!({"ThrottlingRateLimit": 1.0, "ThrottlingBurstLimit": 2});
    assert_eq!(http["RouteSettings"], json!({"GET /files": limits}));
    assert_eq!(template["Resources"]["HttpStage"]["DependsOn"], "HttpGetFiles");
    assert_eq!(properties(&template, "RestDeleteFilesId")["HttpMethod"], "DELETE");
    assert_eq!(properties(&template, "HttpDeleteFilesId")["RouteKey"], "DELETE /files/{id}");
}
