//! Literals that break a constraint of their property, each found at the setter call that wrote it.

use crate::expect::{check, check_legal, finding};
use stack_builder_cfn::{
    IntoValue, Node, Template, Value, apigateway, cloudfront, cognito, dynamic, dynamodb, iam, intrinsic,
    lambda, logs, pseudo, s3, sqs,
};

#[test]
fn a_pattern_must_match() {
    check(
        |t| drop(t.add("Site", s3::Bucket::new().bucket_name("My_Bucket"))),
        &[(
            r#"pattern Site.BucketName: "My_Bucket" does not match the pattern ^([a-z0-9][a-z0-9.-]*[a-z0-9])?$"#,
            r#"bucket_name("My_Bucket")"#,
        )],
    );
}

#[test]
fn a_pattern_holds_for_the_keys_of_a_map() {
    check(
        |t| drop(t.add("Users", cognito::UserPool::new().user_pool_tags([("team", "web"), ("a*b", "c")]))),
        &[(
            r#"pattern Users.UserPoolTags["a*b"]: the key "a*b" does not match the pattern ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"#,
            "user_pool_tags(",
        )],
    );
}

#[test]
fn a_string_has_a_least_and_a_greatest_length() {
    check_legal(|t| drop(t.add("Table", table().table_name("a"))));
    check_legal(|t| drop(t.add("Table", table().table_name("a".repeat(1024)))));
    check(
        |t| drop(t.add("Table", table().table_name(""))),
        &[(r#"too-short Table.TableName: "" has 0 characters, at least 1 is needed"#, r#"table_name("")"#)],
    );
    let long =
        format!(r#"too-long Table.TableName: "{}"… has 1025 characters, 1024 are allowed"#, "a".repeat(60));
    check(
        |t| drop(t.add("Table", table().table_name("a".repeat(1025)))),
        &[(long.as_str(), r#"table_name("a".repeat(1025))"#)],
    );
}

#[test]
fn a_length_is_counted_in_characters() {
    check_legal(|t| drop(t.add("Table", table().table_name("ü".repeat(1024)))));
}

#[test]
fn a_number_has_a_range() {
    check_legal(|t| drop(t.add("Jobs", sqs::Queue::new().delay_seconds(0))));
    check_legal(|t| drop(t.add("Jobs", sqs::Queue::new().delay_seconds(900))));
    check(
        |t| drop(t.add("Jobs", sqs::Queue::new().delay_seconds(-1).visibility_timeout(43_201))),
        &[
            ("out-of-range Jobs.DelaySeconds: -1 is less than 0", "delay_seconds(-1)"),
            ("out-of-range Jobs.VisibilityTimeout: 43201 is more than 43200", "visibility_timeout(43_201)"),
        ],
    );
}

fn canary(percent: f64) -> apigateway::Stage {
    apigateway::Stage::new().rest_api_id("api").canary_setting_with(|c| c.percent_traffic(percent))
}

#[test]
fn a_fraction_has_a_range_too() {
    check_legal(|t| drop(t.add("Stage", canary(99.9))));
    check(
        |t| drop(t.add("Stage", canary(100.5))),
        &[(
            "out-of-range Stage.CanarySetting.PercentTraffic: 100.5 is more than 100",
            "percent_traffic(percent)",
        )],
    );
}

fn staging(weight: f64) -> cloudfront::ContinuousDeploymentPolicy {
    cloudfront::ContinuousDeploymentPolicy::new().continuous_deployment_policy_config_with(|c| {
        c.enabled(true).staging_distribution_dns_names(["d111111abcdef8.cloudfront.net"]).traffic_config_with(
            |t| {
                t.type_(cloudfront::continuous_deployment_policy::Type::SingleWeight)
                    .single_weight_config_with(|w| w.weight(weight))
            },
        )
    })
}

#[test]
fn a_number_is_a_multiple_also_where_binary_fractions_are_not_exact() {
    for hundredths in 0..=15 {
        check_legal(|t| drop(t.add("Staging", staging(f64::from(hundredths) / 100.0))));
    }
    check(
        |t| drop(t.add("Staging", staging(0.075))),
        &[(
            "out-of-range Staging.ContinuousDeploymentPolicyConfig.TrafficConfig.SingleWeightConfig.Weight: \
             0.075 is no multiple of 0.01",
            "weight(weight)",
        )],
    );
}

#[test]
fn a_number_is_one_of_those_allowed() {
    check_legal(|t| drop(t.add("Log", logs::LogGroup::new().retention_in_days(14))));
    check(
        |t| drop(t.add("Log", logs::LogGroup::new().retention_in_days(15))),
        &[(
            "not-allowed Log.RetentionInDays: 15 is none of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, \
             545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
            "retention_in_days(15)",
        )],
    );
}

#[test]
fn an_enum_written_as_json_is_one_of_its_members() {
    check_legal(|t| drop(t.add("Table", table().billing_mode(Value::from_node(Node::text("PROVISIONED"))))));
    check(
        |t| drop(t.add("Table", table().billing_mode(Value::from_node(Node::text("ON_DEMAND"))))),
        &[(
            r#"not-allowed Table.BillingMode: "ON_DEMAND" is none of PAY_PER_REQUEST, PROVISIONED"#,
            "billing_mode(Value::from_node(",
        )],
    );
}

fn key(name: &str) -> dynamodb::table::KeySchema {
    dynamodb::table::KeySchema::new().attribute_name(name).key_type(dynamodb::table::KeyType::Hash)
}

fn table() -> dynamodb::Table {
    dynamodb::Table::new().key_schema([key("id")])
}

#[test]
fn a_list_has_a_least_and_a_greatest_count() {
    check_legal(|t| drop(t.add("Table", dynamodb::Table::new().key_schema([key("a"), key("b")]))));
    check(
        |t| drop(t.add("Table", dynamodb::Table::new().key_schema(Vec::<dynamodb::table::KeySchema>::new()))),
        &[("too-few Table.KeySchema: 0 items are given, at least 1 is needed", "key_schema(Vec::")],
    );
    check(
        |t| drop(t.add("Table", dynamodb::Table::new().key_schema([key("a"), key("b"), key("c")]))),
        &[("too-many Table.KeySchema: 3 items are given, 2 are allowed", "key_schema([")],
    );
}

#[test]
fn items_that_must_differ_do() {
    check(
        |t| drop(t.add("Table", dynamodb::Table::new().key_schema([key("a"), key("a")]))),
        &[(
            r#"repeated-item Table.KeySchema: "{\"AttributeName\":\"a\",\"KeyType\":\"HASH\"}" stands twice, items must differ"#,
            "key_schema([",
        )],
    );
    let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    check(
        |t| drop(t.add("Role", role().managed_policy_arns([arn, arn]))),
        &[(
            r#"repeated-item Role.ManagedPolicyArns: "\"arn:aws:iam::aws:policy/ReadOnlyAccess\"" stands twice, items must differ"#,
            "managed_policy_arns([",
        )],
    );
}

#[test]
fn intrinsics_that_look_alike_may_differ_when_deployed() {
    check_legal(|t| {
        drop(t.add("Role", role().managed_policy_arns([pseudo::stack_name(), pseudo::stack_name()])));
    });
}

fn role() -> iam::Role {
    iam::Role::new().assume_role_policy_document(serde_json::json!({}))
}

#[test]
fn each_item_of_a_list_is_checked() {
    check(
        |t| drop(t.add("Role", role().managed_policy_arns(["arn:aws:iam::aws:policy/A", "ReadOnlyAccess"]))),
        &[(
            r#"pattern Role.ManagedPolicyArns[1]: "ReadOnlyAccess" does not match the pattern arn:(aws[a-zA-Z-]*)?:iam::(\d{12}|aws):policy/[a-zA-Z_0-9+=,.@\-_/]+"#,
            "managed_policy_arns([",
        )],
    );
}

#[test]
fn an_item_that_was_added_points_to_its_own_setter() {
    check(
        |t| {
            let bucket = s3::Bucket::new().lifecycle_configuration_with(|l| {
                l.add_rules(|rule| rule.status(s3::bucket::RuleStatus::Enabled).expiration_in_days(1))
                    .add_rules(|rule| rule.expiration_in_days(1).status(Value::from_node(Node::text("On"))))
            });
            t.add("Site", bucket);
        },
        &[(
            r#"not-allowed Site.LifecycleConfiguration.Rules[1].Status: "On" is none of Disabled, Enabled"#,
            "status(Value::from_node(",
        )],
    );
}

#[test]
fn null_is_not_a_value() {
    check(
        |t| drop(t.add("Site", s3::Bucket::new().bucket_name(Value::from_node(Node::Null)))),
        &[("null-value Site.BucketName: the value is null", "bucket_name(Value::from_node(Node::Null))")],
    );
}

#[test]
fn intrinsics_and_dynamic_references_are_not_judged() {
    check_legal(|t| {
        t.add("Site", s3::Bucket::new().bucket_name(intrinsic::sub("My_${AWS::Region}", [])));
        t.add("Logs", s3::Bucket::new().bucket_name(dynamic::ssm("/My_Name", Some(1))));
        t.add(
            "More",
            s3::Bucket::new().bucket_name(Value::from_node(Node::text("{{resolve:ssm:/My_Name}}"))),
        );
        t.add("Jobs", sqs::Queue::new().delay_seconds(intrinsic::import_value("delay").cast()));
        let arns = ["arn:aws:iam::aws:policy/A".into_value(), pseudo::stack_name()];
        t.add("Role", role().managed_policy_arns(arns));
    });
}

#[test]
fn a_raw_value_is_not_judged() {
    check_legal(|t| {
        t.add("Site", s3::Bucket::new().bucket_name(Value::raw("My_Bucket")));
        t.add("Jobs", sqs::Queue::new().delay_seconds(Value::raw(901)));
        t.add("Table", table().billing_mode(Value::raw("ON_DEMAND")));
        let code = lambda::function::Code::new().zip_file("x");
        t.add("Handler", lambda::Function::new().code(code).role(Value::raw("later")));
        t.add("Odd", s3::Bucket::new().tags(Value::raw(serde_json::json!([{"No": "tag"}]))));
    });
}

#[test]
fn a_broken_constraint_tells_the_way_out() {
    let mut template = Template::new();
    template.add("Site", s3::Bucket::new().bucket_name("My_Bucket"));
    let found = template.check();
    assert!(finding(&found[0]).starts_with("pattern Site.BucketName"));
    assert!(found[0].hint.as_deref().unwrap().contains("`Value::raw(…)`"));
}
