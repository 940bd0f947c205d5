//! A legal template of the common resource of every service of the `web` preset has no finding.

use crate::expect::finding;
use serde_json::json;
use stack_builder_cfn::{
    Attributes, PolicyDocument, RemovalPolicy, Statement, Template, amplify, apigateway, apigatewayv2,
    certificatemanager, cloudfront, cloudwatch, cognito, dynamodb, events, iam, intrinsic, kms, lambda, logs,
    pseudo, route53, s3, secretsmanager, sns, sqs, ssm, stepfunctions, xray,
};
use std::collections::BTreeSet;

#[test]
fn the_common_resources_of_every_web_service_are_legal() {
    let mut template = Template::new();
    storage(&mut template);
    messages(&mut template);
    compute(&mut template);
    delivery(&mut template);
    people(&mut template);
    assert_eq!(template.check().iter().map(finding).collect::<Vec<_>>(), Vec::<String>::new());

    let services: BTreeSet<_> =
        template.resources().iter().map(|resource| resource.type_name.split("::").nth(1).unwrap()).collect();
    assert_eq!(services.len(), 21, "{services:?}");
}

fn storage(t: &mut Template) {
    use dynamodb::table;
    let key = t.add(
        "Key",
        kms::Key::new().enable_key_rotation(true).key_policy(PolicyDocument::new([Statement::allow([
            "kms:*",
        ])
        .on("*")
        .principal("AWS", intrinsic::sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root", []))])),
    );
    t.add(
        "Table",
        dynamodb::Table::new()
            .billing_mode(table::BillingMode::PayPerRequest)
            .add_key_schema(|k| k.attribute_name("owner").key_type(table::KeyType::Hash))
            .add_key_schema(|k| k.attribute_name("id").key_type(table::KeyType::Range))
            .add_attribute_definitions(|a| a.attribute_name("owner").attribute_type(table::AttributeType::S))
            .add_attribute_definitions(|a| a.attribute_name("id").attribute_type(table::AttributeType::S))
            .time_to_live_specification_with(|s| s.enabled(true).attribute_name("expires"))
            .removal_policy(RemovalPolicy::Retain),
    );
    t.add(
        "Files",
        s3::Bucket::new()
            .public_access_block_configuration_with(|b| {
                b.block_public_acls(true)
                    .block_public_policy(true)
                    .ignore_public_acls(true)
                    .restrict_public_buckets(true)
            })
            .ownership_controls_with(|o| {
                o.add_rules(|r| r.object_ownership(s3::bucket::ObjectOwnership::BucketOwnerEnforced))
            })
            .versioning_configuration_with(|v| v.status(s3::bucket::VersioningConfigurationStatus::Enabled)),
    );
    t.add(
        "Secret",
        secretsmanager::Secret::new()
            .kms_key_id(key.arn())
            .generate_secret_string_with(|g| g.password_length(32)),
    );
    t.add("Setting", ssm::Parameter::new().type_(ssm::parameter::Type::String).value("on"));
}

fn messages(t: &mut Template) {
    let failed = t.add("Failed", sqs::Queue::new().message_retention_period(1_209_600));
    let jobs = t.add(
        "Jobs",
        sqs::Queue::new()
            .visibility_timeout(60)
            .redrive_policy_with(|r| r.dead_letter_target_arn(failed.arn()).max_receive_count(3)),
    );
    let topic = t.add("Topic", sns::Topic::new().topic_name("orders"));
    t.add(
        "Subscription",
        sns::Subscription::new()
            .topic_arn(topic.reference())
            .protocol(sns::subscription::Protocol::Sqs)
            .endpoint(jobs.arn()),
    );
    t.add(
        "Nightly",
        events::Rule::new()
            .schedule_expression("cron(0 3 * * ? *)")
            .add_targets(|target| target.id("jobs").arn(jobs.arn())),
    );
    t.add(
        "Backlog",
        cloudwatch::Alarm::new()
            .namespace("AWS/SQS")
            .metric_name("ApproximateNumberOfMessagesVisible")
            .add_dimensions(|d| d.name("QueueName").value(jobs.queue_url()))
            .statistic(cloudwatch::alarm::Statistic::Maximum)
            .period(300)
            .evaluation_periods(1)
            .threshold(100.0)
            .comparison_operator(cloudwatch::alarm::ComparisonOperator::GreaterThanThreshold)
            .alarm_actions([topic.reference()]),
    );
}

fn compute(t: &mut Template) {
    let role = t.add(
        "Role",
        iam::Role::new()
            .assume_role_policy_document(PolicyDocument::trusting("lambda.amazonaws.com"))
            .add_policies(|p| {
                p.policy_name("log").policy_document(PolicyDocument::new([Statement::allow([
                    "logs:CreateLogStream",
                    "logs:PutLogEvents",
                ])
                .on("*")]))
            }),
    );
    let log = t.add("Log", logs::LogGroup::new().log_group_name("/aws/lambda/list").retention_in_days(30));
    let handler = t.add(
        "List",
        lambda::Function::new()
            .runtime(lambda::function::Runtime::ProvidedAl2023)
            .handler("bootstrap")
            .architectures([lambda::function::Architecture::Arm64])
            .memory_size(256)
            .timeout(10)
            .code_with(|c| c.s3_bucket("code").s3_key("list.zip"))
            .environment_with(|e| e.variables([("STAGE", "prod")]))
            .logging_config_with(|l| l.log_group(log.reference()))
            .role(role.arn()),
    );
    let definition =
        json!({"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": true}}});
    t.add("Flow", stepfunctions::StateMachine::new().role_arn(role.arn()).definition(definition));
    t.add("Traces", xray::Group::new().group_name("errors").filter_expression("fault"));

    let api = t.add(
        "Api",
        apigatewayv2::Api::new().name("notes").protocol_type(apigatewayv2::api::ProtocolType::Http),
    );
    let integration = t.add(
        "Integration",
        apigatewayv2::Integration::new()
            .api_id(api.reference())
            .integration_type(apigatewayv2::integration::IntegrationType::AwsProxy)
            .integration_uri(handler.arn())
            .payload_format_version(apigatewayv2::integration::PayloadFormatVersion::N2_0),
    );
    let target = intrinsic::sub("integrations/${integration}", [("integration", integration.reference())]);
    t.add("Route", apigatewayv2::Route::new().api_id(api.reference()).route_key("GET /notes").target(target));
    t.add("Rest", apigateway::RestApi::new().name("notes"));
    t.add(
        "Allow",
        lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .function_name(handler.reference())
            .principal("apigateway.amazonaws.com"),
    );
}

fn delivery(t: &mut Template) {
    use cloudfront::distribution::ViewerProtocolPolicy;
    let certificate = t.add(
        "Certificate",
        certificatemanager::Certificate::new()
            .domain_name("example.org")
            .validation_method(certificatemanager::certificate::ValidationMethod::Dns),
    );
    let cdn = t.add(
        "Cdn",
        cloudfront::Distribution::new().distribution_config_with(|d| {
            d.enabled(true)
                .aliases(["example.org"])
                .add_origins(|o| {
                    o.id("site").domain_name("files.s3.amazonaws.com").s3_origin_config_with(|s| s)
                })
                .default_cache_behavior_with(|b| {
                    b.target_origin_id("site").viewer_protocol_policy(ViewerProtocolPolicy::RedirectToHttps)
                })
                .viewer_certificate_with(|v| {
                    v.acm_certificate_arn(certificate.reference())
                        .ssl_support_method(cloudfront::distribution::SslSupportMethod::SniOnly)
                })
        }),
    );
    t.add(
        "Record",
        route53::RecordSet::new()
            .name("example.org")
            .type_(route53::record_set::Type::A)
            .hosted_zone_name("example.org.")
            .alias_target_with(|a| a.dns_name(cdn.domain_name()).hosted_zone_id("Z2FDTNDATAQYW2")),
    );
    t.add("Front", amplify::App::new().name("front"));
}

fn people(t: &mut Template) {
    let users = t.add(
        "Users",
        cognito::UserPool::new()
            .username_attributes([cognito::user_pool::UsernameAttribute::Email])
            .policies_with(|p| p.password_policy_with(|p| p.minimum_length(12)))
            .user_pool_tags([("stack", pseudo::stack_name())]),
    );
    t.add("Browser", cognito::UserPoolClient::new().user_pool_id(users.reference()).generate_secret(false));
}
