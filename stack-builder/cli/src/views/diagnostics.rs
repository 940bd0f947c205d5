//! What is wrong in the user's stacks, with the line of source that caused it.

use super::Printer;
use super::style::{ERROR, GUTTER, HEADING, HINT, WARNING};
use super::text::shown;
use stack_builder_assembly::{Diagnostic, Severity, SourceLocation};
use std::fs;
use std::path::Path;

/// All of them, in the order in which the description met them, a blank line between.
pub(crate) fn show(printer: &Printer, diagnostics: &[Diagnostic], workspace: &Path) {
    for diagnostic in diagnostics {
        printer.problem(render(diagnostic, &|source| line_of(source, workspace)) + "\n");
    }
}

/// The line of a file below `workspace`.
pub(super) fn line_of(source: &SourceLocation, workspace: &Path) -> Option<String> {
    let text = fs::read_to_string(workspace.join(&source.file)).ok()?;
    text.lines().nth((source.line as usize).checked_sub(1)?).map(str::to_owned)
}

/// As [`Diagnostic`] displays itself, plus colour and the line of the source, which `read` fetches.
pub(super) fn render(diagnostic: &Diagnostic, read: &dyn Fn(&SourceLocation) -> Option<String>) -> String {
    let Diagnostic { severity, code, message, stack, path, source, hint } = diagnostic;
    let style = match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    };
    let mut lines =
        vec![format!("{style}{severity}[{code}]{style:#}{HEADING}: {}{HEADING:#}", shown(message))];
    if let Some(source) = source {
        lines.push(format!("  {GUTTER}-->{GUTTER:#} {}", shown(&source.to_string())));
        lines.extend(read(source).map(|code| excerpt(source, &code)).into_iter().flatten());
    }
    let place: Vec<_> = [stack, path].into_iter().flatten().map(String::as_str).collect();
    if !place.is_empty() {
        lines.push(format!("   in: {}", shown(&place.join(": "))));
    }
    lines.extend(hint.as_ref().map(|hint| format!(" {HINT}hint{HINT:#}: {}", shown(hint))));
    lines.join("\n")
}

/// Characters of a line that are shown; more of a line that goes on for ever helps nobody.
const WIDTH: usize = 120;

/// The line with a caret under its column.
fn excerpt(source: &SourceLocation, code: &str) -> [String; 3] {
    let SourceLocation { line, column, .. } = source;
    let (code, column) = around(code.trim_end(), (*column as usize).saturating_sub(1));
    // Tabs stay tabs, so that the caret stands where the terminal puts them.
    let before = code.chars().take(column);
    let indent: String = before.map(|c| if c == '\t' { c } else { ' ' }).collect();
    let width = line.to_string().len().max(2);
    let bar = format!("{GUTTER}{:width$} |{GUTTER:#}", "");
    let caret = format!("{bar} {indent}{ERROR}^{ERROR:#}");
    [bar, format!("{GUTTER}{line:width$} |{GUTTER:#} {code}"), caret]
}

/// The part of a very long line round `column`, and where the column is in it.
fn around(code: &str, column: usize) -> (String, usize) {
    if code.chars().nth(2 * WIDTH).is_none() {
        return (code.to_owned(), column);
    }
    let skipped = column.saturating_sub(WIDTH / 2);
    let part: String = code.chars().skip(skipped).take(WIDTH).collect();
    let (start, end) = (if skipped > 0 { "…" } else { "" }, "…");
    (format!("{start}{part}{end}"), column - skipped + start.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(diagnostic: &Diagnostic, expect: &str) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("main.rs"), "fn notes() {\n\tstack.add(\"Ünïts\", x);\n}\n").unwrap();
        let plain =
            anstream::adapter::strip_str(&render(diagnostic, &|source| line_of(source, folder.path())))
                .to_string();
        assert_eq!(plain, expect);
    }

    fn at(file: &str, line: u32, column: u32) -> Diagnostic {
        let source = Some(SourceLocation { file: file.into(), line, column });
        Diagnostic { source, ..Diagnostic::error("some-rule", "something is wrong") }
    }

    #[test]
    fn the_line_and_a_caret() {
        let diagnostic = Diagnostic {
            stack: Some("notes".into()),
            ..at("main.rs", 2, 21).at("Table.Keys").hint("mend it")
        };
        let expect = "error[some-rule]: something is wrong\n  --> main.rs:2:21\n   |\n 2 | \tstack.add(\"Ünïts\", x);\n   | \t                   ^\n   in: notes: Table.Keys\n hint: mend it";
        check(&diagnostic, expect);
    }

    #[test]
    fn a_very_long_line_is_cut() {
        let line = "x".repeat(500) + "Y" + &"x".repeat(500);
        let (part, column) = around(&line, 500);
        assert_eq!(part.chars().nth(column), Some('Y'));
        assert_eq!(part.chars().count(), WIDTH + 2);
        assert_eq!(around("short", 3), ("short".to_owned(), 3));
    }

    #[test]
    fn no_file_no_line_no_source() {
        check(&at("gone.rs", 2, 1), "error[some-rule]: something is wrong\n  --> gone.rs:2:1");
        check(&at("main.rs", 99, 1), "error[some-rule]: something is wrong\n  --> main.rs:99:1");
        check(&Diagnostic::warning("w", "odd"), "warning[w]: odd");
    }
}
