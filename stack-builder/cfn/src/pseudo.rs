//! The pseudo parameters, which CloudFormation itself fills in.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html>

use crate::node::Node;
use crate::value::{List, Value};

fn pseudo<T: ?Sized>(name: &'static str) -> Value<T> {
    Value::from_node(Node::call("Ref", Node::text(name)))
}

/// The account's twelve digits.
pub fn account_id() -> Value<String> {
    pseudo("AWS::AccountId")
}

/// The topics that receive the stack's events.
pub fn notification_arns() -> Value<List<String>> {
    pseudo("AWS::NotificationARNs")
}

/// Removes the property that it is given to, within `if_else`.
pub fn no_value<T: ?Sized>() -> Value<T> {
    pseudo("AWS::NoValue")
}

/// The partition, `aws` outside China and the government regions.
pub fn partition() -> Value<String> {
    pseudo("AWS::Partition")
}

/// The region of the stack, such as `eu-central-1`.
pub fn region() -> Value<String> {
    pseudo("AWS::Region")
}

/// The stack's ARN.
pub fn stack_id() -> Value<String> {
    pseudo("AWS::StackId")
}

/// The stack's name.
pub fn stack_name() -> Value<String> {
    pseudo("AWS::StackName")
}

/// The domain of the partition, `amazonaws.com` outside China.
pub fn url_suffix() -> Value<String> {
    pseudo("AWS::URLSuffix")
}
