//! Grants: what one construct allows another to do.

use stack_builder_cfn::{IntoValue, Statement};

/// Permission to do named actions on named resources; a handle makes one, and a function takes it.
#[derive(Clone, Debug, Default)]
#[must_use = "a grant does nothing until it is given to a function"]
pub struct Grant {
    pub(crate) statements: Vec<Statement>,
}

impl Grant {
    /// Allows `actions`, such as `["sqs:SendMessage"]`, on the resource `arn`.
    pub fn allow<const N: usize>(actions: [&str; N], arn: impl IntoValue<String>) -> Self {
        Self { statements: vec![Statement::allow(actions).on(arn)] }
    }

    /// Grants what `other` grants as well.
    pub fn and(mut self, other: Self) -> Self {
        self.statements.extend(other.statements);
        self
    }
}

impl From<Statement> for Grant {
    fn from(statement: Statement) -> Self {
        Self { statements: vec![statement] }
    }
}
