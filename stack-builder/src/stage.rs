//! Stages: one description, deployed several times.

use std::fmt;

/// A deployment of the application beside its others: `dev`, `prod`, a branch, a person.
///
/// The stage is part of each CloudFormation stack's name, so stages never meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage(String);

impl Stage {
    /// The stage `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether real users depend on it: `prod` and `production`, and no other.
    pub fn is_production(&self) -> bool {
        matches!(self.name(), "prod" | "production")
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
