//! What the elements of a template may be called, and that no two are called the same.

use crate::expect::{check, check_legal};
use serde_json::json;
use stack_builder_cfn::{Output, Parameter, Template, Test, sns, sqs};

fn with_topic(describe: impl FnOnce(&mut Template)) -> impl FnOnce(&mut Template) {
    |template| {
        template.add("Topic", sns::Topic::new());
        describe(template);
    }
}

#[test]
fn a_name_has_at_most_255_characters() {
    check_legal(|t| drop(t.add(&"N".repeat(255), sns::Topic::new())));
    let long = "N".repeat(256);
    let expect =
        format!("illegal-name {long}: the resource name `{long}` has 256 characters, 255 are allowed");
    check(|t| drop(t.add(&long, sns::Topic::new())), &[(expect.as_str(), "sns::Topic::new()")]);
}

#[test]
fn a_name_is_not_empty() {
    check(
        |t| drop(t.add("", sns::Topic::new())),
        &[("illegal-name : the resource name `` is empty", "sns::Topic::new()")],
    );
}

#[test]
fn a_name_holds_letters_and_digits_only() {
    check(
        |t| {
            t.add("My-Topic", sns::Topic::new());
            t.add("Größe", sns::Topic::new());
        },
        &[
            (
                "illegal-name My-Topic: the resource name `My-Topic` holds '-', only letters and digits are allowed",
                "sns::Topic::new()",
            ),
            (
                "illegal-name Größe: the resource name `Größe` holds 'ö', only letters and digits are allowed",
                "sns::Topic::new()",
            ),
        ],
    );
}

#[test]
fn every_kind_of_element_has_a_name() {
    check(
        with_topic(|t| {
            let stage = t.parameter("a_b", Parameter::string());
            t.output("c d", Output::new(&stage));
            t.condition("e.f", Test::equals(&stage, "prod"));
            t.condition("This&That", Test::equals(&stage, "prod"));
            t.rule("g/h", None, Test::equals(&stage, "prod"), "production only");
            t.mapping("i:j", json!({"a": {"b": "c"}}));
        }),
        &[
            (
                "illegal-name a_b: the parameter name `a_b` holds '_', only letters and digits are allowed",
                "Parameter::string()",
            ),
            (
                "illegal-name c d: the output name `c d` holds ' ', only letters and digits are allowed",
                "Output::new(&stage)",
            ),
            (
                "illegal-name e.f: the condition name `e.f` holds '.', only letters and digits are allowed",
                r#"condition("e.f""#,
            ),
            (
                "illegal-name g/h: the rule name `g/h` holds '/', only letters and digits are allowed",
                r#"rule("g/h""#,
            ),
            (
                "illegal-name i:j: the mapping name `i:j` holds ':', only letters and digits are allowed",
                r#"mapping("i:j""#,
            ),
        ],
    );
}

#[test]
fn a_resource_given_twice_points_to_the_second_and_tells_of_the_first() {
    check(
        |t| {
            t.add("Jobs", sqs::Queue::new());
            t.add("Jobs", sns::Topic::new());
        },
        &[("repeated-name Jobs: the template has two resources called `Jobs`", "sns::Topic::new());")],
    );
    let mut template = Template::new();
    let first = line!() + 1;
    template.add("Jobs", sqs::Queue::new());
    template.add("Jobs", sqs::Queue::new());
    let found = template.check();
    assert_eq!(found[0].source.as_ref().unwrap().line, first + 1);
    let hint = found[0].hint.as_deref().unwrap();
    assert!(hint.starts_with("the other one stands at "), "{hint}");
    assert!(hint.contains(&format!("names.rs:{first}:")), "{hint}");
}

#[test]
fn no_two_elements_of_a_kind_have_one_name() {
    check(
        with_topic(|t| {
            let a = t.parameter("P", Parameter::string());
            t.parameter("P", Parameter::number());
            t.mapping("M", json!({"a": {"b": "c"}}));
            t.mapping("M", json!({"a": {"b": "d"}}));
            t.condition("C", Test::equals(&a, "x"));
            t.condition("C", Test::equals(&a, "y"));
            t.rule("R", None, Test::equals(&a, "x"), "");
            t.rule("R", None, Test::equals(&a, "y"), "");
            t.output("O", Output::new("x"));
            t.output("O", Output::new("y"));
        }),
        &[
            (
                "repeated-name P: the template has two parameters called `P`",
                r#"parameter("P", Parameter::number"#,
            ),
            (
                "repeated-name M: the template has two mappings called `M`",
                r#"mapping("M", json!({"a": {"b": "d"}})"#,
            ),
            (
                "repeated-name C: the template has two conditions called `C`",
                r#"condition("C", Test::equals(&a, "y"))"#,
            ),
            (
                "repeated-name R: the template has two rules called `R`",
                r#"rule("R", None, Test::equals(&a, "y")"#,
            ),
            ("repeated-name O: the template has two outputs called `O`", r#"output("O", Output::new("y"))"#),
        ],
    );
}
