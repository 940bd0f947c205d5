//! How the generator turns CloudFormation's names into Rust's.

#[path = "../../codegen/names.rs"]
mod names;

use names::{Scope, pascal, snake, type_name};

#[track_caller]
fn check(convert: fn(&str) -> String, cases: &[(&str, &str)]) {
    for (given, expect) in cases {
        assert_eq!(convert(given), *expect, "from {given}");
    }
}

#[test]
fn methods() {
    check(
        snake,
        &[
            ("BucketName", "bucket_name"),
            ("DBClusterArn", "db_cluster_arn"),
            ("SSESpecification", "sse_specification"),
            ("Route53Zone", "route53_zone"),
            ("TTL", "ttl"),
            ("CallbackURLs", "callback_urls"),
            ("ProviderARNs", "provider_arns"),
            ("VPCsOfStack", "vpcs_of_stack"),
            ("AWSsomething", "aw_ssomething"),
            ("MetadataConfiguration.Destination", "metadata_configuration_destination"),
            ("alreadyCamel", "already_camel"),
            ("Type", "type_"),
            ("Ref", "ref_"),
            ("Override", "override_"),
            ("2fa", "n2fa"),
            ("...", "n"),
        ],
    );
}

#[test]
fn enum_members() {
    check(
        pascal,
        &[
            ("PAY_PER_REQUEST", "PayPerRequest"),
            ("nodejs20.x", "Nodejs20X"),
            ("TLSv1.2_2021", "TLSv1_2_2021"),
            ("s3:ObjectCreated:*", "S3ObjectCreated"),
            ("aws:kms", "AwsKms"),
            ("2.0", "N2_0"),
            ("A", "A"),
            ("self", "Self_"),
            ("*", "N"),
        ],
    );
}

#[test]
fn types_keep_their_name_where_they_can() {
    check(
        type_name,
        &[
            ("SSESpecification", "SSESpecification"),
            ("WebACL", "WebACL"),
            ("lowerCase", "LowerCase"),
            ("With-Hyphen", "WithHyphen"),
            ("Self", "Self_"),
        ],
    );
}

#[test]
fn no_two_names_of_a_scope_are_alike() {
    let mut scope = Scope::reserving(&["new"]);
    let given: Vec<_> = ["new", "name", "name", "name"].map(|name| scope.name(name.to_owned())).into();
    assert_eq!(given, ["new_", "name", "name_", "name__"]);
}
