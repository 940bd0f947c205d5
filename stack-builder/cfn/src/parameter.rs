//! Parameters: what a deployment is told from outside.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use crate::node::{Node, Object};
use crate::value::{IntoValue, List};
use std::marker::PhantomData;

/// The declaration of a parameter whose references are of type `T`.
#[derive(Debug)]
pub struct Parameter<T: ?Sized> {
    pub(crate) properties: Object,
    of: PhantomData<fn() -> T>,
}

impl Parameter<String> {
    /// `String`.
    #[track_caller]
    pub fn string() -> Self {
        Self::of_type("String")
    }

    /// The name of a Systems Manager parameter whose newest value is used.
    #[track_caller]
    pub fn ssm() -> Self {
        Self::of_type("AWS::SSM::Parameter::Value<String>")
    }

    /// A type of its own, such as `AWS::EC2::VPC::Id`.
    #[track_caller]
    pub fn aws(type_name: &'static str) -> Self {
        Self::of_type(type_name)
    }
}

impl Parameter<i64> {
    /// `Number`.
    #[track_caller]
    pub fn number() -> Self {
        Self::of_type("Number")
    }
}

impl Parameter<List<String>> {
    /// `CommaDelimitedList`.
    #[track_caller]
    pub fn list() -> Self {
        Self::of_type("CommaDelimitedList")
    }
}

impl<T: ?Sized> Parameter<T> {
    #[track_caller]
    fn of_type(type_name: &'static str) -> Self {
        Self { properties: Object::new().with("Type", Node::text(type_name)), of: PhantomData }
    }

    #[track_caller]
    fn with(mut self, key: &'static str, node: Node) -> Self {
        self.properties.set(key, node);
        self
    }

    /// The value when a deployment names none. A list's default is comma-delimited text.
    #[track_caller]
    pub fn default(self, value: impl std::fmt::Display) -> Self {
        self.with("Default", Node::text(value.to_string()))
    }

    /// What it is for, at most 4,000 characters.
    #[track_caller]
    pub fn description(self, text: &str) -> Self {
        self.with("Description", text.into_node())
    }

    /// The only values that it takes.
    #[track_caller]
    pub fn allowed_values<const N: usize>(self, values: [&str; N]) -> Self {
        self.with("AllowedValues", IntoValue::<List<String>>::into_node(values))
    }

    /// The regular expression that it must match as a whole.
    #[track_caller]
    pub fn allowed_pattern(self, pattern: &str) -> Self {
        self.with("AllowedPattern", pattern.into_node())
    }

    /// What CloudFormation says when the value breaks a constraint.
    #[track_caller]
    pub fn constraint_description(self, text: &str) -> Self {
        self.with("ConstraintDescription", text.into_node())
    }

    /// The fewest and the most characters.
    #[track_caller]
    pub fn length(self, least: u32, most: u32) -> Self {
        self.with("MinLength", Node::Int(least.into())).with("MaxLength", Node::Int(most.into()))
    }

    /// The least and the greatest number.
    #[track_caller]
    pub fn range(self, least: i64, greatest: i64) -> Self {
        self.with("MinValue", Node::Int(least)).with("MaxValue", Node::Int(greatest))
    }

    /// Masks the value wherever CloudFormation would show it. A secret is better read by a
    /// [dynamic reference](crate::dynamic).
    #[track_caller]
    pub fn no_echo(self) -> Self {
        self.with("NoEcho", Node::Bool(true))
    }
}
