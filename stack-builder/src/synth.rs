//! From descriptions to the assembly directory.

use crate::app::{App, Describe};
use crate::stack::Stack;
use crate::stage::Stage;
use stack_builder_assembly::{Diagnostic, Manifest, StackArtifact, write_json};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Characters that CloudFormation allows in a stack's name.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
const STACK_NAME: usize = 128;

/// Describes, checks and writes one stack after the other, so that only one is in memory.
pub(crate) fn synth(app: App, directory: &Path, stage: &Stage, chosen: &[&str]) -> io::Result<Manifest> {
    let mut manifest = Manifest::new(&app.name, stage.name());
    manifest.diagnostics.extend(unknown_stacks(&app, chosen));
    let mut names = std::collections::BTreeSet::new();
    for (name, describe) in app.stacks {
        if !names.insert(name.clone()) {
            let message = format!("the application has two stacks called `{name}`");
            manifest.diagnostics.push(Diagnostic::error("repeated-name", message));
        } else if chosen.is_empty() || chosen.contains(&name.as_str()) {
            stack(&app.name, &name, describe, directory, stage, &mut manifest)?;
        }
    }
    manifest.write(directory).map_err(io::Error::other)?;
    Ok(manifest)
}

fn unknown_stacks(app: &App, chosen: &[&str]) -> Vec<Diagnostic> {
    let known: Vec<_> = app.stacks.iter().map(|(name, _)| name.as_str()).collect();
    let unknown = chosen.iter().filter(|name| !known.contains(name));
    unknown
        .map(|name| {
            let message = format!("the application `{}` has no stack `{name}`", app.name);
            Diagnostic::error("unknown-stack", message).hint(match known.as_slice() {
                [] => "it has no stacks at all".to_owned(),
                known => format!("it has {}", known.join(", ")),
            })
        })
        .collect()
}

fn stack(
    app: &str,
    name: &str,
    describe: Describe,
    directory: &Path,
    stage: &Stage,
    manifest: &mut Manifest,
) -> io::Result<()> {
    let mut stack = Stack::new(app, name, stage);
    describe(&mut stack);
    let artifact = artifact(name, &stack, stage);
    let Stack { scope, .. } = stack;
    let illegal = illegal_name(&artifact);
    let legal = illegal.is_empty();
    // A name that is no name could lead out of the folder.
    if legal {
        write_json(&directory.join(&artifact.template), &scope.template).map_err(io::Error::other)?;
    }
    let found = [illegal, scope.diagnostics, scope.template.check()].concat();
    manifest.diagnostics.extend(found.into_iter().map(|mut diagnostic| {
        diagnostic.stack = Some(name.to_owned());
        diagnostic
    }));
    manifest.assets.extend(scope.assets);
    if legal {
        manifest.stacks.push(artifact);
    }
    Ok(())
}

fn artifact(name: &str, stack: &Stack, stage: &Stage) -> StackArtifact {
    let mut resources = BTreeMap::new();
    for resource in stack.scope.template.resources() {
        *resources.entry(resource.type_name.to_string()).or_default() += 1;
    }
    StackArtifact {
        name: name.to_owned(),
        stack_name: format!("{name}-{stage}"),
        description: stack.scope.template.description().to_owned(),
        template: format!("{name}.template.json"),
        resources,
        asset_slots: stack.scope.asset_slots.clone(),
        tags: stack.tags.clone(),
    }
}

fn illegal_name(artifact: &StackArtifact) -> Vec<Diagnostic> {
    let name = &artifact.stack_name;
    let legal = name.len() <= STACK_NAME
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if legal {
        return Vec::new();
    }
    let message = format!("the stack name `{name}` is not one that CloudFormation takes");
    let hint =
        format!("use letters, digits and hyphens, begin with a letter, {STACK_NAME} characters at most");
    vec![Diagnostic::error("illegal-name", message).hint(hint)]
}
