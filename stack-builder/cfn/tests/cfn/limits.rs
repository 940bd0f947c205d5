//! How much a template may hold, at the last legal value and one above it.

use crate::expect::{check, finding};
use serde_json::json;
use stack_builder_cfn::{Output, Parameter, Template, apigateway, intrinsic, sns};

/// Builds with `most` and with one more: the first is legal, the second has the finding `expect` and no other.
#[track_caller]
fn check_limit(most: usize, build: impl Fn(&mut Template, usize), expect: &str) {
    let findings = |count| {
        let mut template = Template::new();
        build(&mut template, count);
        template.check().iter().map(finding).collect::<Vec<_>>()
    };
    assert_eq!(findings(most), Vec::<String>::new());
    assert_eq!(findings(most + 1), [expect]);
}

fn topics(template: &mut Template, count: usize) {
    for number in 0..count {
        template.add(&format!("Topic{number}"), sns::Topic::new());
    }
}

#[test]
fn resources() {
    check_limit(500, topics, "template-limit: the template has 501 resources, 500 are allowed");
}

#[test]
fn parameters() {
    check_limit(
        200,
        |template, count| {
            topics(template, 1);
            for number in 0..count {
                template.parameter(&format!("P{number}"), Parameter::string());
            }
        },
        "template-limit: the template has 201 parameters, 200 are allowed",
    );
}

#[test]
fn outputs() {
    check_limit(
        200,
        |template, count| {
            topics(template, 1);
            for number in 0..count {
                template.output(&format!("O{number}"), Output::new("value"));
            }
        },
        "template-limit: the template has 201 outputs, 200 are allowed",
    );
}

#[test]
fn mappings() {
    check_limit(
        200,
        |template, count| {
            topics(template, 1);
            for number in 0..count {
                template.mapping(&format!("M{number}"), json!({"a": {"b": "c"}}));
            }
        },
        "template-limit: the template has 201 mappings, 200 are allowed",
    );
}

#[test]
fn the_description_in_bytes() {
    check_limit(
        1_022,
        |template, count| {
            topics(template, 1);
            template.set_description(format!("{}ü", "a".repeat(count)));
        },
        "template-limit: the template has 1025 bytes of description, 1024 are allowed",
    );
}

#[test]
fn the_whole_template_in_bytes() {
    let build = |template: &mut Template, size: usize| {
        topics(template, 1);
        template.set_metadata("Filling", json!(""));
        let rest = size - serde_json::to_string(template).unwrap().len();
        template.set_metadata("Filling", json!("x".repeat(rest)));
    };
    check_limit(
        1_000_000,
        build,
        "template-limit: the template has 1000001 bytes without white space, 1000000 are allowed",
    );
}

#[test]
fn one_resource_alone_can_be_too_large() {
    check(
        |t| drop(t.add("Api", apigateway::RestApi::new().body(json!({"info": "x".repeat(1_000_000)})))),
        &[("template-limit: the template has 1000131 bytes without white space, 1000000 are allowed", "")],
    );
}

#[test]
fn a_template_needs_a_resource() {
    check(
        |t| t.output("Nothing", Output::new("value")),
        &[("template-limit: the template has no resource, and CloudFormation refuses such a template", "")],
    );
}

#[test]
fn every_limit_says_what_to_do() {
    let mut template = Template::new();
    topics(&mut template, 501);
    assert_eq!(template.check()[0].hint.as_deref(), Some("split the stack in two"));
}

#[test]
fn what_xml_cannot_carry() {
    check(
        |t| {
            t.add("News", sns::Topic::new().display_name("line\n\u{1b}[31mred"));
            t.output("Evil", Output::new("\u{7}"));
        },
        &[
            (
                "control-character Outputs.Evil.Value: the text holds U+0007, a character that XML cannot carry",
                "Output::new(",
            ),
            (
                "control-character News.DisplayName: the text holds U+001B, a character that XML cannot carry",
                "display_name(",
            ),
        ],
    );
    check(
        |t| {
            t.set_description("a\0");
            t.add("News", sns::Topic::new().display_name("tab\tline\r\n"));
        },
        &[("control-character Description: the text holds U+0000, a character that XML cannot carry", "")],
    );
}

#[test]
fn a_placeholder_has_an_end_and_a_name() {
    check(
        |t| {
            t.add("A", sns::Topic::new().topic_name(intrinsic::sub("${AWS::Region}-${", [])));
            t.add("B", sns::Topic::new().topic_name(intrinsic::sub("${}", [])));
        },
        &[
            ("function A.TopicName: a `${` in the text of `Fn::Sub` has no `}`", "topic_name("),
            ("function B.TopicName: `${}` in the text of `Fn::Sub` names nothing", "topic_name("),
        ],
    );
}

#[test]
fn a_long_cycle_is_shortened() {
    let mut template = Template::new();
    for n in 0..400 {
        let next = intrinsic::sub(&format!("${{T{}}}", (n + 1) % 400), []);
        template.add(&format!("T{n}"), sns::Topic::new().display_name(next));
    }
    let found: Vec<_> = template.check().iter().map(finding).collect();
    let expect = "dependency-cycle T0: resources wait for each other: T0 -> T1 -> T2 -> T3 -> … 393 more … -> T397 -> T398 -> T399 -> T0";
    assert_eq!(found, [expect]);
}
