//! A DynamoDB that gives one answer and keeps what it was asked.

use crate::stub::{Answer, Asked, serve};
use aws_sdk_dynamodb::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use serde_json::{Value, json};
use std::sync::mpsc::Receiver;

/// How DynamoDB marks its answers.
pub(crate) const JSON: &[(&str, &str)] = &[("content-type", "application/x-amz-json-1.0")];

/// A client whose one request gets this answer.
pub(crate) fn dynamodb(status: u16, body: &Value) -> (Client, Receiver<Asked>) {
    let (address, asked) = serve(vec![Answer(status, JSON, body.to_string())]);
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(format!("http://{address}"));
    (Client::from_conf(config.build()), asked)
}

/// The answer to a write whose condition does not hold.
pub(crate) fn condition_failed() -> Value {
    json!({"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "x"})
}

/// The answer to a request that the function's role does not allow.
pub(crate) fn access_denied() -> Value {
    json!({"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "not for you"})
}

/// The operation that was asked for, in lower case.
pub(crate) fn operation(asked: &Asked) -> &str {
    let header =
        asked.headers.iter().find_map(|header| header.strip_prefix("x-amz-target: dynamodb_20120810."));
    header.unwrap()
}
