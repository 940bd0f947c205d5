//! Diagnostics: what is wrong in a user's stack, where, and how to mend it.

use std::fmt;

/// One finding. Its [`Display`](fmt::Display) is the plain text that both sides show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Diagnostic {
    /// Whether synth must stop.
    pub severity: Severity,
    /// Stable name in kebab case, such as `dangling-reference`.
    pub code: String,
    /// What happened, in one sentence without a full stop.
    pub message: String,
    /// The stack it was found in.
    #[cfg_attr(feature = "read", serde(default))]
    pub stack: Option<String>,
    /// The element of the template: `Bucket.LifecycleConfiguration.Rules[0].Status`.
    #[cfg_attr(feature = "read", serde(default))]
    pub path: Option<String>,
    /// The line of the user's own source that caused it.
    #[cfg_attr(feature = "read", serde(default))]
    pub source: Option<SourceLocation>,
    /// What to do next.
    #[cfg_attr(feature = "read", serde(default))]
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error of kind `code`.
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: code.to_owned(),
            message: message.into(),
            stack: None,
            path: None,
            source: None,
            hint: None,
        }
    }

    /// A warning of kind `code`.
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Says where in the template.
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says where in the user's source.
    pub fn caused_by(mut self, location: &std::panic::Location<'_>) -> Self {
        self.source = Some(location.into());
        self
    }

    /// Says what to do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: {}", self.severity, self.code, self.message)?;
        if let Some(source) = &self.source {
            write!(f, "\n  --> {source}")?;
        }
        match (&self.stack, &self.path) {
            (Some(stack), Some(path)) => write!(f, "\n   in: {stack}: {path}")?,
            (Some(place), None) | (None, Some(place)) => write!(f, "\n   in: {place}")?,
            (None, None) => {}
        }
        match &self.hint {
            Some(hint) => write!(f, "\n hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Severity {
    /// The template must not be used.
    Error,
    /// The template works, but probably not as meant.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// A place in the user's source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
pub struct SourceLocation {
    /// Path as the compiler was given it, relative to the workspace for a workspace member.
    pub file: String,
    /// Line, counted from one.
    pub line: u32,
    /// Column, counted from one.
    pub column: u32,
}

impl From<&std::panic::Location<'_>> for SourceLocation {
    fn from(location: &std::panic::Location<'_>) -> Self {
        Self { file: location.file().to_owned(), line: location.line(), column: location.column() }
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
