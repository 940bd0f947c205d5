//! What each finding's name stands for: the pages of the rules, and of what the schema and the language forbid.

mod checks;

use crate::rule::Rule;
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
    RULES.iter().map(of_rule).chain(CHECKS.iter().map(of_check)).collect()
}

fn of_rule(rule: &Rule) -> Page {
    Page { id: rule.id, severity: rule.severity, summary: rule.summary(), text: rule.text().into() }
}

fn of_check(&(id, summary, text): &(&'static str, &'static str, &'static str)) -> Page {
    let severity = if id == "octal-number" { Severity::Warning } else { Severity::Error };
    Page { id, severity, summary, text: text.into() }
}

/// The page called `id`.
pub fn page(id: &str) -> Option<Page> {
    let rule = RULES.iter().find(|rule| rule.id == id).map(of_rule);
    rule.or_else(|| CHECKS.iter().find(|(known, ..)| *known == id).map(of_check))
}

/// The page whose name is most like `id`.
pub fn nearest_page(id: &str) -> Option<Page> {
    let ids = RULES.iter().map(|rule| rule.id).chain(CHECKS.iter().map(|(id, ..)| *id));
    page(stack_builder_cfn::nearest(id, ids)?)
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
