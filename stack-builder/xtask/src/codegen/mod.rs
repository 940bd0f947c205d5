//! `codegen`: the facts about CloudFormation's resource types, refreshed from pinned public sources.

mod census;
mod constraints;
mod features;
mod files;
mod kinds;
mod names;
mod overlay;
mod pins;
mod readonly;
mod report;
mod resource;
mod rules;
mod schema;
mod source;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

/// Whether to refresh what is checked in, or only to say whether it is fresh.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mode {
    Write,
    Check,
}

/// What was typed after `codegen`.
#[derive(Debug, PartialEq)]
struct Options {
    mode: Mode,
    report: Option<PathBuf>,
}

/// Runs `cargo xtask codegen [--check] [--report FILE]`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let options = options(arguments)?;
    let root = crate::repository_root();
    let crate_folder = root.join("stack-builder/cfn");
    let facts = facts(&root.join("target/tools/schemas"), &crate_folder.join("overlay"))?;
    let checked_in = files::read(&crate_folder.join("facts"))?;
    let wanted = wanted(&crate_folder, &facts)?;
    let stale = stale(&wanted, &checked_in, &crate_folder);
    match options.mode {
        Mode::Check => Ok(verdict(&stale, &root)),
        Mode::Write => {
            write(&stale, &wanted)?;
            let report = report::report(&files::parse(&checked_in), &facts);
            tell(&report, stale.len(), options.report.as_deref())
        }
    }
}

fn options(arguments: &[String]) -> Result<Options> {
    let mut options = Options { mode: Mode::Write, report: None };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--check" => options.mode = Mode::Check,
            "--report" => options.report = Some(rest.next().context("`--report` needs a file")?.into()),
            other => bail!(
                "`codegen` does not know `{other}`\nhint: `cargo xtask codegen [--check] [--report FILE]`"
            ),
        }
    }
    Ok(options)
}

/// The facts that the pinned sources and the overlay yield.
fn facts(downloads: &Path, overlay_folder: &Path) -> Result<BTreeMap<String, Value>> {
    let wheel = pins::SCHEMAS.bytes(downloads)?;
    let package = pins::REFERENCES.bytes(downloads)?;
    // The two sources take about as long as each other.
    let (facts, references) = std::thread::scope(|scope| {
        let references = scope.spawn(|| source::references(&package));
        (from_schemas(&wheel), references.join())
    });
    let (mut facts, references) =
        (facts?, references.map_err(|_| anyhow!("reading the references panicked"))??);
    for (name, reference) in &references {
        facts.get_mut(name).into_iter().for_each(|entry| add_reference(entry, reference));
    }
    overlay::apply(&overlay::read(overlay_folder)?, &mut facts)?;
    Ok(facts)
}

fn from_schemas(wheel: &[u8]) -> Result<BTreeMap<String, Value>> {
    let schemas = source::schemas(wheel)?;
    Ok(schemas.iter().map(|(name, schema)| (name.clone(), resource::facts(name, schema))).collect())
}

/// Notes what `Ref` returns where it is not the primary identifier: a name, or a list of names.
fn add_reference(entry: &mut Value, reference: &[String]) {
    if entry["id"] != json!(reference) {
        entry["ref"] = if let [one] = reference { json!(one) } else { json!(reference) };
    }
}

/// Every generated file and its content.
fn wanted(crate_folder: &Path, facts: &BTreeMap<String, Value>) -> Result<BTreeMap<PathBuf, String>> {
    let folder = crate_folder.join("facts");
    let rendered = files::render(facts).into_iter().map(|(name, text)| (folder.join(name), text));
    let mut wanted: BTreeMap<PathBuf, String> = rendered.collect();
    let services: BTreeSet<String> = facts.keys().map(|name| files::service(name)).collect();
    let manifest = crate_folder.join("Cargo.toml");
    wanted.insert(manifest.clone(), features::manifest(&text(&manifest)?, &services)?);
    let readme = folder.join("README.md");
    wanted.insert(readme.clone(), census::readme(&text(&readme)?, facts)?);
    Ok(wanted)
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// The files that differ from what is wanted, and those that nobody wants.
fn stale(
    wanted: &BTreeMap<PathBuf, String>,
    checked_in: &BTreeMap<String, String>,
    crate_folder: &Path,
) -> Vec<PathBuf> {
    let differing =
        wanted.iter().filter(|(path, text)| std::fs::read_to_string(path).ok().as_ref() != Some(*text));
    let strays = checked_in.keys().map(|name| crate_folder.join("facts").join(name));
    let strays = strays.filter(|path| !wanted.contains_key(path));
    differing.map(|(path, _)| path.clone()).chain(strays).collect()
}

fn write(stale: &[PathBuf], wanted: &BTreeMap<PathBuf, String>) -> Result<()> {
    for path in stale {
        let done =
            wanted.get(path).map_or_else(|| std::fs::remove_file(path), |text| std::fs::write(path, text));
        done.with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

fn verdict(stale: &[PathBuf], root: &Path) -> ExitCode {
    if stale.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("error: {} generated files differ from what the pinned sources yield", stale.len());
    for path in stale {
        eprintln!("  {}", path.strip_prefix(root).unwrap_or(path).display());
    }
    eprintln!("hint: run `cargo xtask codegen` and check the result in");
    ExitCode::FAILURE
}

fn tell(report: &str, written: usize, file: Option<&Path>) -> Result<ExitCode> {
    if let Some(file) = file {
        std::fs::write(file, report).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    print!("{report}");
    println!("{written} files written");
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
