//! What was found in templates, and what the rules are.

use super::Printer;
use super::diagnostics::{line_of, render};
use super::style::{FAINT, HEADING};
use super::text::{count, findings as counted};
use anyhow::Result;
use serde_json::{Value, json};
use stack_builder_assembly::{Diagnostic, Severity, SourceLocation};
use stack_builder_validate::{Finding, Page, Report, escaped, sarif};
use std::collections::BTreeMap;
use std::path::Path;

/// A template that was judged.
#[derive(Debug)]
pub(crate) struct Judged {
    /// Its file as it was named, or `-`.
    pub(crate) file: String,
    /// Its text, where it is one.
    pub(crate) text: String,
    /// What was found.
    pub(crate) report: Report,
    /// The lines of the user's program that added its resources and parameters, where it is one of ours.
    pub(crate) sources: BTreeMap<String, SourceLocation>,
}

/// Findings that are shown to people; nobody reads more at once, and those of errors above are often the cause.
const MOST: usize = 100;

/// For people: each finding with its line, and a sum.
pub(crate) fn findings(printer: &Printer, judged: &[Judged], workspace: &Path) {
    let mut shown = 0;
    for template in judged {
        let lines: Vec<&str> = template.text.lines().collect();
        for finding in template.report.findings.iter().take(MOST - shown) {
            printer.result(block(template, finding, &lines, workspace) + "\n");
            shown += 1;
        }
    }
    let all: usize = judged.iter().map(|template| template.report.findings.len()).sum();
    if all > shown {
        let more = count(all - shown, "more finding");
        printer.result(format!("… and {more}; `--json` and `--sarif` tell them all\n"));
    }
    for template in judged {
        for what in &template.report.unchecked {
            printer.progress(format!("{FAINT}not checked{FAINT:#} in {}: {what}", template.file));
        }
    }
    printer.progress(format!("judged {}: {}", count(judged.len(), "template"), sum(judged)));
}

fn sum(judged: &[Judged]) -> String {
    let number = |severity| judged.iter().map(|template| template.report.count(severity)).sum::<usize>();
    match (number(Severity::Error), number(Severity::Warning)) {
        (0, 0) => "nothing found".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => counted(errors, warnings),
    }
}

fn block(template: &Judged, finding: &Finding, lines: &[&str], workspace: &Path) -> String {
    let source = SourceLocation {
        file: escaped(&template.file).into_owned(),
        line: finding.position.line,
        column: finding.position.column,
    };
    let diagnostic = Diagnostic {
        severity: finding.severity,
        code: finding.rule.clone(),
        message: finding.message.clone(),
        stack: None,
        path: Some(finding.path.clone()).filter(|path| !path.is_empty()),
        source: Some(source),
        hint: finding.hint.clone(),
    };
    let line = |source: &SourceLocation| lines.get(source.line as usize - 1).map(|line| visible(line));
    let mut block = render(&diagnostic, &line);
    if let Some(line) = finding.element().and_then(|id| template.sources.get(id)) {
        let code = line_of(line, workspace).unwrap_or_default();
        block += format!("\n from: {line}  {FAINT}{}{FAINT:#}", code.trim()).trim_end();
    }
    block
}

/// The line without what would move a terminal's cursor; each character keeps its column.
fn visible(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// For programs.
pub(crate) fn json(printer: &Printer, judged: &[Judged]) -> Result<()> {
    let templates: Vec<Value> = judged.iter().map(template_json).collect();
    let number = |severity| judged.iter().map(|template| template.report.count(severity)).sum::<usize>();
    printer.json(&json!({
        "templates": templates,
        "errors": number(Severity::Error),
        "warnings": number(Severity::Warning),
    }))
}

fn template_json(template: &Judged) -> Value {
    let findings: Vec<Value> = template.report.findings.iter().map(|f| finding_json(template, f)).collect();
    json!({"file": template.file, "findings": findings, "unchecked": template.report.unchecked})
}

fn finding_json(template: &Judged, finding: &Finding) -> Value {
    let source = finding.element().and_then(|id| template.sources.get(id));
    let source = source.map(|s| json!({"file": s.file, "line": s.line, "column": s.column}));
    json!({
        "rule": finding.rule,
        "severity": finding.severity.to_string(),
        "message": finding.message,
        "hint": finding.hint,
        "line": finding.position.line,
        "column": finding.position.column,
        "path": finding.path,
        "source": source,
    })
}

/// For code hosts.
pub(crate) fn sarif(printer: &Printer, judged: &[Judged]) -> Result<()> {
    let reports: Vec<_> =
        judged.iter().map(|template| (template.file.clone(), template.report.clone())).collect();
    printer.json(&sarif::document(&reports))
}

/// What is judged, a line a rule.
pub(crate) fn rules(printer: &Printer, pages: &[Page], json: bool) -> Result<()> {
    if json {
        let rules = pages.iter().map(
            |page| json!({"rule": page.id, "severity": page.severity.to_string(), "summary": page.summary}),
        );
        return printer.json(&rules.collect::<Vec<_>>());
    }
    let width = pages.iter().map(|page| page.id.len()).max().unwrap_or_default();
    for Page { id, severity, summary, .. } in pages {
        let severity = severity.to_string();
        printer.result(format!("{HEADING}{id:width$}{HEADING:#}  {severity:7}  {summary}"));
    }
    Ok(())
}

/// The page of a rule.
pub(crate) fn explain(printer: &Printer, page: &Page) {
    let text = page.text.lines().map(|line| match line.strip_prefix("# ") {
        Some(heading) => format!("{HEADING}{heading}{HEADING:#}"),
        None => line.to_owned(),
    });
    let body: Vec<_> = text.collect();
    printer.result(format!("{HEADING}{}{HEADING:#} ({})\n", page.id, page.severity));
    printer.result(body.join("\n").trim_end());
}
