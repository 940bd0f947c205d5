//! The rules about the text of a file, one function each.

use super::{Finding, Source};

/// A rule's name and what it looks for; it returns line and message of each finding.
type Rule = (&'static str, fn(&Source<'_>) -> Vec<(usize, String)>);

const RULES: &[Rule] = &[
    ("opening", opening),
    ("length", length),
    ("printing", printing),
    ("whitespace", whitespace),
    ("machine-path", machine_path),
    ("allow", allow),
];

/// The longest a hand-written Rust file may be, and the file of a Lambda function's binary.
const LONGEST: usize = 400;
const LONGEST_HANDLER: usize = 30;

/// Files longer than [`LONGEST`], each with its reason.
const LONG: &[(&str, &str)] = &[];

/// All findings in one file.
pub(super) fn check(source: &Source<'_>) -> Vec<Finding> {
    let findings = RULES.iter().flat_map(|(rule, look)| {
        look(source).into_iter().map(|(line, message)| Finding {
            file: source.path.to_owned(),
            line,
            rule,
            message,
        })
    });
    findings.collect()
}

/// A reader learns from the first sentence whether to read on.
fn opening(source: &Source<'_>) -> Vec<(usize, String)> {
    let first = source.text.lines().next().unwrap_or_default();
    let opens = first.strip_prefix("//! ").is_some_and(|sentence| !sentence.trim().is_empty());
    if !source.is_rust() || opens {
        return Vec::new();
    }
    vec![(1, "no `//!` sentence on the first line; say there what the file is for".to_owned())]
}

/// One idea a file.
fn length(source: &Source<'_>) -> Vec<(usize, String)> {
    let limit = if source.is_in(&["handlers/src/bin/"]) { LONGEST_HANDLER } else { LONGEST };
    let lines = source.text.lines().count();
    let excused = LONG.iter().any(|(path, _)| *path == source.path);
    if !source.is_rust() || excused || lines <= limit {
        return Vec::new();
    }
    vec![(limit + 1, format!("{lines} lines, more than {limit}; split the file by its ideas"))]
}

/// Only the command's views and this repository's tasks talk to a person; a build script talks to cargo, and tests
/// hold whole programs in text.
fn printing(source: &Source<'_>) -> Vec<(usize, String)> {
    let talks = source.is_in(&["stack-builder/cli/src/views/", "stack-builder/xtask/"]);
    if !source.is_rust() || talks || source.path.ends_with("build.rs") || source.path.contains("/tests/") {
        return Vec::new();
    }
    let macros = ["println!(", "print!(", "eprintln!(", "eprint!("];
    let prints = source.code().filter(|(_, line)| macros.iter().any(|name| calls(line, name)));
    prints
        .map(|(line, _)| (line, "prints; return what is to be said, and let a view print it".to_owned()))
        .collect()
}

fn calls(line: &str, name: &str) -> bool {
    let before = |at: usize| line[..at].chars().next_back();
    line.match_indices(name)
        .any(|(at, _)| before(at).is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '"'))
}

/// What no reader sees and every diff shows.
fn whitespace(source: &Source<'_>) -> Vec<(usize, String)> {
    let hand_written = ["rs", "toml", "md", "sh", "py", "mjs", "js", "css", "html", "yml", "yaml", "json"];
    if !source.has_extension(&hand_written) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, line) in source.lines() {
        if line.contains('\t') {
            found.push((number, "a tab; indent with spaces".to_owned()));
        }
        if line.ends_with([' ', '\t', '\r']) {
            found.push((number, "white space at the end of the line; remove it".to_owned()));
        }
    }
    if !source.text.is_empty() && !source.text.ends_with('\n') {
        found.push((source.text.lines().count(), "no line break at the end of the file; add one".to_owned()));
    }
    found
}

/// A path that exists on one machine only.
fn machine_path(source: &Source<'_>) -> Vec<(usize, String)> {
    let roots = [concat!("/", "work/"), concat!("/", "tmp/"), concat!("/", "root/"), concat!("/", "Users/")];
    let starts =
        |line: &str, at: usize| line[..at].chars().next_back().is_none_or(|c| " \"'`(=:>".contains(c));
    let named =
        |line: &str| roots.iter().any(|root| line.match_indices(root).any(|(at, _)| starts(line, at)));
    let lines = source.lines().filter(|(_, line)| named(line));
    lines
        .map(|(line, _)| (line, "a path of one machine; make it relative or find it at run time".to_owned()))
        .collect()
}

/// A silenced lint needs a reason, and one that is no longer needed should be told.
fn allow(source: &Source<'_>) -> Vec<(usize, String)> {
    if !source.is_rust() {
        return Vec::new();
    }
    let attributes = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let starts = |line: &str| attributes.iter().any(|attribute| line.trim_start().starts_with(attribute));
    let allows = source.code().filter(|(_, line)| starts(line));
    let unexplained = allows.filter(|(number, _)| !reason_follows(source, *number));
    unexplained
        .map(|(line, _)| (line, "`allow` without a reason; write `expect(.., reason = \"..\")`".to_owned()))
        .collect()
}

/// Whether the attribute that starts on line `number` gives a reason before it ends.
fn reason_follows(source: &Source<'_>, number: usize) -> bool {
    let mut attribute = String::new();
    for line in source.text.lines().skip(number - 1) {
        attribute.push_str(line);
        if line.contains(")]") {
            break;
        }
    }
    attribute.split(")]").next().is_some_and(|inside| inside.contains("reason ="))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that `text`, as the file `path`, has exactly the findings `expect`, each `rule:line`.
    #[track_caller]
    fn check(path: &str, text: &str, expect: &[&str]) {
        let found = super::check(&Source::new(path, text));
        let shown: Vec<String> =
            found.iter().map(|finding| format!("{}:{}", finding.rule, finding.line)).collect();
        assert_eq!(shown, expect, "in {path}: {found:#?}");
    }

    #[test]
    fn a_tidy_file_has_no_finding() {
        check("a/src/lib.rs", "//! What it is for.\n\nfn main() {}\n", &[]);
    }

    #[test]
    fn a_rust_file_opens_with_a_sentence() {
        check("a.rs", "fn main() {}\n", &["opening:1"]);
        check("a.rs", "//!\n//! Late.\n", &["opening:1"]);
        check("a.toml", "a = 1\n", &[]);
    }

    #[test]
    fn a_file_has_an_end() {
        let lines = |count: usize| format!("//! Long.\n{}", "// .\n".repeat(count - 1));
        check("a.rs", &lines(400), &[]);
        check("a.rs", &lines(401), &["length:401"]);
        check("handlers/src/bin/a.rs", &lines(30), &[]);
        check("handlers/src/bin/a.rs", &lines(31), &["length:31"]);
        check("a.md", &lines(500), &[]);
    }

    #[test]
    fn only_views_and_tasks_print() {
        let text = "//! Prints.\nfn f() {\n    println!(\"x\");\n    eprintln!();\n}\n";
        check("stack-builder/deploy/src/a.rs", text, &["printing:3", "printing:4"]);
        check("stack-builder/cli/src/commands/a.rs", text, &["printing:3", "printing:4"]);
        check("stack-builder/cli/src/views/a.rs", text, &[]);
        check("stack-builder/xtask/src/a.rs", text, &[]);
        check("a/build.rs", text, &[]);
        check("a/tests/b.rs", text, &[]);
        check("a.rs", "//! Says.\n/// `println!(..)` is not for us.\nfn pretty_print!() {}\n", &[]);
    }

    #[test]
    fn white_space_is_seen() {
        check("a.md", "a \n\tb\nc", &["whitespace:1", "whitespace:2", "whitespace:3"]);
        check("a.rs", "//! A.\r\n", &[]);
    }

    #[test]
    fn paths_of_one_machine_are_seen() {
        let path = concat!("/", "tmp/x");
        check("a.rs", &format!("//! A.\nconst A: &str = \"{path}\";\n"), &["machine-path:2"]);
        check("a.md", &format!("See {path}.\n"), &["machine-path:1"]);
        check("a.md", "See target/tmp/x and https://example.org/tmp/x.\n", &[]);
    }

    #[test]
    fn a_silenced_lint_has_a_reason() {
        let allow = concat!("#[", "allow(dead_code");
        check("a.rs", &format!("//! A.\n{allow})]\nfn f() {{}}\n"), &["allow:2"]);
        check("a.rs", &format!("//! A.\n{allow}, reason = \"later\")]\nfn f() {{}}\n"), &[]);
        check("a.rs", &format!("//! A.\n{allow},\n    reason = \"later\"\n)]\nfn f() {{}}\n"), &[]);
    }
}
