//! Judges CloudFormation templates, ours or not: a file becomes findings, each with its place, reason and mend.
//!
//! What `cfn` checks of the templates that it describes is checked here by the same code: the template is read into
//! `cfn`'s own form. Here is what a foreign template needs beside that: positions in its text, and the rules for what
//! no schema can see, one a file in [`rules`].
//!
//! ```
//! use stack_builder_validate::{Language, validate};
//!
//! let report = validate(b"Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n", Language::Yaml);
//! assert_eq!(report.findings[0].rule, "log-group-without-retention");
//! assert_eq!(report.findings[0].position.to_string(), "2:3");
//! ```

pub mod document;
mod finding;
mod locate;
pub mod model;
mod pages;
mod rule;
pub mod rules;
pub mod sarif;
mod suppress;
mod template;
#[cfg(test)]
mod testing;

pub use document::{Language, Position};
pub use finding::{Finding, Findings};
pub use pages::{Page, nearest_page, page, pages};
pub use rule::Rule;
pub use stack_builder_cfn::escaped;

use document::{Data, Document};
use model::Model;
use rules::RULES;
use stack_builder_assembly::{Diagnostic, Severity};
use stack_builder_cfn::Template;

/// What was found in one template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The findings, in the order of the text.
    pub findings: Vec<Finding>,
    /// What could not be judged, a sentence each.
    pub unchecked: Vec<String>,
}

impl Report {
    /// How many findings weigh so much.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Judges the bytes of a template: its text, its schema, its references, its limits, and the rules.
pub fn validate(bytes: &[u8], language: Language) -> Report {
    let (document, mut findings) = Document::read(bytes, language);
    let Some(document) = document else {
        return Report { findings, unchecked: Vec::new() };
    };
    let (template, sections) = Template::read(template::node(document.root()));
    let checked = sections.into_iter().chain(template.check());
    findings.extend(checked.map(|diagnostic| located(&document, diagnostic)));
    findings.extend(run_rules(&document, &template));
    let mut findings = suppress::apply(&document, findings, |_| true);
    findings.sort_by(|a, b| (a.position, &a.rule, &a.message).cmp(&(b.position, &b.rule, &b.message)));
    findings.dedup();
    findings.iter_mut().for_each(Finding::escape);
    Report { findings, unchecked: unchecked(&template) }
}

/// Judges, by the rules alone, a template that `cfn` has checked while it was described.
pub fn apply_rules(bytes: &[u8]) -> Report {
    let (document, mut findings) = Document::read(bytes, Language::Json);
    if let Some(document) = document {
        let (template, _) = Template::read(template::node(document.root()));
        findings.extend(run_rules(&document, &template));
        let judged = |id: &str| RULES.iter().any(|rule| rule.id == id);
        findings = suppress::apply(&document, findings, judged);
    }
    findings.iter_mut().for_each(Finding::escape);
    Report { findings, unchecked: Vec::new() }
}

fn run_rules(document: &Document, template: &Template) -> Vec<Finding> {
    let model = Model::new(document, template);
    RULES.iter().flat_map(|rule| rule.run(&model)).collect()
}

const BOOLEAN: &str =
    "this is a boolean, as YAML reads `on`, `off`, `yes` and `no`; put a text into quotation marks";

/// What `cfn` found, with its place in the text.
fn located(document: &Document, diagnostic: Diagnostic) -> Finding {
    let Diagnostic { severity, code, message, path, hint, .. } = diagnostic;
    let place =
        locate::find(document, path.as_deref().unwrap_or_default()).unwrap_or_else(|| document.root());
    let finding = Finding { severity, hint, ..Finding::error(&code, message) };
    let finding = match (place.data(), &finding.hint) {
        (Data::Bool(_), None) => finding.hint(BOOLEAN),
        _ => finding,
    };
    let about_key = matches!(
        code.as_str(),
        "unknown-property" | "unknown-key" | "read-only-property" | "missing-property" | "illegal-name"
    );
    match code.as_str() {
        _ if about_key => finding.on_key(place),
        // Of what should be something else, the value is of interest, wherever it begins.
        "wrong-type" => Finding { position: place.position(), ..finding.on(place) },
        _ => finding.on(place),
    }
}

fn unchecked(template: &Template) -> Vec<String> {
    let mut said = Vec::new();
    if template.is_incomplete() {
        said.push(
            "references: a macro or loop rewrites the template before CloudFormation reads it".to_owned(),
        );
    }
    let types = template.unknown_types();
    if !types.is_empty() {
        said.push(format!("properties of {}: their schema is not known here", types.join(", ")));
    }
    said
}
