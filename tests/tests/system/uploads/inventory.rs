//! What is in an account and region, seen through a client of another maker.

use serde_json::{Value, json};
use stack_builder_tests::Aws;
use std::collections::BTreeSet;

/// A kind of thing: the call that lists it, where the list is, and what names an entry.
struct Kind {
    name: &'static str,
    service: &'static str,
    operation: &'static str,
    parameters: fn() -> Value,
    list: &'static str,
    id: &'static str,
}

const KINDS: &[Kind] = &[
    kind("stack", "cloudformation", "describe_stacks", "Stacks", "StackName"),
    kind("bucket", "s3", "list_buckets", "Buckets", "Name"),
    kind("table", "dynamodb", "list_tables", "TableNames", ""),
    kind("function", "lambda", "list_functions", "Functions", "FunctionName"),
    kind("log group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    Kind {
        parameters: || json!({ "MaxResults": 60 }),
        ..kind("user pool", "cognito-idp", "list_user_pools", "UserPools", "Id")
    },
    kind("API", "apigatewayv2", "get_apis", "Items", "ApiId"),
    kind("role", "iam", "list_roles", "Roles", "RoleName"),
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
        for entry in answer[kind.list].as_array().into_iter().flatten() {
            let id = if kind.id.is_empty() { entry } else { &entry[kind.id] };
            found.insert((kind.name, id.as_str().expect("a name").to_owned()));
        }
    }
    found
}

/// Expects one or more of each kind beyond `bare`.
#[track_caller]
pub(crate) fn has_everything(aws: &Aws, bare: &BTreeSet<(&'static str, String)>) {
    let all = inventory(aws);
    for kind in KINDS {
        assert!(
            all.difference(bare).any(|(name, _)| *name == kind.name),
            "no {} was deployed: {all:#?}",
            kind.name
        );
    }
}
