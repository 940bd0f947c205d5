//! `check(describe, expect)`: the findings about a template, each with the call in the test that it points to.

use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::Template;
use std::fs;
use std::path::Path;

/// Describes a template, checks it, and compares the findings.
///
/// A finding is written `code path: message`; the second text is what stands at its line and column, from there on.
#[track_caller]
pub(crate) fn check(describe: impl FnOnce(&mut Template), expect: &[(&str, &str)]) {
    let mut template = Template::new();
    describe(&mut template);
    let found = template.check();
    let lines: Vec<_> = found.iter().map(finding).collect();
    let wanted: Vec<_> = expect.iter().map(|(finding, _)| *finding).collect();
    assert_eq!(lines, wanted);
    for (diagnostic, (_, call)) in found.iter().zip(expect) {
        let place = place(diagnostic);
        assert!(place.starts_with(call), "{diagnostic}\nstands at: {place}\nexpected:  {call}");
    }
}

/// Describes a template in which nothing must be found.
#[track_caller]
pub(crate) fn check_legal(describe: impl FnOnce(&mut Template)) {
    check(describe, &[]);
}

/// A finding in a line, without its place in the source.
pub(crate) fn finding(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, message, .. } = diagnostic;
    match &diagnostic.path {
        Some(path) => format!("{code} {path}: {message}"),
        None => format!("{code}: {message}"),
    }
}

/// The text of the line that a finding points to, from its column on.
fn place(diagnostic: &Diagnostic) -> String {
    let Some(source) = &diagnostic.source else { return String::new() };
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(workspace.join(&source.file)).unwrap();
    let line = text.lines().nth(source.line as usize - 1).unwrap();
    line.chars().skip(source.column as usize - 1).collect()
}
