//! SARIF 2.1.0, which code hosts show beside the lines of a change.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use crate::Report;
use crate::finding::Finding;
use crate::pages::{Page, page};
use serde_json::{Value, json};
use stack_builder_assembly::Severity;
use std::fmt::Write as _;

/// One document for several files, each with its name as it was given.
pub fn document(reports: &[(String, Report)]) -> Value {
    let mut ids: Vec<&str> = reports
        .iter()
        .flat_map(|(_, report)| &report.findings)
        .map(|finding| finding.rule.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let rules: Vec<Value> = ids.iter().map(|id| rule(id)).collect();
    let results: Vec<Value> = reports
        .iter()
        .flat_map(|(file, report)| report.findings.iter().map(|finding| result(file, finding, &ids)))
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "stack-builder validate",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(id: &str) -> Value {
    match page(id) {
        Some(Page { summary, text, .. }) => json!({
            "id": id,
            "shortDescription": {"text": summary},
            "help": {"text": &text, "markdown": &text},
        }),
        None => json!({"id": id}),
    }
}

fn result(file: &str, finding: &Finding, ids: &[&str]) -> Value {
    let text = match &finding.hint {
        Some(hint) => format!("{}\nhint: {hint}", finding.message),
        None => finding.message.clone(),
    };
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    json!({
        "ruleId": finding.rule,
        "ruleIndex": ids.binary_search(&finding.rule.as_str()).unwrap_or_default(),
        "level": level,
        "message": {"text": text},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(file)},
                "region": {"startLine": finding.position.line, "startColumn": finding.position.column},
            },
            "logicalLocations": [{"fullyQualifiedName": finding.path}],
        }],
    })
}

/// A path as a relative or absolute URI reference.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    path.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}
