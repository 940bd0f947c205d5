//! IAM policy documents.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use crate::node::Node;
use crate::value::{IntoValue, Json, List, Value};

/// A policy document of version `2012-10-17`.
#[derive(Clone, Debug, Default)]
pub struct PolicyDocument {
    statements: Vec<Statement>,
}

impl PolicyDocument {
    /// A document of these statements, in this order.
    pub fn new(statements: impl IntoIterator<Item = Statement>) -> Self {
        Self { statements: statements.into_iter().collect() }
    }

    /// The trust policy that lets `service`, such as `lambda.amazonaws.com`, assume a role.
    pub fn trusting(service: &str) -> Self {
        Self::new([Statement::allow(["sts:AssumeRole"]).principal("Service", service)])
    }
}

impl IntoValue<Json> for PolicyDocument {
    fn into_node(self) -> Node {
        let statements = self.statements.into_iter().map(Statement::into_node).collect();
        Node::map([
            ("Version".to_owned(), Node::text("2012-10-17")),
            ("Statement".to_owned(), Node::List(statements)),
        ])
    }
}

/// One statement of a policy document.
#[derive(Clone, Debug)]
pub struct Statement {
    effect: &'static str,
    actions: Vec<String>,
    resources: Vec<Value<String>>,
    principals: Vec<(String, Value<String>)>,
    conditions: Vec<(String, String, Node)>,
    sid: Option<String>,
}

impl Statement {
    /// Allows these actions, such as `dynamodb:PutItem`.
    pub fn allow<A: Into<String>>(actions: impl IntoIterator<Item = A>) -> Self {
        Self::new("Allow", actions)
    }

    /// Denies these actions, whatever else allows them.
    pub fn deny<A: Into<String>>(actions: impl IntoIterator<Item = A>) -> Self {
        Self::new("Deny", actions)
    }

    fn new<A: Into<String>>(effect: &'static str, actions: impl IntoIterator<Item = A>) -> Self {
        Self {
            effect,
            actions: actions.into_iter().map(Into::into).collect(),
            resources: Vec::new(),
            principals: Vec::new(),
            conditions: Vec::new(),
            sid: None,
        }
    }

    /// On this resource too, named by its ARN.
    pub fn on(mut self, arn: impl IntoValue<String>) -> Self {
        self.resources.push(arn.into_value());
        self
    }

    /// For this principal too: `("Service", "lambda.amazonaws.com")`, `("AWS", "*")`.
    pub fn principal(mut self, kind: &str, principal: impl IntoValue<String>) -> Self {
        self.principals.push((kind.to_owned(), principal.into_value()));
        self
    }

    /// Only when `operator`, such as `StringEquals`, finds `value` under `key`.
    pub fn when(mut self, operator: &str, key: &str, value: impl IntoValue<String>) -> Self {
        self.conditions.push((operator.to_owned(), key.to_owned(), value.into_node()));
        self
    }

    /// Names the statement: letters and digits.
    pub fn sid(mut self, sid: &str) -> Self {
        self.sid = Some(sid.to_owned());
        self
    }

    fn into_node(self) -> Node {
        let mut entries = vec![
            ("Effect".to_owned(), Node::text(self.effect)),
            ("Action".to_owned(), one_or_many(self.actions)),
        ];
        entries.extend(self.sid.map(|sid| ("Sid".to_owned(), Node::text(sid))));
        if !self.resources.is_empty() {
            entries.push(("Resource".to_owned(), one_or_many(self.resources)));
        }
        if !self.principals.is_empty() {
            entries.push(("Principal".to_owned(), principals(self.principals)));
        }
        if !self.conditions.is_empty() {
            entries.push(("Condition".to_owned(), conditions(self.conditions)));
        }
        Node::map(entries)
    }
}

fn one_or_many<I: IntoValue<String>>(values: Vec<I>) -> Node {
    match IntoValue::<List<String>>::into_node(values) {
        Node::List(mut items) if items.len() == 1 => items.remove(0),
        node => node,
    }
}

fn principals(principals: Vec<(String, Value<String>)>) -> Node {
    let mut kinds = std::collections::BTreeMap::<String, Vec<Value<String>>>::new();
    for (kind, principal) in principals {
        kinds.entry(kind).or_default().push(principal);
    }
    Node::map(kinds.into_iter().map(|(kind, values)| (kind, one_or_many(values))))
}

fn conditions(conditions: Vec<(String, String, Node)>) -> Node {
    let mut operators = std::collections::BTreeMap::<String, Vec<(String, Node)>>::new();
    for (operator, key, value) in conditions {
        operators.entry(operator).or_default().push((key, value));
    }
    Node::map(operators.into_iter().map(|(operator, keys)| (operator, Node::map(keys))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_statement_is_written_as_iam_reads_it() {
        let document = PolicyDocument::new([Statement::deny(["s3:*"])
            .on("arn:aws:s3:::b")
            .on("arn:aws:s3:::b/*")
            .principal("AWS", "*")
            .when("Bool", "aws:SecureTransport", "false")
            .sid("TlsOnly")]);
        assert_eq!(
            serde_json::to_value(document.into_node()).unwrap(),
            json!({"Version": "2012-10-17", "Statement": [{
                "Sid": "TlsOnly", "Effect": "Deny", "Action": "s3:*", "Principal": {"AWS": "*"},
                "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }]})
        );
    }
}
