//! What the tests of rules stand on.

use crate::document::{Document, Language};
use crate::model::Model;
use crate::rule::Rule;
use crate::{rules, template, validate};
use stack_builder_cfn::Template;

/// Runs one rule over a YAML (or JSON) template, and compares its findings, each as `line:column message`.
#[track_caller]
pub(crate) fn check(rule: Rule, text: &str, expect: &[&str]) {
    assert_eq!(run(rule, text), expect);
}

fn run(rule: Rule, text: &str) -> Vec<String> {
    let (document, problems) = Document::read(text.as_bytes(), Language::Unknown);
    assert_eq!(problems, [], "the template of the test cannot be read");
    let document = document.expect("a template without problems is read");
    let (template, _) = Template::read(template::node(document.root()));
    let findings = rule.run(&Model::new(&document, &template)).into_iter();
    findings.map(|finding| format!("{} {}", finding.position, finding.message)).collect()
}

/// The template under a heading of a rule's page.
fn example(rule: &Rule, heading: &str) -> String {
    let page = rule.text();
    let (_, section) = page.split_once(&format!("# {heading}\n")).unwrap_or_else(|| {
        panic!("the page of `{}` has no `# {heading}`", rule.id);
    });
    let (_, fenced) = section.split_once("```yaml\n").expect("a template in a fence of yaml");
    let (template, _) = fenced.split_once("```").expect("an end of the fence");
    template.to_owned()
}

#[test]
fn every_page_shows_what_is_bad_and_what_is_good() {
    for rule in rules::RULES {
        assert!(rule.page.contains("# Why\n"), "the page of `{}` says why", rule.id);
        assert_ne!(
            run(*rule, &example(rule, "Bad")),
            [""; 0],
            "`{}` finds nothing in its bad example",
            rule.id
        );
        let good = example(rule, "Good");
        let report = validate(good.as_bytes(), Language::Yaml);
        let own =
            report.findings.iter().filter(|finding| finding.rule == rule.id || finding.rule == "unreadable");
        assert_eq!(own.collect::<Vec<_>>(), [] as [&crate::Finding; 0], "the good example of `{}`", rule.id);
    }
}

#[test]
fn rules_are_in_order_and_named_in_kebab_case() {
    assert!(rules::RULES.is_sorted_by_key(|rule| rule.id));
    for rule in rules::RULES {
        assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.id);
        assert!(!rule.summary().ends_with('.'), "the first line of `{}` is a title", rule.id);
    }
}
