//! What `synth` made: a block a stack.

use super::Printer;
use super::list::{assets, resources};
use super::style::{FAINT, HEADING};
use super::text::{bytes, count, path, seconds, shown};
use crate::app::Synthesis;
use anyhow::Result;
use serde_json::{Value, json};
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use std::path::{Path, PathBuf};

/// The summary for people.
pub(crate) fn summary(printer: &Printer, synthesis: &Synthesis, yaml: bool) -> Result<()> {
    let manifest = &synthesis.assembly.manifest;
    for stack in &manifest.stacks {
        printer.result(block(&synthesis.assembly, stack, yaml)?);
    }
    printer.progress(format!(
        "synthesized {} for stage {} in {} (built in {})",
        count(manifest.stacks.len(), "stack"),
        manifest.stage,
        seconds(synthesis.run_time),
        seconds(synthesis.build_time),
    ));
    Ok(())
}

fn block(assembly: &CloudAssembly, stack: &StackArtifact, yaml: bool) -> Result<String> {
    let file = file(assembly, stack);
    let mut lines = vec![format!("{HEADING}{}{HEADING:#}  {}", shown(&stack.name), shown(&stack.stack_name))];
    if !stack.description.is_empty() {
        lines.push(format!("  {}", shown(&stack.description)));
    }
    lines.extend(resource_lines(stack));
    lines.extend(names("outputs", &outputs(&assembly.template(stack)?)));
    lines.extend(names("assets", &assets(stack).into_iter().map(str::to_owned).collect::<Vec<_>>()));
    lines.push(located("template", &file));
    if yaml {
        lines.push(located("yaml", &file.with_extension("yaml")));
    }
    Ok(lines.join("\n") + "\n")
}

/// A line a type with its count, and the sum if there is more than one line.
fn resource_lines(stack: &StackArtifact) -> Vec<String> {
    let width = stack.resources.keys().map(String::len).max().unwrap_or_default().max("resources".len());
    let types = stack.resources.iter().map(|(kind, n)| format!("  {:width$}  {n:>3}", shown(kind)));
    let sum = (stack.resources.len() != 1)
        .then(|| format!("  {FAINT}{:width$}{FAINT:#}  {:>3}", "resources", resources(stack)));
    types.chain(sum).collect()
}

fn names(label: &str, names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| format!("  {FAINT}{label:8}{FAINT:#}  {}", shown(&names.join(", "))))
}

fn located(label: &str, file: &Path) -> String {
    format!("  {FAINT}{label:8}{FAINT:#}  {} ({})", path(file), bytes(size(file)))
}

/// The document for programs: the manifest, with what its reader would have to look up in the templates.
pub(crate) fn json(printer: &Printer, synthesis: &Synthesis) -> Result<()> {
    let assembly = &synthesis.assembly;
    let manifest = &assembly.manifest;
    let stacks: Result<Vec<_>> = manifest.stacks.iter().map(|stack| stack_json(assembly, stack)).collect();
    printer.json(&json!({
        "app": manifest.app,
        "stage": manifest.stage,
        "directory": assembly.directory(),
        "stacks": stacks?,
        "assets": manifest.assets,
        "diagnostics": manifest.diagnostics,
    }))
}

fn stack_json(assembly: &CloudAssembly, stack: &StackArtifact) -> Result<Value> {
    let file = file(assembly, stack);
    let template = match assembly.template(stack) {
        // Where there are errors, they are the answer, and a template need not be there.
        Err(_) if assembly.manifest.has_errors() => Value::Null,
        template => template?,
    };
    Ok(json!({
        "name": stack.name,
        "stackName": stack.stack_name,
        "description": stack.description,
        "template": file,
        "templateBytes": size(&file),
        "resources": stack.resources,
        "outputs": outputs(&template),
        "assets": assets(stack),
    }))
}

fn file(assembly: &CloudAssembly, stack: &StackArtifact) -> PathBuf {
    assembly.directory().join(&stack.template)
}

fn size(file: &Path) -> u64 {
    file.metadata().map_or(0, |metadata| metadata.len())
}

fn outputs(template: &Value) -> Vec<String> {
    let outputs = template.get("Outputs").and_then(Value::as_object);
    outputs.map(|outputs| outputs.keys().cloned().collect()).unwrap_or_default()
}
