//! Why a value cannot be baked into an edge function.

use core::fmt;

/// A setting that no edge function could work with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// The text cannot be the name of a region.
    Region(String),
    /// The text cannot be the name of a DynamoDB table.
    TableName(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(text) => write!(
                formatter,
                "`{}` is no region\nhint: write it as AWS does, such as `eu-central-1`",
                text.escape_debug()
            ),
            Self::TableName(text) => write!(
                formatter,
                "`{}` is no table name\nhint: use 3 to 255 letters, digits, `_`, `-` and `.`; an edge function needs \
                 the name itself, for it cannot look up a reference",
                text.escape_debug()
            ),
        }
    }
}

impl core::error::Error for ConfigError {}
