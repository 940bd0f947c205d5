//! Paths, functions, the stage and the handle.

use crate::{api, properties, template};
use serde_json::{Value as Json, json};
use stack_builder::{Function, HttpApi, RestApi, StaticSite, delete, get, post};

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
    let deployment = stage["DeploymentId"]["Ref"].as_str().unwrap();
    assert_eq!(template["Resources"][deployment]["Type"], "AWS::ApiGateway::Deployment");
    let all = &stage["MethodSettings"][0];
    assert_eq!((&all["HttpMethod"], &all["ResourcePath"]), (&json!("*"), &json!("/*")));
    assert_eq!((&all["ThrottlingRateLimit"], &all["ThrottlingBurstLimit"]), (&json!(50.0), &json!(100)));
    let log = &stage["AccessLogSetting"];
    assert_eq!(log["DestinationArn"], json!({"Fn::GetAtt": ["ApiAccessLog", "Arn"]}));
    let line: Json = serde_json::from_str(log["Format"].as_str().unwrap()).unwrap();
    assert_eq!(line["resourcePath"], "$context.resourcePath");
    assert_eq!(properties(&template, "ApiAccessLog")["RetentionInDays"], 30);
    let name = json!({"Fn::Sub": "/aws/vendedlogs/${AWS::StackName}/Api-${Api}"});
    assert_eq!(
        properties(&template, "ApiAccessLog")["LogGroupName"],
        name,
        "what API Gateway makes anew is in nobody's way"
    );
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

#[test]
fn a_distribution_asks_an_api_by_its_host() {
    let template = template(|stack| {
        let work = stack.add("Work", Function::rust("work"));
        let rest = stack.add("Rest", RestApi::new().stage_name("api").route("/item", get(&work)));
        let http = stack.add("Http", HttpApi::new().route("/hook", post(&work)));
        let site =
            StaticSite::from_dir("site").forward("/api/*", rest.origin()).forward("/hook", http.origin());
        stack.add("Site", site);
    });
    let origins = properties(&template, "Site")["DistributionConfig"]["Origins"].as_array().unwrap();
    let hosts: Vec<_> =
        origins.iter().filter_map(|origin| origin["DomainName"]["Fn::Sub"].as_str()).collect();
    let host = |id: &str| format!("${{{id}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}");
    assert_eq!(hosts, [host("Rest"), host("Http")]);
    assert!(origins.iter().all(|origin| origin.get("OriginPath").is_none()), "the stage is part of the path");
}
