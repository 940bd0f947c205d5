//! `check(template, expect)`: the findings about a template, each as `line:column rule: message`.

use stack_builder_validate::{Language, page, validate};

/// The findings, a line each.
pub(crate) fn findings(text: &str, language: Language) -> Vec<String> {
    let report = validate(text.as_bytes(), language);
    for finding in &report.findings {
        assert!(page(&finding.rule).is_some(), "`{}` has no page", finding.rule);
    }
    report.findings.iter().map(|f| format!("{} {}: {}", f.position, f.rule, f.message)).collect()
}

/// Compares the findings about a YAML template.
#[track_caller]
pub(crate) fn check(text: &str, expect: &[&str]) {
    assert_eq!(findings(text, Language::Yaml), expect);
}

/// The same for JSON.
#[track_caller]
pub(crate) fn check_json(text: &str, expect: &[&str]) {
    assert_eq!(findings(text, Language::Json), expect);
}
