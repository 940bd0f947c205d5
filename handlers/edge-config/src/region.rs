//! The name of an AWS region.

use crate::ConfigError;

/// A region's name, such as `eu-central-1`. Its form is checked, not whether AWS has opened it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// Checks the form: lower-case words joined by hyphens, the last one a number.
    ///
    /// # Errors
    /// [`ConfigError::Region`] for any other text, placeholders and ARNs included.
    pub fn new(name: impl Into<String>) -> Result<Self, ConfigError> {
        let name = name.into();
        if is_region(&name) { Ok(Self(name)) } else { Err(ConfigError::Region(name)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_region(name: &str) -> bool {
    let words: Vec<_> = name.split('-').collect();
    let Some((number, words)) = words.split_last() else { return false };
    let is = |text: &str, kind: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(kind);
    name.len() <= 32
        && words.len() >= 2
        && words.iter().all(|word| is(word, u8::is_ascii_lowercase))
        && is(number, u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_every_partition_are_taken() {
        for name in ["us-east-1", "eu-central-1", "ap-southeast-5", "cn-northwest-1", "us-gov-west-1"] {
            assert_eq!(Region::new(name).map(|region| region.0).as_deref(), Ok(name));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let long = format!("{}-a-1", "a".repeat(40));
        for name in [
            "",
            "-",
            "--1",
            "us",
            "us-1",
            "us-east-",
            "us-east-1a",
            "US-EAST-1",
            "us-east-1\n",
            "${AWS::Region}",
            &long,
        ] {
            assert_eq!(Region::new(name), Err(ConfigError::Region(name.into())));
        }
    }
}
