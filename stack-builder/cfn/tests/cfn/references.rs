//! References to what the template does not have, and resources that wait for each other.

use crate::expect::{check, check_legal};
use serde_json::json;
use stack_builder_cfn::{
    Attributes, LogicalId, Output, Parameter, ResourceRef, Template, Test, Value, intrinsic, lambda, pseudo,
    s3, sns, sqs,
};

/// A handle on a resource that no template of the test has, unless it says so.
fn bucket(id: &str) -> s3::BucketRef {
    s3::BucketRef::from_logical_id(LogicalId::new(id))
}

fn queue(id: &str) -> sqs::QueueRef {
    sqs::QueueRef::from_logical_id(LogicalId::new(id))
}

#[test]
fn a_reference_needs_its_resource() {
    check(
        |t| drop(t.add("Site", s3::Bucket::new().bucket_name(bucket("Other").reference()))),
        &[(
            "dangling-reference Site.BucketName: the template has no resource or parameter called `Other`",
            "bucket_name(bucket(",
        )],
    );
}

#[test]
fn an_attribute_needs_its_resource() {
    check(
        |t| drop(t.add("Site", s3::Bucket::new().bucket_name(bucket("Other").arn()))),
        &[(
            "dangling-reference Site.BucketName: the template has no resource called `Other`",
            "bucket_name(bucket(",
        )],
    );
}

#[test]
fn an_attribute_of_a_parameter_is_none() {
    check(
        |t| {
            t.parameter("Other", Parameter::string());
            t.add("Site", s3::Bucket::new().bucket_name(bucket("Other").arn()));
        },
        &[(
            "dangling-reference Site.BucketName: the template has no resource called `Other`",
            "bucket_name(bucket(",
        )],
    );
}

#[test]
fn a_sub_text_needs_what_it_names() {
    check(
        |t| {
            let name = intrinsic::sub(
                "${Gone}-${Lost.Arn}-${kept}-${!Text}-${AWS::Region}",
                [("kept", intrinsic::select(0, intrinsic::split(",", bucket("Absent").arn())))],
            );
            t.add("Site", s3::Bucket::new().bucket_name(name));
        },
        &[
            (
                "dangling-reference Site.BucketName.Fn::Sub[0]: the template has no resource or parameter called `Gone`",
                "bucket_name(name)",
            ),
            (
                "dangling-reference Site.BucketName.Fn::Sub[0]: the template has no resource called `Lost`",
                "bucket_name(name)",
            ),
            (
                r#"dangling-reference Site.BucketName.Fn::Sub[1]["kept"].Fn::Select[1].Fn::Split[1]: the template has no resource called `Absent`"#,
                "bucket_name(name)",
            ),
        ],
    );
}

#[test]
fn a_dependency_needs_its_resource() {
    check(
        |t| drop(t.add("Jobs", sqs::Queue::new().depends_on(&bucket("Other")))),
        &[(
            "dangling-reference Jobs.DependsOn: the template has no resource called `Other`",
            "sqs::Queue::new()",
        )],
    );
}

#[test]
fn a_condition_must_be_declared_wherever_it_is_asked() {
    let mut other = Template::new();
    let production = other.condition("Production", Test::equals("a", "b"));
    let missing = "the template has no condition called `Production`";
    let on = |path: &str| format!("dangling-reference {path}: {missing}");
    check(
        |t| {
            t.add("Jobs", sqs::Queue::new().only_if(&production));
            t.add("More", sqs::Queue::new().delay_seconds(intrinsic::if_else(&production, 1, 2)));
            t.output("Url", Output::new("x").only_if(&production));
            t.condition("Not", Test::holds(&production).not());
        },
        &[
            (on("Jobs.Condition").as_str(), "only_if(&production)"),
            (on("More.DelaySeconds.Fn::If[0]").as_str(), "delay_seconds(intrinsic::if_else("),
            (on("Outputs.Url.Condition").as_str(), "only_if(&production)"),
            (on("Conditions.Not.Fn::Not[0]").as_str(), r#"condition("Not""#),
        ],
    );
}

#[test]
fn a_rule_needs_its_parameters() {
    let stage = Template::new().parameter("Stage", Parameter::string());
    check(
        |t| {
            t.add("Jobs", sqs::Queue::new());
            t.rule("Known", None, Test::equals(&stage, "prod"), "production only");
        },
        &[(
            r#"dangling-reference Rules.Known["Assertions"][0]["Assert"].Fn::Equals[0]: the template has no resource or parameter called `Stage`"#,
            r#"rule("Known""#,
        )],
    );
}

#[test]
fn a_mapping_must_be_declared() {
    let sizes = Template::new().mapping("Sizes", json!({"prod": {"delay": "5"}}));
    check(
        |t| {
            t.add("Jobs", sqs::Queue::new().delay_seconds(sizes.find("prod", "delay").cast()));
        },
        &[(
            "dangling-reference Jobs.DelaySeconds.Fn::FindInMap[0]: the template has no mapping called `Sizes`",
            "delay_seconds(sizes.find(",
        )],
    );
}

#[test]
fn a_reference_within_a_nested_item_points_to_its_own_setter() {
    check(
        |t| {
            let bucket = s3::Bucket::new().notification_configuration_with(|n| {
                n.add_queue_configurations(|q| q.event("s3:ObjectCreated:*").queue(queue("Gone").arn()))
            });
            t.add("Site", bucket);
        },
        &[(
            "dangling-reference Site.NotificationConfiguration.QueueConfigurations[0].Queue: the template has no resource called `Gone`",
            r#"queue(queue("Gone").arn())"#,
        )],
    );
}

#[test]
fn an_output_and_an_attribute_beside_the_properties_are_read_too() {
    check(
        |t| {
            t.add("Jobs", sqs::Queue::new().metadata(json!({"see": {"Ref": "Gone"}})));
            t.output("Url", Output::new(queue("Lost").reference()).export(queue("Away").queue_name()));
        },
        &[
            (
                r#"dangling-reference Jobs.Metadata["see"]: the template has no resource or parameter called `Gone`"#,
                "metadata(",
            ),
            (
                r#"dangling-reference Outputs.Url.Export["Name"]: the template has no resource called `Away`"#,
                "export(",
            ),
            (
                "dangling-reference Outputs.Url.Value: the template has no resource or parameter called `Lost`",
                "Output::new(",
            ),
        ],
    );
}

#[test]
fn an_attribute_must_exist_on_the_type() {
    check(
        |t| {
            let jobs = t.add("Jobs", sqs::Queue::new());
            let length: Value<String> = jobs.attribute("Length");
            t.add("Site", s3::Bucket::new().bucket_name(length));
        },
        &[(
            "unknown-attribute Site.BucketName: `Jobs` of type AWS::SQS::Queue has no attribute `Length`",
            "bucket_name(length)",
        )],
    );
}

#[test]
fn a_custom_resource_has_the_attributes_that_it_has() {
    check_legal(|t| {
        let own = LogicalId::new("Own");
        t.insert(own.clone(), "Custom::Own", stack_builder_cfn::Definition::new());
        t.add("Site", s3::Bucket::new().bucket_name(bucket("Own").attribute::<String>("Anything")));
    });
}

#[test]
fn the_pseudo_parameters_are_always_there() {
    check_legal(|t| {
        let all = intrinsic::join(
            "-",
            [
                pseudo::account_id(),
                pseudo::partition(),
                pseudo::region(),
                pseudo::stack_id(),
                pseudo::stack_name(),
                pseudo::url_suffix(),
                pseudo::no_value(),
                intrinsic::select(0, pseudo::notification_arns()),
            ],
        );
        t.add("Site", s3::Bucket::new().bucket_name(all));
    });
}

#[test]
fn a_loop_or_a_macro_may_make_what_is_not_there() {
    check_legal(|t| {
        t.add_transform("AWS::LanguageExtensions");
        t.add("Site", s3::Bucket::new().bucket_name(bucket("Other").reference()));
    });
    check_legal(|t| {
        let body = json!({"Topic${Name}": {"Type": "AWS::SNS::Topic"}});
        t.insert_loop("Topics", intrinsic::for_each("Name", ["A", "B"], body));
        t.add("Site", s3::Bucket::new().bucket_name(bucket("TopicA").reference()));
    });
}

#[test]
fn the_hint_names_what_was_probably_meant() {
    let hint = |known: &str, meant: &str| {
        let mut template = Template::new();
        template.add(known, sns::Topic::new());
        template.add("Site", s3::Bucket::new().bucket_name(bucket(meant).reference()));
        template.check()[0].hint.clone().unwrap()
    };
    assert_eq!(hint("Logs", "logs"), "there is one called `Logs`");
    assert_eq!(hint("LogsBucket", "Logs"), "there is one called `LogsBucket`");
    assert!(hint("Jobs", "Logs").starts_with("a handle belongs to the stack that it was added to"));
}

#[test]
fn the_hint_stays_within_the_kind() {
    let mut other = Template::new();
    let production = other.condition("Production", Test::equals("a", "b"));
    let hints = |describe: &dyn Fn(&mut Template)| {
        let mut template = Template::new();
        describe(&mut template);
        template.check().into_iter().map(|found| found.hint.unwrap()).collect::<Vec<_>>()
    };
    let use_it = |t: &mut Template| drop(t.add("Jobs", sqs::Queue::new().only_if(&production)));
    let elsewhere = "a condition belongs to the stack that declares it; declare it in this stack";
    assert_eq!(hints(&|t| use_it(t)), [elsewhere]);
    assert_eq!(
        hints(&|t| {
            t.add("PRODUCTION", sns::Topic::new());
            use_it(t);
        }),
        [elsewhere]
    );
    assert_eq!(
        hints(&|t| {
            t.condition("PRODUCTION", Test::equals("a", "b"));
            use_it(t);
        }),
        ["there is one called `PRODUCTION`"]
    );
}

#[test]
fn no_resource_waits_for_itself() {
    check(
        |t| {
            t.add("Jobs", sqs::Queue::new().queue_name("a").kms_master_key_id(queue("Jobs").arn()));
        },
        &[("dependency-cycle Jobs: resources wait for each other: Jobs -> Jobs", "kms_master_key_id(")],
    );
}

#[test]
fn no_two_resources_wait_for_each_other() {
    check(
        |t| {
            t.add("A", sqs::Queue::new().kms_master_key_id(queue("B").arn()));
            t.add("B", sqs::Queue::new().depends_on(&queue("A")));
        },
        &[(
            "dependency-cycle A: resources wait for each other: A -> B -> A",
            "kms_master_key_id(queue(\"B\")",
        )],
    );
}

#[test]
fn a_cycle_is_told_along_its_whole_way() {
    check(
        |t| {
            t.add("Start", sns::Topic::new().display_name(queue("A").arn()));
            t.add("A", sqs::Queue::new().redrive_policy_with(|r| r.dead_letter_target_arn(queue("B").arn())));
            t.add("B", sqs::Queue::new().queue_name(intrinsic::sub("${C}", [])));
            t.add("C", sqs::Queue::new().depends_on(&queue("A")));
            t.add("Handler", lambda::Function::new().code_with(|c| c.zip_file("x")).role(queue("A").arn()));
        },
        &[(
            "dependency-cycle A: resources wait for each other: A -> B -> C -> A",
            "dead_letter_target_arn(queue(",
        )],
    );
}
