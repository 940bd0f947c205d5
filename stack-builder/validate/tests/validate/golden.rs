//! Our own templates: nothing is found in them.

use stack_builder_validate::{Language, validate};
use std::fs;
use std::path::{Path, PathBuf};

fn templates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            templates(&entry, found);
        } else if entry.to_string_lossy().ends_with(".template.json") {
            found.push(entry);
        }
    }
}

#[test]
fn every_golden_template_is_silent() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut files = Vec::new();
    templates(&root, &mut files);
    files.sort();
    assert!(files.len() >= 4, "the golden templates are there");
    let mut said = Vec::new();
    for file in files {
        let report = validate(&fs::read(&file).unwrap(), Language::Json);
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        let findings = report.findings.iter();
        said.extend(findings.map(|f| format!("{name}:{} {}: {}", f.position, f.rule, f.message)));
        said.extend(report.unchecked.iter().map(|what| format!("{name}: not checked: {what}")));
    }
    assert_eq!(said, [""; 0], "{said:#?}");
}
