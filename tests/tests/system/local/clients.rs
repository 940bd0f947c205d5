//! Clients of other makers at AWS's API of a local run: boto3, the AWS CLI, and Amazon's own for browsers.

mod accounts;
mod command_line;
mod functions;
mod objects;
mod tables;

use super::person::{deployed_as, outputs, physical_id};
use super::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Credentials, Http};

#[test]
fn the_caller_is_the_developer_and_nobody_else() {
    let local = local();
    let aws = aws(&local);
    let identity = aws.call("sts", "get_caller_identity", json!({}));
    assert_eq!(identity["Account"], "000000000000");
    assert_eq!(identity["Arn"], "arn:aws:iam::000000000000:user/local");
    let calls = [
        ("sts", "get_caller_identity", "SignatureDoesNotMatch", "InvalidClientTokenId"),
        ("dynamodb", "list_tables", "InvalidSignatureException", "UnrecognizedClientException"),
        ("s3", "list_buckets", "SignatureDoesNotMatch", "InvalidAccessKeyId"),
        ("secretsmanager", "list_secrets", "InvalidSignatureException", "UnrecognizedClientException"),
        ("logs", "describe_log_groups", "InvalidSignatureException", "UnrecognizedClientException"),
        ("lambda", "list_functions", "InvalidSignatureException", "UnrecognizedClientException"),
        ("cloudformation", "list_stacks", "SignatureDoesNotMatch", "InvalidClientTokenId"),
        ("cloudfront", "list_distributions", "SignatureDoesNotMatch", "InvalidClientTokenId"),
    ];
    for (service, operation, forged, unknown) in calls {
        aws.call(service, operation, json!({}));
        let refused = |who: Credentials| {
            let error = aws.try_call_as(&who, service, operation, json!({})).expect_err(service);
            error.code
        };
        assert_eq!(refused(Credentials::new("local", "other")), forged, "{service}");
        assert_eq!(refused(Credentials::new("somebody", "local")), unknown, "{service}");
    }
}

#[test]
fn services_that_do_not_run_say_so() {
    let local = local();
    let aws = aws(&local);
    let calls = [
        ("sqs", "list_queues"),
        ("iam", "list_roles"),
        ("apigateway", "get_rest_apis"),
        ("sns", "list_topics"),
    ];
    for (service, operation) in calls {
        let error = aws.try_call(service, operation, json!({})).expect_err(service);
        assert_eq!(error.code, "NotImplemented", "{service}: {error:?}");
        assert!(error.message.contains("stack-builder local"), "{error:?}");
    }
}

#[test]
fn secrets_are_read_and_put() {
    let local = local();
    let aws = aws(&local);
    let arn = physical_id(&aws, &deployed_as(&aws, "todo"), "FrontDoorKey");
    let value = |id: &str| aws.call("secretsmanager", "get_secret_value", json!({ "SecretId": id }));
    let first = value(&arn);
    let name = first["Name"].as_str().expect("a name");
    assert_eq!(value(name)["SecretString"], first["SecretString"], "by its name");
    assert!(first["SecretString"].as_str().is_some_and(|secret| secret.len() >= 20), "it is generated");
    let described = aws.call("secretsmanager", "describe_secret", json!({ "SecretId": name }));
    assert_eq!((&described["ARN"], &described["SecretString"]), (&json!(arn), &Value::Null));
    let absent = aws.try_call("secretsmanager", "get_secret_value", json!({ "SecretId": "no-such-secret" }));
    assert_eq!(absent.expect_err("no such secret").code, "ResourceNotFoundException");
}

#[test]
fn stacks_are_described_as_they_stand() {
    let local = local();
    let aws = aws(&local);
    for (stack, urls) in local.ready()["urls"].as_object().expect("stacks") {
        let outputs = outputs(&aws, &deployed_as(&aws, stack));
        for (name, url) in urls.as_object().expect("outputs") {
            assert_eq!(&outputs[name], url, "{stack} {name}");
        }
    }
    let error = aws.try_call("cloudformation", "describe_stacks", json!({ "StackName": "no-such-stack" }));
    let error = error.expect_err("no such stack");
    assert_eq!(error.code, "ValidationError");
    assert!(error.message.ends_with("Stack with id no-such-stack does not exist"), "{error:?}");
    let deleted = aws.try_call("cloudformation", "delete_stack", json!({ "StackName": "todo-dev" }));
    assert_eq!(deleted.expect_err("stacks come from their description").code, "ValidationError");
}

#[test]
fn a_cache_is_emptied() {
    let local = local();
    let aws = aws(&local);
    let distribution = physical_id(&aws, &deployed_as(&aws, "uploads"), "Site");
    let (http, url) = (Http::plain(), local.url("uploads", "SiteUrl"));
    let cache = |path: &str| {
        let answer = http.send("GET", &format!("{url}{path}"), &[], "");
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.header("x-cache").unwrap_or_default().to_owned()
    };
    // Whoever else looks at the page meanwhile can only fill the cache.
    cache("/format.js");
    assert_eq!(cache("/format.js"), "Hit from cloudfront");
    let paths = json!({ "Quantity": 1, "Items": ["/format.*"] });
    let batch = json!({ "Paths": paths, "CallerReference": "once" });
    let asked = json!({ "DistributionId": distribution, "InvalidationBatch": batch });
    let made = aws.call("cloudfront", "create_invalidation", asked.clone());
    assert_eq!(made["Invalidation"]["Status"], "Completed");
    assert_eq!(cache("/format.js"), "Miss from cloudfront");
    let mut elsewhere = asked;
    elsewhere["DistributionId"] = json!("E00000000000000");
    let error =
        aws.try_call("cloudfront", "create_invalidation", elsewhere).expect_err("no such distribution");
    assert_eq!(error.code, "NoSuchDistribution");
}
