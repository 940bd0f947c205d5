//! What the facts do not know goes on being writable: raw values, casts, attributes by name, types by name.

use stack_builder_cfn::{
    Attributes, Definition, LogicalId, Node, Output, RemovalPolicy, Resource, ResourceRef, Statement,
    Template, Value, dynamodb, intrinsic, route53, s3, sqs,
};

fn keep(resource: impl Resource) -> Definition {
    resource.into_definition()
}

fn main() {
    let mut template = Template::new();
    let bucket = template.add("Bucket", s3::Bucket::new().removal_policy(RemovalPolicy::Retain));
    let zone = template.add("Zone", route53::HostedZone::new().name("example.org"));
    let queue =
        template.add("Queue", sqs::Queue::new().depends_on(&bucket).metadata(serde_json::json!({"a": 1})));

    let _ = s3::Bucket::new().versioning_configuration(Value::raw(serde_json::json!({"Status": "Enabled"})));
    let _ = s3::Bucket::new().bucket_name(zone.name_servers().cast::<String>());
    let _ = sqs::Queue::new().delay_seconds(intrinsic::import_value("delay").cast());
    let _ = s3::Bucket::new().bucket_name(queue.attribute::<String>("NewAttribute"));
    let _ = Statement::allow(["s3:GetObject"]).on(bucket.arn()).on(bucket.reference());

    let complete: dynamodb::Table = dynamodb::Table::new()
        .add_key_schema(|key| key.key_type(dynamodb::table::KeyType::Hash).attribute_name("id"));
    let _ = keep(complete);
    template.insert(
        LogicalId::new("Own"),
        "Custom::Own",
        Definition::new()
            .with("ServiceToken", Node::text("arn:aws:lambda:eu-central-1:123456789012:function:own")),
    );
    template.output("Servers", Output::new(intrinsic::join(",", zone.name_servers())));
}
