//! Emits the Rust of the enabled services' resource types from `facts/` into Cargo's output folder.

mod emit;
mod names;
mod shape;

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=facts");
    println!("cargo:rerun-if-changed=codegen");
    let facts = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("facts");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut services = String::new();
    let mut table = Vec::new();
    let mut required = std::collections::BTreeSet::new();
    for service in services_in(&facts)? {
        if !is_enabled(&service) && !is_enabled("foreign") {
            continue;
        }
        let text = fs::read_to_string(facts.join(format!("{service}.json")))?;
        table.extend(lines(&text));
        if !is_enabled(&service) {
            continue;
        }
        let resources = shape::parse(&text)?;
        let emitted = emit::service(&service, &resources, &mut required)?;
        fs::write(out.join(format!("{service}.rs")), emitted)?;
        declare(&mut services, &service, &resources)?;
    }
    write_required(&mut services, &required)?;
    let facts = write_table(&mut services, &mut table)?;
    fs::write(out.join("facts.txt"), facts)?;
    fs::write(out.join("services.rs"), services)?;
    Ok(())
}

/// All services, in alphabetical order.
fn services_in(facts: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut services = Vec::new();
    for file in fs::read_dir(facts)? {
        let path = file?.path();
        let Some(service) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        if path.extension().is_some_and(|extension| extension == "json") {
            services.push(service.to_owned());
        }
    }
    services.sort();
    Ok(services)
}

/// Whether the cargo feature is on.
fn is_enabled(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{}", feature.to_uppercase())).is_some()
}

/// One resource a line: its type and the facts about it.
fn lines(text: &str) -> impl Iterator<Item = (String, String)> {
    text.lines().filter_map(|line| {
        let (name, facts) = line.strip_prefix('"')?.split_once("\":")?;
        Some((name.to_owned(), facts.strip_suffix(',').unwrap_or(facts).to_owned()))
    })
}

fn declare(out: &mut String, service: &str, resources: &[shape::Resource]) -> std::fmt::Result {
    let aws = resources.first().map_or("", |resource| resource.service());
    writeln!(out, "/// The resource types of `AWS::{aws}`.")?;
    writeln!(out, "#[allow(missing_docs, clippy::all, clippy::pedantic)]")?;
    writeln!(out, "pub mod {service} {{ include!(concat!(env!(\"OUT_DIR\"), \"/{service}.rs\")); }}")
}

fn write_required(out: &mut String, names: &std::collections::BTreeSet<String>) -> std::fmt::Result {
    writeln!(out, "/// The names of required properties, as compile errors show them in `Missing<name>`.")?;
    writeln!(out, "#[allow(non_camel_case_types, missing_docs, missing_debug_implementations)]")?;
    writeln!(out, "pub mod required {{")?;
    for name in names {
        writeln!(out, "    pub struct {name};")?;
    }
    writeln!(out, "}}")
}

/// Writes where the facts of each resource type begin and end in the text that is returned: a table of texts of their
/// own would be quoted, parsed and kept again by the compiler.
fn write_table(out: &mut String, table: &mut [(String, String)]) -> Result<String, std::fmt::Error> {
    table.sort();
    let mut text = String::new();
    writeln!(out, "/// The facts by resource type, sorted: where they stand in [`FACTS_TEXT`].")?;
    writeln!(out, "#[allow(clippy::unreadable_literal)]")?;
    writeln!(out, "pub(crate) static FACTS: &[(&str, usize, usize)] = &[")?;
    for (name, facts) in table {
        let start = text.len();
        writeln!(text, "{facts}")?;
        writeln!(out, "    ({name:?}, {start}, {}),", start + facts.len())?;
    }
    writeln!(out, "];")?;
    writeln!(out, "/// The facts, a line each.")?;
    writeln!(
        out,
        "pub(crate) static FACTS_TEXT: &str = include_str!(concat!(env!(\"OUT_DIR\"), \"/facts.txt\"));"
    )?;
    Ok(text)
}
