//! What was found: where, how bad, why, and how to mend it.

use crate::document::{Place, Position};
use stack_builder_assembly::{Diagnostic, Severity};
use stack_builder_cfn::escaped;
use std::borrow::Cow;

/// One thing that is wrong in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whether the template must not be used.
    pub severity: Severity,
    /// Stable name of the rule in kebab case; `stack-builder validate --explain` tells more of it.
    pub rule: String,
    /// What is wrong and why, in one sentence without a full stop.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// Where it stands in the file.
    pub position: Position,
    /// Where it stands in the template: `Resources.Bucket.Properties.Rules[0].Status`; empty for the whole template.
    pub path: String,
}

impl Finding {
    /// An error of `rule` at the start of the file.
    pub(crate) fn error(rule: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            rule: rule.to_owned(),
            message: message.into(),
            hint: None,
            position: Position::START,
            path: String::new(),
        }
    }

    /// A warning of `rule` at the start of the file.
    pub(crate) fn warning(rule: &str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, message) }
    }

    /// Says where in the file.
    pub(crate) fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// Says which value: a scalar or a function is pointed to itself, a collection by its key.
    pub(crate) fn on(mut self, place: Place<'_>) -> Self {
        let collection = (place.is_map() && place.function().is_none()) || place.is_list();
        self.position = if collection { place.key_position() } else { place.position() };
        self.path = place.path();
        self
    }

    /// Points to the key of the value and not to the value.
    pub(crate) fn on_key(mut self, place: Place<'_>) -> Self {
        self.position = place.key_position();
        self.path = place.path();
        self
    }

    /// Says how to mend it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Writes out the control characters that the names of a template may hold.
    pub(crate) fn escape(&mut self) {
        for text in [&mut self.message, &mut self.path].into_iter().chain(&mut self.hint) {
            if let Cow::Owned(escaped) = escaped(text) {
                *text = escaped;
            }
        }
    }

    /// The resource or parameter in which it was found, by its logical id.
    pub fn element(&self) -> Option<&str> {
        let behind =
            ["Resources.", "Parameters."].iter().find_map(|section| self.path.strip_prefix(section))?;
        Some(behind.split(['.', '[']).next().unwrap_or(behind))
    }

    /// The same as a diagnostic of `stack`, for whoever shows it beside what synth found.
    pub fn into_diagnostic(self, stack: &str) -> Diagnostic {
        Diagnostic {
            severity: self.severity,
            code: self.rule,
            message: self.message,
            stack: Some(stack.to_owned()),
            path: Some(self.path).filter(|path| !path.is_empty()),
            source: None,
            hint: self.hint,
        }
    }
}

/// Where a rule puts what it finds.
#[derive(Debug)]
pub struct Findings<'r> {
    rule: &'r str,
    severity: Severity,
    found: Vec<Finding>,
}

impl<'r> Findings<'r> {
    pub(crate) fn of(rule: &'r str, severity: Severity) -> Self {
        Self { rule, severity, found: Vec::new() }
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.found
    }

    /// Reports `place`: a scalar is pointed to itself, a list or map by its key. The message says what is wrong and
    /// why, the hint how to mend it; both without a full stop.
    pub fn report(&mut self, place: Place<'_>, message: impl Into<String>, hint: impl Into<String>) {
        let finding = self.finding(message, hint).on(place);
        self.found.push(finding);
    }

    /// The same, but points to the key of `place`: for what should not be there, or lacks something.
    pub fn report_key(&mut self, place: Place<'_>, message: impl Into<String>, hint: impl Into<String>) {
        let finding = self.finding(message, hint).on_key(place);
        self.found.push(finding);
    }

    fn finding(&self, message: impl Into<String>, hint: impl Into<String>) -> Finding {
        Finding { severity: self.severity, ..Finding::error(self.rule, message) }.hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expect: Option<&str>) {
        let finding = Finding { path: path.to_owned(), ..Finding::error("rule", "message") };
        assert_eq!(finding.element(), expect);
    }

    #[test]
    fn a_finding_belongs_to_a_resource_or_parameter() {
        check("Resources.Table.Properties.TableName", Some("Table"));
        check("Parameters.Gate", Some("Gate"));
        check("Outputs.Url.Value", None);
        check("", None);
    }
}
