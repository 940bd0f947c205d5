//! What the structure of a resource's properties must be, where the types were passed by.

use crate::expect::{check, check_legal};
use serde_json::json;
use stack_builder_cfn::{
    Definition, IntoValue, LogicalId, Node, Object, Template, Test, Value, cloudfront, cloudwatch, dynamodb,
    events, iam, intrinsic, lambda, pseudo, route53, s3,
};

fn insert(template: &mut Template, type_name: &'static str, definition: Definition) {
    template.insert(LogicalId::new("It"), type_name, definition);
}

#[test]
fn a_required_property_is_missing() {
    check(
        |t| {
            insert(
                t,
                "AWS::Lambda::Function",
                Definition::new().with("Role", Node::text("arn:aws:iam::123456789012:role/r")),
            );
        },
        &[("missing-property It: the required property `Code` is missing", "Definition::new()")],
    );
}

#[test]
fn a_required_property_of_a_nested_structure_is_missing() {
    check(
        |t| {
            let tag = Object::new().with("Key", Node::text("team"));
            insert(t, "AWS::S3::Bucket", Definition::new().push("Tags", Node::Object(tag)));
        },
        &[(
            "missing-property It.Tags[0]: the required property `Value` is missing",
            r#"Object::new().with("Key""#,
        )],
    );
}

#[test]
fn a_property_is_unknown() {
    check(
        |t| insert(t, "AWS::S3::Bucket", Definition::new().with("BucketNam", Node::text("logs"))),
        &[("unknown-property It.BucketNam: there is no property `BucketNam`", r#"with("BucketNam""#)],
    );
}

#[test]
fn a_property_of_a_nested_structure_is_unknown() {
    check(
        |t| {
            let versioning =
                Object::new().with("State", Node::text("Enabled")).with("Status", Node::text("Enabled"));
            insert(
                t,
                "AWS::S3::Bucket",
                Definition::new().with("VersioningConfiguration", Node::Object(versioning)),
            );
        },
        &[(
            "unknown-property It.VersioningConfiguration.State: there is no property `State`",
            r#"with("State""#,
        )],
    );
}

#[test]
fn a_type_that_is_not_known_is_not_judged() {
    check_legal(|t| insert(t, "Custom::Own", Definition::new().with("Anything", Node::Null)));
    check_legal(|t| insert(t, "AWS::Future::Thing", Definition::new().with("Anything", Node::Int(-1))));
}

fn record() -> route53::RecordSet {
    route53::RecordSet::new().name("example.org").type_(route53::record_set::Type::A)
}

#[test]
fn exactly_one_of_several() {
    check_legal(|t| drop(t.add("Record", record().hosted_zone_name("example.org."))));
    let expect = "required-choice Record: exactly one of `HostedZoneId` and `HostedZoneName` must be set";
    check(|t| drop(t.add("Record", record())), &[(expect, "route53::RecordSet::new()")]);
    check(
        |t| drop(t.add("Record", record().hosted_zone_id("Z1").hosted_zone_name("example.org."))),
        &[(expect, "route53::RecordSet::new()")],
    );
}

#[test]
fn a_reference_counts_as_set_and_a_conditional_value_may_be_absent() {
    let zone = |t: &mut Template| t.add("Zone", route53::HostedZone::new().name("example.org")).reference();
    check(
        |t| {
            let zone = zone(t);
            t.add("Record", record().hosted_zone_id(zone).hosted_zone_name("example.org."));
        },
        &[(
            "required-choice Record: exactly one of `HostedZoneId` and `HostedZoneName` must be set",
            "route53::RecordSet::new()",
        )],
    );
    check_legal(|t| {
        let zone = zone(t);
        let private = t.condition("Private", Test::equals(pseudo::region(), "eu-central-1"));
        let id = intrinsic::if_else(&private, zone, pseudo::no_value());
        let name = intrinsic::if_else(&private, pseudo::no_value(), "example.org.".into_value());
        t.add("Record", record().hosted_zone_id(id).hosted_zone_name(name));
    });
}

#[test]
fn an_alternative_must_be_whole() {
    let policy = || iam::Policy::new().policy_name("read").policy_document(json!({}));
    check_legal(|t| drop(t.add("Read", policy().roles(["reader"]))));
    check(
        |t| drop(t.add("Read", policy())),
        &[(
            "required-choice Read: one of these must be set: `Users`, or `Groups`, or `Roles`",
            "iam::Policy::new()",
        )],
    );
}

#[test]
fn at_least_one_of_several() {
    check_legal(|t| drop(t.add("Nightly", events::Rule::new().schedule_expression("rate(1 day)"))));
    check(
        |t| drop(t.add("Nightly", events::Rule::new().description("never"))),
        &[(
            "required-choice Nightly: at least one of `EventPattern` and `ScheduleExpression` must be set",
            "events::Rule::new()",
        )],
    );
}

#[test]
fn one_needs_another() {
    let key = || {
        dynamodb::Table::new().key_schema([dynamodb::table::KeySchema::new()
            .attribute_name("id")
            .key_type(dynamodb::table::KeyType::Hash)])
    };
    check(
        |t| {
            let table = key().point_in_time_recovery_specification_with(|p| p.recovery_period_in_days(7));
            t.add("Table", table);
        },
        &[(
            "required-choice Table.PointInTimeRecoverySpecification: `RecoveryPeriodInDays` needs `PointInTimeRecoveryEnabled`",
            "point_in_time_recovery_specification_with(",
        )],
    );
}

#[test]
fn one_excludes_another() {
    let alarm = || {
        cloudwatch::Alarm::new()
            .comparison_operator(cloudwatch::alarm::ComparisonOperator::GreaterThanThreshold)
            .evaluation_periods(1)
    };
    check_legal(|t| {
        drop(t.add("Alarm", alarm().metric_name("Errors").statistic(cloudwatch::alarm::Statistic::Sum)));
    });
    check(
        |t| drop(t.add("Alarm", alarm().metric_name("Errors").threshold(1.0).threshold_metric_id("m"))),
        &[
            ("required-choice Alarm: `Threshold` excludes `ThresholdMetricId`", "cloudwatch::Alarm::new()"),
            ("required-choice Alarm: `ThresholdMetricId` excludes `Threshold`", "cloudwatch::Alarm::new()"),
        ],
    );
}

#[test]
fn a_choice_within_a_nested_item_has_its_path() {
    check(
        |t| {
            let distribution = cloudfront::Distribution::new().distribution_config_with(|d| {
                d.enabled(true)
                    .default_cache_behavior_with(|b| {
                        b.target_origin_id("site")
                            .viewer_protocol_policy(cloudfront::distribution::ViewerProtocolPolicy::HttpsOnly)
                    })
                    .add_custom_error_responses(|e| e.error_code(404).response_code(200))
            });
            t.add("Cdn", distribution);
        },
        &[(
            "required-choice Cdn.DistributionConfig.CustomErrorResponses[0]: `ResponseCode` needs `ResponsePagePath`",
            "add_custom_error_responses(",
        )],
    );
}

#[test]
fn raw_json_in_the_place_of_a_structure_is_taken_as_it_is() {
    check_legal(|t| {
        let raw = json!({"Status": "Enabled", "Future": true});
        t.add("Site", s3::Bucket::new().versioning_configuration(Value::raw(raw)));
        let code = lambda::Function::new().code(Value::raw(json!({"S3Bucket": {"Ref": "Site"}})));
        t.add("Handler", code.role("arn:aws:iam::123456789012:role/r"));
    });
}
