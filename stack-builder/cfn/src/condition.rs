//! Conditions: named questions about parameters that switch resources, properties and outputs.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>

use crate::node::Node;
use crate::resource::LogicalId;
use crate::value::{IntoValue, List};

/// A condition that the template declares, as [`Template::condition`](crate::Template::condition) returns it.
#[derive(Clone, Debug)]
pub struct Condition(pub(crate) LogicalId);

impl Condition {
    /// Its name in the template.
    pub fn name(&self) -> &str {
        self.0.as_str()
    }
}

/// The question that a condition asks.
#[derive(Clone, Debug)]
pub struct Test(Node);

impl Test {
    /// Both strings are the same.
    pub fn equals(left: impl IntoValue<String>, right: impl IntoValue<String>) -> Self {
        Self(Node::call("Fn::Equals", Node::List(vec![left.into_node(), right.into_node()])))
    }

    /// Another condition holds.
    pub fn holds(condition: &Condition) -> Self {
        Self(Node::call("Condition", Node::text(condition.name().to_owned())))
    }

    /// This does not hold.
    #[expect(clippy::should_implement_trait, reason = "a builder method beside `and` and `or`")]
    pub fn not(self) -> Self {
        Self(Node::call("Fn::Not", Node::List(vec![self.0])))
    }

    /// This and `other` hold.
    pub fn and(self, other: Self) -> Self {
        Self(Node::call("Fn::And", Node::List(vec![self.0, other.0])))
    }

    /// This or `other` holds, or both.
    pub fn or(self, other: Self) -> Self {
        Self(Node::call("Fn::Or", Node::List(vec![self.0, other.0])))
    }

    /// `list` holds `string`; for rules only.
    pub fn contains(list: impl IntoValue<List<String>>, string: impl IntoValue<String>) -> Self {
        Self(Node::call("Fn::Contains", Node::List(vec![list.into_node(), string.into_node()])))
    }

    /// Every item of `list` equals `string`; for rules only.
    pub fn each_equals(list: impl IntoValue<List<String>>, string: impl IntoValue<String>) -> Self {
        Self(Node::call("Fn::EachMemberEquals", Node::List(vec![list.into_node(), string.into_node()])))
    }

    /// Every item of `list` is in `allowed`; for rules only.
    pub fn each_in(list: impl IntoValue<List<String>>, allowed: impl IntoValue<List<String>>) -> Self {
        Self(Node::call("Fn::EachMemberIn", Node::List(vec![list.into_node(), allowed.into_node()])))
    }

    /// The question's tree.
    pub fn into_node(self) -> Node {
        self.0
    }
}
