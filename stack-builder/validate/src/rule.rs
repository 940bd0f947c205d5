//! What a rule is, and how one is declared.

use crate::finding::{Finding, Findings};
use crate::model::Model;
use stack_builder_assembly::Severity;

/// A rule: what it is called, what its page says, and how it looks at a template.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Stable name in kebab case.
    pub id: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// Its page as the doc comment has it: a line that sums it up, then `# Why`, `# Bad` and `# Good`. See
    /// [`text`](Self::text).
    pub page: &'static str,
    pub(crate) check: fn(&Model<'_>, &mut Findings<'_>),
}

impl Rule {
    /// The first line of the page.
    pub fn summary(&self) -> &'static str {
        self.page.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
    }

    /// The page without the blank that a doc comment has before each of its lines.
    pub fn text(&self) -> String {
        let lines = self.page.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.fold(String::new(), |text, line| text + line + "\n")
    }

    pub(crate) fn run(&self, model: &Model<'_>) -> Vec<Finding> {
        let mut findings = Findings::of(self.id, self.severity);
        (self.check)(model, &mut findings);
        findings.into_vec()
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rule").field("id", &self.id).field("severity", &self.severity).finish_non_exhaustive()
    }
}

/// Declares the rule of a file: its doc comment is its page.
///
/// ```text
/// rule! {
///     /// A parameter that nothing refers to
///     ///
///     /// # Why
///     /// …
///     "unused-parameter", Warning, check
/// }
/// ```
macro_rules! rule {
    ($(#[doc = $line:literal])+ $id:literal, $severity:ident, $check:path) => {
        $(#[doc = $line])+
        pub(super) const RULE: $crate::rule::Rule = $crate::rule::Rule {
            id: $id,
            severity: stack_builder_assembly::Severity::$severity,
            page: concat!($($line, "\n"),+),
            check: $check,
        };
    };
}
pub(crate) use rule;
