//! Templates with one fault each, and templates without any.
//!
//! What is expected of `tests/bad/x.yaml` stands in its lines, as `# expect: rule` at the end of each line in which
//! something is to be found; where no comment can stand, as in JSON, a file `x.expect` holds a line for each:
//! `line rule` or `line column rule`.

use stack_builder_validate::{Language, pages, rules, validate};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Something found, or to be found: the line, the column where it is told, and the rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    line: u32,
    column: Option<u32>,
    rule: String,
}

/// The templates of a folder under `tests`, by name.
fn templates(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|end| end == "json" || end == "yaml")).collect();
    files.sort();
    files
}

fn expected(file: &Path) -> Vec<Expected> {
    let neighbour = file.with_extension("expect");
    if let Ok(text) = fs::read_to_string(&neighbour) {
        return text.lines().map(|line| told(line).expect("`line rule` or `line column rule`")).collect();
    }
    let text = fs::read_to_string(file).unwrap();
    let marked =
        text.lines().zip(1..).filter_map(|(line, number)| Some((line.split_once("# expect: ")?.1, number)));
    let each = marked.flat_map(|(rules, line)| {
        rules.split(", ").map(move |rule| Expected { line, column: None, rule: rule.to_owned() })
    });
    each.collect()
}

fn told(line: &str) -> Option<Expected> {
    let words: Vec<_> = line.split_whitespace().collect();
    let (line, column, rule) = match words.as_slice() {
        [line, rule] => (line, None, rule),
        [line, column, rule] => (line, Some(column.parse().ok()?), rule),
        _ => return None,
    };
    Some(Expected { line: line.parse().ok()?, column, rule: (*rule).to_owned() })
}

fn found(file: &Path, with_columns: bool) -> Vec<Expected> {
    let bytes = fs::read(file).unwrap();
    let report = validate(&bytes, Language::of_file(&file.to_string_lossy()));
    let findings = report.findings.into_iter().map(|finding| Expected {
        line: finding.position.line,
        column: with_columns.then_some(finding.position.column),
        rule: finding.rule,
    });
    findings.collect()
}

#[test]
fn each_bad_template_is_found_at_its_line_and_nothing_else() {
    let mut wrong = Vec::new();
    for file in templates("bad") {
        let mut expected = expected(&file);
        let mut found = found(&file, expected.iter().any(|expected| expected.column.is_some()));
        expected.sort();
        found.sort();
        if expected.is_empty() || expected != found {
            wrong.push(format!("{}: expected {expected:?}, found {found:?}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_rule_and_check_has_a_bad_template() {
    let files = templates("bad");
    assert!(files.len() >= 60, "{} kinds of fault are shown", files.len());
    let covered: BTreeSet<_> =
        files.iter().flat_map(|file| expected(file)).map(|expected| expected.rule).collect();
    let known: BTreeSet<_> = pages().iter().map(|page| page.id.to_owned()).collect();
    assert_eq!(covered, known);
}

#[test]
fn each_rule_is_shown_in_both_languages() {
    for language in ["json", "yaml"] {
        let files =
            templates("bad").into_iter().filter(|file| file.extension().is_some_and(|end| end == language));
        let shown: BTreeSet<_> =
            files.flat_map(|file| expected(&file)).map(|expected| expected.rule).collect();
        let absent: Vec<_> =
            rules::RULES.iter().map(|rule| rule.id).filter(|id| !shown.contains(*id)).collect();
        assert_eq!(absent, [""; 0], "in {language}");
    }
}

#[test]
fn each_page_says_why_and_how_and_where_it_is_written() {
    for rule in rules::RULES {
        for heading in ["# Why\n", "# Bad\n", "# Good\n", "# See\n"] {
            assert!(rule.page.contains(heading), "the page of `{}` has `{heading}`", rule.id);
        }
        assert!(
            rule.page.contains("<https://docs.aws.amazon.com/"),
            "the page of `{}` names one of AWS",
            rule.id
        );
    }
}

#[test]
fn good_templates_are_silent() {
    let files = templates("good");
    assert!(files.len() >= 5, "{} good templates", files.len());
    for file in files {
        assert_eq!(found(&file, true), [], "{}", file.display());
    }
}
