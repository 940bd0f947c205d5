//! CloudFormation as it is, typed: parameters, conditions, mappings, references and every resource type.

use stack_builder::cfn::{Output, Parameter, Test, cloudwatch, intrinsic, pseudo, sns};
use stack_builder::{App, Attributes, Stack};
use std::process::ExitCode;

fn main() -> ExitCode {
    App::new("l1-only").stack("alarms", alarms).synth()
}

fn alarms(stack: &mut Stack) {
    let address = stack.parameter(
        "Address",
        Parameter::string().default("").description("Who is told, by e-mail; nobody when empty"),
    );
    let told = stack.condition("SomebodyIsTold", Test::equals(&address, "").not());
    let thresholds = stack.mapping(
        "Thresholds",
        serde_json::json!({"aws": {"Errors": "50"}, "aws-cn": {"Errors": "5"}, "aws-us-gov": {"Errors": "5"}}),
    );

    let topic = stack.add(
        "Topic",
        sns::Topic::new()
            .display_name(intrinsic::sub("Alarms of ${stack}", [("stack", pseudo::stack_name())]))
            .kms_master_key_id("alias/aws/sns"),
    );
    stack.add(
        "Mail",
        sns::Subscription::new()
            .protocol(sns::subscription::Protocol::Email)
            .topic_arn(topic.reference())
            .endpoint(address)
            .only_if(&told),
    );
    let threshold = thresholds.find(pseudo::partition(), "Errors");
    stack.add(
        "Errors",
        cloudwatch::Alarm::new()
            .namespace("AWS/Lambda")
            .metric_name("Errors")
            .statistic(cloudwatch::alarm::Statistic::Sum)
            .period(300)
            .evaluation_periods(1)
            .comparison_operator(cloudwatch::alarm::ComparisonOperator::GreaterThanThreshold)
            // CloudFormation reads a number from the mapping's text.
            .threshold(threshold.cast())
            .alarm_actions([topic.reference()]),
    );
    stack.output_as("TopicArn", Output::new(topic.reference()).description("Where alarms go").only_if(&told));
}
