//! A literal and an intrinsic go on fitting the same slot, of every type.

use stack_builder_cfn::{
    Condition, Parameter, PolicyDocument, Template, Test, Value, dynamic, dynamodb, iam, intrinsic, lambda,
    pseudo, s3, sqs,
};

fn main() {
    let mut template = Template::new();
    let stage = template.parameter("Stage", Parameter::string());
    let delay = template.parameter("Delay", Parameter::number());
    let production: Condition = template.condition("Production", Test::equals(&stage, "prod"));

    let owned = String::from("logs");
    let _ = s3::Bucket::new().bucket_name("logs");
    let _ = s3::Bucket::new().bucket_name(&owned);
    let _ = s3::Bucket::new().bucket_name(owned);
    let _ = s3::Bucket::new().bucket_name(&stage);
    let _ = s3::Bucket::new().bucket_name(stage.clone());
    let _ = s3::Bucket::new().bucket_name(intrinsic::sub("${stage}-logs", [("stage", stage)]));
    let _ = s3::Bucket::new().bucket_name(intrinsic::join("-", ["a", "b"]));
    let _ = s3::Bucket::new().bucket_name(dynamic::ssm("/name", None));

    let _ = sqs::Queue::new().delay_seconds(1u8).maximum_message_size(1024u32).visibility_timeout(30);
    let _ = sqs::Queue::new().delay_seconds(&delay).visibility_timeout(delay.clone());
    let _ = sqs::Queue::new().delay_seconds(intrinsic::if_else(&production, 10, delay));
    let _ = sqs::Queue::new().fifo_queue(true).content_based_deduplication(Value::raw(true));
    let _ = sqs::Queue::new().fifo_queue(intrinsic::if_else(&production, true, pseudo::no_value()));

    let mode = dynamodb::table::BillingMode::PayPerRequest;
    let _ = dynamodb::Table::new().billing_mode(mode);
    let _ = dynamodb::Table::new().billing_mode(intrinsic::if_else(&production, mode, pseudo::no_value()));
    let _ = lambda::Function::new().runtime(Value::raw("nodejs99.x"));

    let _ = iam::Role::new().assume_role_policy_document(PolicyDocument::trusting("lambda.amazonaws.com"));
    let _ = iam::Role::new().assume_role_policy_document(serde_json::json!({"Version": "2012-10-17"}));
}
