//! What each finding's name stands for: the pages of the rules, and of what the schema and the language forbid.

use crate::rules::RULES;
use stack_builder_assembly::Severity;

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The name in kebab case.
    pub id: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// All of it, in Markdown.
    pub text: &'static str,
}

/// What CloudFormation's language, limits and schemas forbid, by name.
const CHECKS: &[(&str, &str)] = &[
    ("dangling-reference", "A reference to something that the template does not have"),
    ("dependency-cycle", "Resources that wait for each other, so that none can be made first"),
    ("duplicate-key", "A key that stands twice in one object, so that one of its values has no effect"),
    ("function", "A function that does not exist, or whose argument has another shape"),
    ("illegal-name", "A name that is not 1 to 255 letters and digits"),
    ("missing-property", "A property that must be set and is not"),
    ("missing-section", "A template without resources"),
    ("not-allowed", "A value that is none of those that the property takes"),
    ("null-value", "A value that is null, which CloudFormation refuses"),
    ("out-of-range", "A number beyond the bounds of its property"),
    ("parameter-default", "A default that the parameter itself would refuse"),
    ("pattern", "A text that does not match the pattern of its property"),
    ("read-only-property", "An attribute that is set as if it were a property"),
    ("repeated-item", "An item that stands twice in a list whose items must differ"),
    ("required-choice", "Properties of which some belong together, or exclude each other"),
    ("suppression", "A suppression without a reason, or one that suppresses nothing"),
    ("template-limit", "A template beyond the limits of CloudFormation"),
    ("too-few", "A list or map with too few entries"),
    ("too-long", "A text that is longer than its property takes"),
    ("too-many", "A list or map with too many entries"),
    ("too-short", "A text that is shorter than its property takes"),
    ("unknown-attribute", "An attribute that the resource type does not have"),
    ("unknown-key", "A key that CloudFormation does not know in this place"),
    ("unknown-property", "A property that the resource type does not have"),
    ("unknown-tag", "A YAML tag that is no function of CloudFormation"),
    ("unknown-type", "A resource type that does not exist"),
    ("unreadable", "A file that is no JSON or YAML as CloudFormation reads it"),
    ("wrong-type", "A value of another kind than its property takes"),
];

/// Every page, rules first.
pub fn pages() -> Vec<Page> {
    let rules = RULES.iter().map(|rule| Page {
        id: rule.id,
        severity: rule.severity,
        summary: rule.summary(),
        text: rule.page,
    });
    let checks = CHECKS.iter().map(|&(id, summary)| Page {
        id,
        severity: if id == "suppression" { Severity::Warning } else { Severity::Error },
        summary,
        text: summary,
    });
    rules.chain(checks).collect()
}

/// The page called `id`.
pub fn page(id: &str) -> Option<Page> {
    pages().into_iter().find(|page| page.id == id)
}

/// The page whose name is most like `id`.
pub fn nearest_page(id: &str) -> Option<Page> {
    let near = stack_builder_cfn::nearest(id, pages().iter().map(|page| page.id))?;
    page(near)
}
