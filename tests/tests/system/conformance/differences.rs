//! The list of differences for people, made of the cases.

use super::case::{Case, Suite};
use serde_json::Value;
use stack_builder_tests::repository_root;
use std::fmt::Write as _;
use std::fs;

const FILE: &str = "tests/conformance/DIFFERENCES.md";
const HEAD: &str = "# Where others differ from AWS\n\nMade of the cases in this folder by `UPDATE=1 cargo test -p \
    stack-builder-tests --test system the_list_of_differences`. Each row is decided by the page of AWS's documentation at \
    its end, and asserted: the side is held to what it does, and the test fails on the day it does as AWS documents. Where \
    a side has no row, it does what AWS documents in every case.\n";

/// Expects that the list says what the cases say; `UPDATE=1` writes it.
#[track_caller]
pub(super) fn are_listed(suite: &Suite) {
    let (made, path) = (rendered(suite), repository_root().join(FILE));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).unwrap_or_else(|error| panic!("cannot write `{FILE}`: {error}"));
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == made, "`{FILE}` is not what the cases say\nhint: run this test with `UPDATE=1`");
}

fn rendered(suite: &Suite) -> String {
    let mut page = HEAD.to_owned();
    for (side, title) in [("local", "`stack-builder local`"), ("emulator", "The emulator")] {
        let _ = writeln!(page, "\n## {title}\n\n| about | case | what it does | AWS | it | decided by |");
        page.push_str("|---|---|---|---|---|---|\n");
        for questions in &suite.files {
            for case in questions.cases.iter().filter(|case| !case.get(side).is_null()) {
                let _ = writeln!(page, "| {} | {} |", questions.name, row(case, case.get(side)));
            }
        }
    }
    page
}

#[track_caller]
fn row(case: &Case, other: &Value) -> String {
    let why = other["why"].as_str().unwrap_or_else(|| panic!("no `why` in `{}`", case.name()));
    let page = case.text("aws");
    assert!(
        page.starts_with("https://docs.aws.amazon.com/"),
        "`{}` names no page of AWS in `aws`",
        case.name()
    );
    let cell = |value: &Value| format!("`{}`", value.to_string().replace('|', "\\|"));
    let (aws, it) = (cell(case.get("expect")), cell(&other["does"]));
    format!("{} | {why} | {aws} | {it} | <{page}>", case.name())
}
