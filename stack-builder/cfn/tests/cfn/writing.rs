//! What is written: every section, in which order, and the same bytes each time.

use serde_json::json;
use stack_builder_cfn::{
    Attributes, Definition, IntoValue, LogicalId, Node, Output, Parameter, RemovalPolicy, ResourceRef,
    Template, Test, Value, dynamic, intrinsic, pseudo, s3, sns, sqs,
};

fn everything() -> Template {
    let mut t = Template::new();
    t.set_description("Every section there is");
    t.set_metadata("Team", json!({"name": "web"}));
    t.add_transform("AWS::LanguageExtensions");
    let stage = t.parameter("Stage", Parameter::string().default("test").allowed_values(["test", "prod"]));
    let delay = t.parameter("Delay", Parameter::number().range(0, 900).default(5).description("in seconds"));
    let sizes = t.mapping("Sizes", json!({"prod": {"days": "30"}, "test": {"days": "1"}}));
    let production = t.condition("Production", Test::equals(&stage, "prod"));
    let home = Test::equals(pseudo::region(), "eu-central-1");
    t.rule("AtHome", Some(Test::equals(&stage, "prod")), home, "production stays at home");

    let queue = s3::bucket::QueueConfiguration::new().event("s3:ObjectCreated:*");
    let jobs = sqs::QueueRef::from_logical_id(LogicalId::new("Jobs"));
    t.add(
        "Files",
        s3::Bucket::new()
            .versioning_configuration_with(|v| v.status(s3::bucket::VersioningConfigurationStatus::Enabled))
            .notification_configuration_with(|n| n.queue_configurations([queue.queue(jobs.arn())]))
            .bucket_name(intrinsic::sub("files-${stage}", [("stage", stage)]))
            .removal_policy(RemovalPolicy::RetainExceptOnCreate)
            .only_if(&production),
    );
    let jobs = t.add(
        "Jobs",
        sqs::Queue::new()
            .message_retention_period(sizes.find("prod", "days").cast())
            .delay_seconds(intrinsic::if_else(&production, delay, 0))
            .metadata(json!({"why": "slow"})),
    );
    let topics = json!({"Topic${Name}": {"Type": "AWS::SNS::Topic"}});
    t.insert_loop("Topics", intrinsic::for_each("Name", ["A", "B"], topics));
    t.output(
        "Url",
        Output::new(jobs.reference()).description("of the queue").export("jobs").only_if(&production),
    );
    t
}

#[test]
fn every_section_is_written_in_its_place() {
    let written = serde_json::to_string_pretty(&everything()).unwrap() + "\n";
    assert_eq!(written, include_str!("every_section.json"), "{written}");
}

#[test]
fn the_same_description_gives_the_same_bytes() {
    let write = || serde_json::to_vec(&everything()).unwrap();
    assert_eq!(write(), write());
}

/// The names of the resources in the order in which they are written.
fn order(template: &Template) -> String {
    let written = serde_json::to_value(template).unwrap();
    written["Resources"].as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
}

fn topic_after(template: &mut Template, id: &str, others: &[&str]) {
    let mut topic = sns::Topic::new();
    for other in others {
        topic = topic.depends_on(&sns::TopicRef::from_logical_id(LogicalId::new(other)));
    }
    template.add(id, topic);
}

#[test]
fn a_resource_stands_below_what_it_waits_for_and_else_where_it_was_added() {
    let mut t = Template::new();
    topic_after(&mut t, "C", &[]);
    topic_after(&mut t, "B", &["D"]);
    topic_after(&mut t, "A", &[]);
    topic_after(&mut t, "D", &[]);
    assert_eq!(order(&t), "C D B A");
}

#[test]
fn every_form_of_reference_counts_for_the_order() {
    let late = sqs::QueueRef::from_logical_id(LogicalId::new("Late"));
    let forms: [Value<String>; 5] = [
        late.reference(),
        late.arn(),
        intrinsic::sub("${Late.Arn}", []),
        intrinsic::sub("${x}", [("x", intrinsic::select(0, intrinsic::split(":", late.arn())))]),
        intrinsic::join("", ["a".into_value(), late.arn()]),
    ];
    for form in forms {
        let mut t = Template::new();
        t.add("Early", sns::Topic::new().display_name(form));
        t.add("Late", sqs::Queue::new());
        assert_eq!(order(&t), "Late Early");
    }
}

#[test]
fn an_unrelated_resource_does_not_change_the_order_of_the_others() {
    let describe = |extra: bool| {
        let mut t = Template::new();
        topic_after(&mut t, "A", &["C"]);
        if extra {
            topic_after(&mut t, "Extra", &[]);
        }
        topic_after(&mut t, "B", &["A"]);
        topic_after(&mut t, "C", &[]);
        order(&t)
    };
    assert_eq!(describe(false), "C A B");
    assert_eq!(describe(true), "C A Extra B");
}

#[test]
fn a_suppression_stands_beside_other_metadata() {
    let mut t = Template::new();
    let queue = sqs::Queue::new().metadata(json!({"why": "slow"}));
    t.add("Jobs", queue.suppress("one-rule", "a reason").suppress("other-rule", "another"));
    let written = serde_json::to_value(&t).unwrap();
    let list = json!([
        {"rule": "one-rule", "reason": "a reason"},
        {"rule": "other-rule", "reason": "another"},
    ]);
    let expect = json!({"why": "slow", "stack-builder": {"suppress": list}});
    assert_eq!(written["Resources"]["Jobs"]["Metadata"], expect);
}

#[test]
fn setting_a_property_again_replaces_it_and_adding_appends() {
    let mut t = Template::new();
    let tag = |value: &str| s3::bucket::Tag::new().key("k").value(value);
    t.add(
        "Site",
        s3::Bucket::new()
            .bucket_name("first")
            .bucket_name("second")
            .tags([tag("a")])
            .add_tags(|t| t.value("b").key("k")),
    );
    let written = serde_json::to_value(&t).unwrap();
    assert_eq!(
        written["Resources"]["Site"]["Properties"],
        json!({"BucketName": "second", "Tags": [{"Key": "k", "Value": "a"}, {"Key": "k", "Value": "b"}]})
    );
}

#[track_caller]
fn check_sub(value: Value<String>, expect: serde_json::Value) {
    assert_eq!(serde_json::to_value(value.node()).unwrap(), json!({"Fn::Sub": expect}));
}

#[test]
fn sub_replaces_in_one_pass() {
    // What a variable brings is not searched again for the name of another variable.
    let inner = intrinsic::sub("${b}", []);
    check_sub(
        intrinsic::sub("${a}", [("a", inner), ("b", "no".into_value())]),
        json!(["${a}", {"a": {"Fn::Sub": "${b}"}}]),
    );
    // A text whose variables are all literals needs no function.
    let literal = intrinsic::sub("${a}", [("a", "${a}".into_value())]);
    assert_eq!(serde_json::to_value(literal.node()).unwrap(), json!("${a}"));
    check_sub(intrinsic::sub("${a}-${a}", [("a", pseudo::region())]), json!("${AWS::Region}-${AWS::Region}"));
}

#[test]
fn sub_keeps_a_variable_apart_from_a_resource_of_the_same_name() {
    let site = s3::BucketRef::from_logical_id(LogicalId::new("Site"));
    let first = intrinsic::select(0, intrinsic::split("-", pseudo::stack_name()));
    let value = intrinsic::sub("${Site}/${id}", [("Site", first), ("id", site.reference())]);
    check_sub(
        value,
        json!(["${Site}/${id}", {
            "Site": {"Fn::Select": [0, {"Fn::Split": ["-", {"Ref": "AWS::StackName"}]}]},
            "id": {"Ref": "Site"},
        }]),
    );
}

#[test]
fn sub_leaves_what_is_no_placeholder() {
    let text = "100 $ {a} ${!b} ${c";
    check_sub(
        intrinsic::sub(&format!("{text}-${{r}}"), [("r", pseudo::region())]),
        json!(format!("{text}-${{AWS::Region}}")),
    );
    let literal = intrinsic::sub(text, [("a", "x".into_value())]);
    assert_eq!(serde_json::to_value(literal.node()).unwrap(), json!("100 $ {a} ${b} ${c"));
}

#[test]
fn a_resource_without_properties_has_no_empty_section() {
    let mut t = Template::new();
    t.insert(LogicalId::new("Own"), "Custom::Own", Definition::new());
    assert_eq!(
        serde_json::to_string(&t).unwrap(),
        r#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"Own":{"Type":"Custom::Own"}}}"#
    );
}

#[test]
fn escapes_are_written_as_they_are() {
    let mut t = Template::new();
    t.add(
        "Site",
        s3::Bucket::new()
            .bucket_name(dynamic::ssm("/name", Some(3)))
            .versioning_configuration(Value::raw(json!({"Status": "Later"})))
            .access_control(Value::from_node(Node::text("None"))),
    );
    let written = serde_json::to_value(&t).unwrap();
    assert_eq!(
        written["Resources"]["Site"]["Properties"],
        json!({
            "AccessControl": "None",
            "BucketName": "{{resolve:ssm:/name:3}}",
            "VersioningConfiguration": {"Status": "Later"},
        })
    );
}
