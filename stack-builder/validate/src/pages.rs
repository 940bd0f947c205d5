//! What each finding's name stands for: the pages of the rules, and of what the schema and the language forbid.

mod checks;

use crate::rules::RULES;
use checks::CHECKS;
use stack_builder_assembly::Severity;
use std::borrow::Cow;

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The name in kebab case.
    pub id: &'static str,
    /// How much a finding weighs.
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// All of it, in Markdown.
    pub text: Cow<'static, str>,
}

/// Every page, rules first.
pub fn pages() -> Vec<Page> {
    let rules = RULES.iter().map(|rule| Page {
        id: rule.id,
        severity: rule.severity,
        summary: rule.summary(),
        text: rule.text().into(),
    });
    let checks = CHECKS.iter().map(|&(id, summary, text)| Page {
        id,
        severity: if id == "octal-number" { Severity::Warning } else { Severity::Error },
        summary,
        text: text.into(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_begin_where_they_should() {
        for page in pages() {
            assert!(page.text.starts_with(page.summary), "{}", page.id);
            assert!(!page.text.contains("\n #") && !page.text.contains("\n ```"), "{}", page.id);
        }
        let text = page("suppression").unwrap().text;
        assert!(
            text.contains("```yaml\nMetadata:\n  stack-builder:\n    suppress:\n      - rule:"),
            "{text}"
        );
        let text = page("wildcard-grant").unwrap().text;
        assert!(text.contains("```yaml\nResources:\n  MayList:\n    Type:"), "{text}");
    }

    #[test]
    fn names_are_those_of_one_page_each() {
        let mut ids: Vec<_> = pages().iter().map(|page| page.id).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        assert!(CHECKS.is_sorted_by_key(|(id, ..)| id));
        assert_eq!(page("wrong-type").map(|page| page.severity), Some(Severity::Error));
        assert_eq!(page("suppression").map(|page| page.severity), Some(Severity::Error));
        assert_eq!(nearest_page("wrong-typ").map(|page| page.id), Some("wrong-type"));
    }
}
