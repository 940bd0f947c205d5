//! What a static site becomes.

use crate::{CERTIFICATE, at_home, distribution, resources, site, synth};
use serde_json::{Value as Json, json};
use stack_builder::cfn::{dynamic, intrinsic};
use stack_builder::{
    Cors, EdgeEvent, Function, HttpApi, IntoValue, Origin, RemovalPolicy, RouteTable, StaticSite, TlsFloor,
    Value, get,
};
use stack_builder_assembly::{Asset, SiteTarget};

#[test]
fn the_bucket_is_private_and_only_this_distribution_reads_it() {
    let resources = resources(|stack| {
        stack.add("Site", site());
    });
    let bucket = &resources["SiteBucket"]["Properties"];
    let access = bucket["PublicAccessBlockConfiguration"].as_object().unwrap();
    assert!(access.len() == 4 && access.values().all(|blocked| blocked == true));
    let statements = &resources["SiteBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"];
    let statements = statements.as_array().unwrap();
    assert_eq!(statements[0]["Effect"], "Deny");
    assert_eq!(statements[0]["Condition"], json!({"Bool": {"aws:SecureTransport": "false"}}));
    let arn = json!({"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Site}"});
    let bucket = json!({"Fn::GetAtt": ["SiteBucket", "Arn"]});
    let expect = [("s3:GetObject", json!({"Fn::Sub": "${SiteBucket.Arn}/*"})), ("s3:ListBucket", bucket)];
    assert_eq!(statements.len(), 1 + expect.len());
    for (statement, (action, resource)) in statements[1..].iter().zip(expect) {
        assert_eq!(statement["Action"], action);
        assert_eq!(statement["Resource"], resource);
        assert_eq!(statement["Principal"], json!({"Service": "cloudfront.amazonaws.com"}));
        assert_eq!(statement["Condition"], json!({"StringEquals": {"AWS:SourceArn": arn}}));
    }
    let access = &resources["SiteAccess"]["Properties"]["OriginAccessControlConfig"];
    assert_eq!(
        *access,
        json!({
            "Name": {"Fn::Sub": "${AWS::StackName}-${AWS::Region}-SiteAccess"},
            "OriginAccessControlOriginType": "s3", "SigningBehavior": "always", "SigningProtocol": "sigv4",
        })
    );
}

#[test]
fn a_distribution_is_modern_and_promises_no_more_than_it_holds() {
    let config = distribution(site);
    for (key, expect) in [
        ("HttpVersion", json!("http2and3")),
        ("IPV6Enabled", json!(true)),
        ("DefaultRootObject", json!("index.html")),
        ("Comment", json!({"Ref": "AWS::StackName"})),
        ("ViewerCertificate", Json::Null),
        ("CustomErrorResponses", Json::Null),
    ] {
        assert_eq!(config[key], expect, "{key}");
    }
    let files = &config["DefaultCacheBehavior"];
    assert_eq!(files["AllowedMethods"], json!(["GET", "HEAD"]));
    assert_eq!(files["ViewerProtocolPolicy"], "redirect-to-https");
    assert_eq!(files["Compress"], true);
    assert_eq!(files["ResponseHeadersPolicyId"], json!({"Ref": "SiteHeaders"}));
    assert_eq!(
        config["Origins"],
        json!([{
            "Id": "files",
            "DomainName": {"Fn::GetAtt": ["SiteBucket", "RegionalDomainName"]},
            "OriginAccessControlId": {"Ref": "SiteAccess"},
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }])
    );
}

#[test]
fn every_answer_gets_security_headers() {
    let resources = resources(|stack| {
        stack.add("Site", site().connect_to(["https://login.example.org"]));
    });
    let config = &resources["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"];
    let security = &config["SecurityHeadersConfig"];
    assert_eq!(security["StrictTransportSecurity"]["AccessControlMaxAgeSec"], 31_536_000);
    assert_eq!(security["ContentTypeOptions"]["Override"], true);
    assert_eq!(security["FrameOptions"]["FrameOption"], "DENY");
    let policy = security["ContentSecurityPolicy"]["ContentSecurityPolicy"].as_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
    assert!(policy.ends_with("; connect-src 'self' https://login.example.org"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let custom = config["CustomHeadersConfig"]["Items"].as_array().unwrap();
    assert!(custom.iter().any(|header| header["Header"] == "permissions-policy"));
}

#[test]
fn forwarded_paths_go_on_whole_and_are_not_kept() {
    let config = distribution(|| {
        let origin =
            Origin::https("api.example.org").path("/v1/").header("x-api-key", dynamic::secret("key", None));
        site().forward("/api/*", origin)
    });
    assert_eq!(
        config["Origins"][1],
        json!({
            "Id": "forwarded-1", "DomainName": "api.example.org", "OriginPath": "/v1",
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
            "OriginCustomHeaders":
                [{"HeaderName": "x-api-key", "HeaderValue": "{{resolve:secretsmanager:key}}"}],
        })
    );
    let [behaviour] = &config["CacheBehaviors"].as_array().unwrap()[..] else { panic!("one behaviour") };
    assert_eq!(behaviour["TargetOriginId"], "forwarded-1");
    assert_eq!(behaviour["AllowedMethods"].as_array().unwrap().len(), 7);
    assert_eq!(behaviour["ViewerProtocolPolicy"], "https-only");
    assert_eq!(behaviour["CachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    assert_eq!(behaviour["OriginRequestPolicyId"], "b689b0a8-53d0-40ab-baf2-68738e2966ac");
}

#[test]
fn a_name_brings_its_certificate_the_tls_floor_and_both_records() {
    let resources = resources(|stack| {
        let site = stack.add("Site", site().at(at_home()).tls_floor(TlsFloor::Tls13Of2025));
        stack.output("Url", site.url());
    });
    let config = &resources["Site"]["Properties"]["DistributionConfig"];
    assert_eq!(config["Aliases"], json!(["log.example.org"]));
    assert_eq!(
        config["ViewerCertificate"],
        json!({
            "AcmCertificateArn": CERTIFICATE, "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.3_2025",
        })
    );
    for (id, of) in [("SiteIpv4Record", "A"), ("SiteIpv6Record", "AAAA")] {
        assert_eq!(
            resources[id]["Properties"],
            json!({
                "Name": "log.example.org", "Type": of, "HostedZoneId": "Z0123456789ABCDEFGHIJ",
                "AliasTarget":
                    {"DNSName": {"Fn::GetAtt": ["Site", "DomainName"]}, "HostedZoneId": "Z2FDTNDATAQYW2"},
            })
        );
    }
}

#[test]
fn the_address_is_the_name_of_ones_own_or_the_distributions() {
    let (manifest, template) = synth(|stack| {
        let own = stack.add("Own", site().at(at_home()));
        let plain = stack.add("Plain", StaticSite::from_dir("site/other"));
        stack.output("Own", own.url());
        stack.output("Plain", plain.url());
        stack.output("Id", plain.distribution_id());
        stack.output("Files", plain.bucket().name());
    });
    assert_eq!(manifest.diagnostics, []);
    let output = |name: &str| template["Outputs"][name]["Value"].clone();
    assert_eq!(output("Own"), "https://log.example.org");
    assert_eq!(output("Plain"), json!({"Fn::Sub": "https://${Plain.DomainName}"}));
    assert_eq!(output("Id"), json!({"Ref": "Plain"}));
    assert_eq!(output("Files"), json!({"Ref": "PlainBucket"}));
}

#[test]
fn the_folder_is_published_to_the_bucket() {
    let (manifest, _) = synth(|stack| {
        stack.add("Site", site());
    });
    let [site] = &manifest.stacks[0].sites[..] else { panic!("one site") };
    let folder = Asset::Site { folder: "site/notes".to_owned() };
    assert_eq!(manifest.assets[&site.asset], folder);
    let expect =
        SiteTarget::Bucket { bucket: "SiteBucket".to_owned(), distribution: Some("Site".to_owned()) };
    assert_eq!(site.target, expect);
}

#[test]
fn no_error_of_an_api_is_kept_for_others() {
    let config = distribution(|| site().forward("/api/*", Origin::https("api.example.org")));
    let errors = config["CustomErrorResponses"].as_array().unwrap();
    let statuses: Vec<_> = errors.iter().map(|error| error["ErrorCode"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [404, 414, 500, 501, 502, 503, 504]);
    for error in errors {
        let expect = json!({"ErrorCode": error["ErrorCode"], "ErrorCachingMinTTL": 0});
        assert_eq!(error, &expect, "no page may take the place of what the API says");
    }
}

#[test]
fn an_error_page_keeps_the_status() {
    let config = distribution(|| site().error_page("/error.html"));
    let pages = [403, 404].map(
        |status| json!({"ErrorCode": status, "ResponseCode": status, "ResponsePagePath": "/error.html"}),
    );
    assert_eq!(config["CustomErrorResponses"], json!(pages));
}

#[test]
fn edge_functions_and_routes_run_for_the_files_only() {
    let version: Value<String> = "arn:aws:lambda:us-east-1:123456789012:function:gate:1".into_value();
    let config = distribution(move || {
        site()
            .forward("/api/*", Origin::https("api.example.org"))
            .edge(EdgeEvent::OriginResponse, &version)
            .edge(EdgeEvent::OriginRequest, version)
            .routes(RouteTable::new().serve("/a", "/a.html"))
    });
    let files = &config["DefaultCacheBehavior"];
    let events = files["LambdaFunctionAssociations"].as_array().unwrap();
    let events: Vec<_> = events.iter().map(|edge| &edge["EventType"]).collect();
    assert_eq!(events, ["origin-request", "origin-response"]);
    assert_eq!(
        files["FunctionAssociations"],
        json!([{"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["SiteRoutes", "FunctionARN"]}}])
    );
    for key in ["LambdaFunctionAssociations", "FunctionAssociations"] {
        assert_eq!(config["CacheBehaviors"][0][key], Json::Null);
    }
}

#[test]
fn an_access_log_has_a_bucket_that_knows_access_control_lists() {
    let resources = resources(|stack| {
        stack.add("Site", site().access_logs().removal_policy(RemovalPolicy::Delete));
    });
    let logging = &resources["Site"]["Properties"]["DistributionConfig"]["Logging"];
    assert_eq!(logging["Bucket"], json!({"Fn::GetAtt": ["SiteLogs", "DomainName"]}));
    let logs = &resources["SiteLogs"]["Properties"];
    let rule = json!({"ObjectOwnership": "BucketOwnerPreferred"});
    assert_eq!(logs["OwnershipControls"]["Rules"], json!([rule]));
    assert_eq!(logs["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"], 30);
    for id in ["SiteBucket", "SiteLogs"] {
        assert_eq!(resources[id]["DeletionPolicy"], "Delete", "{id}");
    }
}

#[test]
fn an_api_may_know_the_sites_address_while_the_site_names_its_api_by_a_pattern() {
    resources(|stack| {
        let pattern = intrinsic::sub("https://*.execute-api.${AWS::Region}.amazonaws.com", []);
        let site = stack.add("Site", site().connect_to([pattern]));
        let list = stack.add("List", Function::rust("list"));
        let api = HttpApi::new().cors(Cors::origins([site.url()])).route("/notes", get(&list));
        stack.add("Api", api);
    });
}
