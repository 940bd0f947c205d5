//! `tidy`: the habits of the house that neither the compiler nor clippy can see.

mod direction;
mod rules;
mod source;

use crate::process::{cargo, output};
use anyhow::Context as _;
use source::Source;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Something to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    line: usize,
    rule: &'static str,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} [{}]", self.file, self.line, self.message, self.rule)
    }
}

/// Runs `cargo xtask tidy`.
pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    let root = crate::repository_root();
    let mut findings = Vec::new();
    for path in files(&root)? {
        let shown = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
        let bytes = fs::read(&path).with_context(|| format!("cannot read `{shown}`"))?;
        if let Ok(text) = String::from_utf8(bytes) {
            findings.extend(rules::check(&Source::new(&shown, &text)));
        }
    }
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]), "install Rust")?;
    findings.extend(direction::check(&serde_json::from_str(&metadata)?, &root));
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}");
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every file of the repository that a person may have written, in a fixed order.
fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !["target", ".git", "node_modules", ".stack-builder"].contains(&name.as_ref()) {
            files.extend(self::files(&path)?);
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_can_be_clicked() {
        let finding = Finding { file: "a/b.rs".into(), line: 3, rule: "tabs", message: "a tab".into() };
        assert_eq!(finding.to_string(), "a/b.rs:3: a tab [tabs]");
    }

    #[test]
    fn the_walk_sees_this_file_and_nothing_that_was_built() {
        let root = crate::repository_root();
        let files = files(&root).expect("a list");
        assert!(files.contains(&root.join("stack-builder/xtask/src/tidy/mod.rs")));
        assert!(!files.iter().any(|file| file.starts_with(root.join("target"))));
    }
}
