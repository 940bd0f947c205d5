//! The name of a DynamoDB table.

use crate::ConfigError;

/// A table's own name, not its ARN, so that nobody can mistake the region.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName(String);

impl TableName {
    /// Checks the form: 3 to 255 ASCII letters, digits, `_`, `-` and `.`.
    ///
    /// # Errors
    /// [`ConfigError::TableName`] for any other text, placeholders and ARNs included.
    pub fn new(name: impl Into<String>) -> Result<Self, ConfigError> {
        let name = name.into();
        if is_table_name(&name) { Ok(Self(name)) } else { Err(ConfigError::TableName(name)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_table_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    (3..=255).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_as_they_are() {
        for name in ["abc", "captains-log-dev-sessions", "A_b.c-9", &"x".repeat(255)] {
            assert_eq!(TableName::new(name).map(|table| table.0).as_deref(), Ok(name));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/sessions";
        for name in ["", "ab", "a b", "abc\n", "${Sessions}", "täble", arn, &"x".repeat(256)] {
            assert_eq!(TableName::new(name), Err(ConfigError::TableName(name.into())));
        }
    }
}
