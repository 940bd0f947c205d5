//! Values that were printed into a text instead of being put into it.

use crate::expect::{check, check_legal};
use serde_json::json;
use stack_builder_cfn::{Output, Parameter, Template, intrinsic, lambda, pseudo, sns, sqs};

const SAYS: &str = "the text holds a value as `{:?}` prints it, and not what it will be once it is deployed";

#[track_caller]
fn check_printed(describe: impl FnOnce(&mut Template), path: &str, call: &str) {
    check(describe, &[(&format!("printed-value {path}: {SAYS}"), call)]);
}

fn with_queue(describe: impl FnOnce(&mut Template, sqs::QueueRef)) -> impl FnOnce(&mut Template) {
    |t| {
        let queue = t.add("Queue", sqs::Queue::new());
        describe(t, queue);
    }
}

#[test]
fn a_printed_value_is_shown_where_the_text_was_set() {
    check_printed(
        with_queue(|t, queue| {
            t.output("Url", Output::new(format!("{:?}/x", queue.reference())));
        }),
        "Outputs.Url.Value",
        "Output::new(format!",
    );
    check_printed(
        with_queue(|t, queue| {
            t.add("Topic", sns::Topic::new().display_name(format!("{:#?}", queue.arn())));
        }),
        "Topic.DisplayName",
        "display_name(format!",
    );
}

#[test]
fn it_is_found_within_functions_lists_and_maps() {
    check_printed(
        with_queue(|t, queue| {
            let url = intrinsic::sub(&format!("{:?}-${{AWS::Region}}", queue.reference()), []);
            t.output("Url", Output::new(url));
        }),
        "Outputs.Url.Value.Fn::Sub",
        "Output::new(url",
    );
    check_printed(
        with_queue(|t, queue| {
            let items = [pseudo::region(), intrinsic::base64(format!("{:?}", queue.reference()))];
            t.output("Url", Output::new(intrinsic::join("-", items)));
        }),
        "Outputs.Url.Value.Fn::Join[1][1].Fn::Base64",
        "Output::new(intrinsic",
    );
    check_printed(
        with_queue(|t, queue| {
            let variables = [("URL", format!("{:?}", queue.reference()))];
            let code = lambda::function::Code::new().zip_file("exports.handler = 1");
            let function = lambda::Function::new().code(code).role("arn:aws:iam::123456789012:role/x");
            t.add("Work", function.environment_with(|environment| environment.variables(variables)));
        }),
        r#"Work.Environment.Variables["URL"]"#,
        "variables(variables)",
    );
}

#[test]
fn it_is_found_in_every_section() {
    check_printed(with_queue(|t, queue| t.set_description(format!("{queue:?}"))), "Description", "");
    check_printed(
        with_queue(|t, queue| t.set_metadata("Url", json!({"a": format!("{:?}", queue.arn())}))),
        r#"Metadata.Url["a"]"#,
        "",
    );
    check_printed(
        with_queue(|t, queue| {
            drop(t.parameter("Url", Parameter::string().default(format!("{:?}", queue.arn()))));
        }),
        "Parameters.Url.Default",
        "default(format!",
    );
    check_printed(
        with_queue(|t, queue| {
            drop(t.mapping("M", json!({"a": {"b": format!("{:?}", queue.arn())}})));
        }),
        r#"Mappings.M["a"]["b"]"#,
        r#"mapping("M""#,
    );
}

#[test]
fn a_text_that_speaks_of_values_is_none() {
    check_legal(with_queue(|t, queue| {
        t.set_description("Value of the «queue», Value{}, LogicalId(\"Queue\")");
        t.output("Url", Output::new(intrinsic::sub("${url}/x", [("url", queue.reference())])));
    }));
}
