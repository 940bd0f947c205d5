//! The settings a function is deployed with, checked before the first request.

use std::env;

/// Why a function cannot start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StartUpError {
    /// Environment variables that the function needs are unset or empty.
    #[error("the environment lacks {}\nhint: set it among the function's environment variables", list(.0))]
    Missing(Vec<&'static str>),
    /// An entry of `ALLOWED_ORIGINS` that no browser would ever send as its origin.
    #[error(
        "`{0}` in `ALLOWED_ORIGINS` is not an origin\nhint: write `https://host` or `http://host:port`, in lower case and without a path"
    )]
    NotAnOrigin(String),
    /// An environment variable holds something that the function cannot use: its name, and what it must be.
    #[error("`{0}` {1}\nhint: change it among the function's environment variables")]
    Unusable(&'static str, &'static str),
    /// Neither the environment nor a profile names a region.
    #[error("no AWS region is configured\nhint: Lambda sets `AWS_REGION`; set it yourself elsewhere")]
    NoRegion,
}

/// The values of these environment variables, in this order.
pub(crate) fn required<const N: usize>(names: [&'static str; N]) -> Result<[String; N], StartUpError> {
    required_from(names, |name| env::var(name).ok())
}

/// The value of this environment variable, empty when it is unset.
pub(crate) fn optional(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn required_from<const N: usize>(
    names: [&'static str; N],
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<[String; N], StartUpError> {
    let values = names.map(|name| lookup(name).unwrap_or_default());
    let empty = names.into_iter().zip(&values).filter(|(_, value)| value.trim().is_empty());
    let missing: Vec<_> = empty.map(|(name, _)| name).collect();
    if missing.is_empty() { Ok(values) } else { Err(StartUpError::Missing(missing)) }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_missing_names_are_told() {
        let lookup = |name: &str| (name == "B").then(|| " ".to_owned());
        let error = required_from(["A", "B"], lookup).unwrap_err();
        assert_eq!(error, StartUpError::Missing(vec!["A", "B"]));
        assert!(error.to_string().starts_with("the environment lacks `A`, `B`\nhint: "), "{error}");
    }

    #[test]
    fn values_come_in_the_order_asked() {
        assert_eq!(required_from(["B", "A"], |name| Some(name.to_lowercase())).unwrap(), ["b", "a"]);
    }
}
