//! Dynamic references: values that CloudFormation reads while it deploys, so that no template holds them.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>

use crate::node::Node;
use crate::value::Value;

fn resolve(reference: &str) -> Value<String> {
    Value::from_node(Node::Unchecked(Box::new(Node::text(format!("{{{{resolve:{reference}}}}}")))))
}

/// A plain parameter of the Systems Manager parameter store, the newest version where `version` is `None`.
pub fn ssm(name: &str, version: Option<u32>) -> Value<String> {
    resolve(&versioned("ssm", name, version))
}

/// A secure parameter of the parameter store; only a few properties accept it.
pub fn ssm_secure(name: &str, version: Option<u32>) -> Value<String> {
    resolve(&versioned("ssm-secure", name, version))
}

/// The string of a secret, or the field `json_key` of one that holds a JSON object.
pub fn secret(id: &str, json_key: Option<&str>) -> Value<String> {
    resolve(&match json_key {
        Some(key) => format!("secretsmanager:{id}:SecretString:{key}"),
        None => format!("secretsmanager:{id}"),
    })
}

fn versioned(service: &str, name: &str, version: Option<u32>) -> String {
    match version {
        Some(version) => format!("{service}:{name}:{version}"),
        None => format!("{service}:{name}"),
    }
}
