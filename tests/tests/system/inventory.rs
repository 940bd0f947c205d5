//! What is in an account and region, seen through a client of another maker.

use serde_json::{Value, json};
use stack_builder_tests::Aws;
use std::collections::BTreeSet;

/// A kind of thing: the call that lists it, and JSON pointers to the list and to what names an entry.
struct Kind {
    name: &'static str,
    service: &'static str,
    operation: &'static str,
    parameters: fn() -> Value,
    list: &'static str,
    id: &'static str,
}

const KINDS: &[Kind] = &[
    kind("stack", "cloudformation", "describe_stacks", "/Stacks", "/StackName"),
    kind("bucket", "s3", "list_buckets", "/Buckets", "/Name"),
    kind("table", "dynamodb", "list_tables", "/TableNames", ""),
    kind("function", "lambda", "list_functions", "/Functions", "/FunctionName"),
    kind("log group", "logs", "describe_log_groups", "/logGroups", "/logGroupName"),
    Kind {
        parameters: || json!({ "MaxResults": 60 }),
        ..kind("user pool", "cognito-idp", "list_user_pools", "/UserPools", "/Id")
    },
    kind("role", "iam", "list_roles", "/Roles", "/RoleName"),
    kind("distribution", "cloudfront", "list_distributions", "/DistributionList/Items", "/Id"),
    kind(
        "access to a bucket",
        "cloudfront",
        "list_origin_access_controls",
        "/OriginAccessControlList/Items",
        "/Id",
    ),
    kind("routes of a site", "cloudfront", "list_functions", "/FunctionList/Items", "/Name"),
    Kind {
        parameters: || json!({ "Type": "custom" }),
        ..kind(
            "headers of a site",
            "cloudfront",
            "list_response_headers_policies",
            "/ResponseHeadersPolicyList/Items",
            "/ResponseHeadersPolicy/Id",
        )
    },
    kind("HTTP API", "apigatewayv2", "get_apis", "/Items", "/ApiId"),
    kind("REST API", "apigateway", "get_rest_apis", "/items", "/id"),
    kind("API key", "apigateway", "get_api_keys", "/items", "/id"),
    kind("usage plan", "apigateway", "get_usage_plans", "/items", "/id"),
    kind("secret", "secretsmanager", "list_secrets", "/SecretList", "/Name"),
];

const fn kind(
    name: &'static str,
    service: &'static str,
    operation: &'static str,
    list: &'static str,
    id: &'static str,
) -> Kind {
    Kind { name, service, operation, parameters: || json!({}), list, id }
}

/// Everything there is, each as kind and name.
#[track_caller]
pub(crate) fn inventory(aws: &Aws) -> BTreeSet<(&'static str, String)> {
    let mut found = BTreeSet::new();
    for kind in KINDS {
        let answer = aws.call(kind.service, kind.operation, (kind.parameters)());
        for entry in answer.pointer(kind.list).and_then(Value::as_array).into_iter().flatten() {
            let id = entry.pointer(kind.id).and_then(Value::as_str);
            let id = id.unwrap_or_else(|| panic!("no name at `{}` in {entry}", kind.id));
            found.insert((kind.name, id.to_owned()));
        }
    }
    found
}

/// Expects one or more of each kind beyond `bare`, but none of the kinds in `without`.
#[track_caller]
pub(crate) fn has_all_but(without: &[&str], aws: &Aws, bare: &BTreeSet<(&'static str, String)>) {
    let all = inventory(aws);
    let new: BTreeSet<_> = all.difference(bare).map(|(kind, _)| *kind).collect();
    let expected = KINDS.iter().map(|kind| kind.name).filter(|kind| !without.contains(kind)).collect();
    assert_eq!(new, expected, "{all:#?}");
}
