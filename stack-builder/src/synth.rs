//! From descriptions to the assembly directory.

use crate::app::App;
use crate::inputs;
use crate::stack::Stack;
use crate::stage::Stage;
use stack_builder_assembly::{Diagnostic, Manifest, StackArtifact, write_json};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// Characters that CloudFormation allows in a stack's name.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
const STACK_NAME: usize = 128;

/// Describes, checks and writes one stack after the other, so that only one is in memory.
///
/// A stack comes along when another one takes an output of it, though it was not chosen: neither is of use alone.
pub(crate) fn synth(app: App, directory: &Path, stage: &Stage, chosen: &[&str]) -> io::Result<Manifest> {
    let mut synthesis = Synthesis {
        app: &app.name,
        home: &app.region,
        directory,
        stage,
        manifest: Manifest::new(&app.name, stage.name()),
        links: inputs::Links::default(),
    };
    synthesis.manifest.diagnostics.extend(unknown_stacks(&app, chosen));
    synthesis.manifest.diagnostics.extend(repeated_stacks(&app));
    let order: Vec<_> = app.stacks.iter().map(|(name, _)| name.clone()).collect();
    let mut waiting: BTreeMap<_, _> = app.stacks.into_iter().rev().collect();
    let wanted = |name: &&String| chosen.is_empty() || chosen.contains(&name.as_str());
    let mut wanted: Vec<_> = order.iter().filter(wanted).cloned().collect();
    while !wanted.is_empty() {
        for name in wanted {
            if let Some(describe) = waiting.remove(&name) {
                let mut stack = Stack::new(synthesis.app, &name, stage, synthesis.home);
                describe(&mut stack);
                synthesis.finish(&name, stack)?;
            }
        }
        wanted = synthesis.links.sources().filter(|name| waiting.contains_key(*name)).cloned().collect();
    }
    let Synthesis { mut manifest, links, .. } = synthesis;
    manifest.stacks.sort_by_key(|stack| order.iter().position(|name| *name == stack.name));
    manifest.diagnostics.extend(links.check());
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

fn repeated_stacks(app: &App) -> Vec<Diagnostic> {
    let mut names = BTreeSet::new();
    let repeated = app.stacks.iter().filter(|(name, _)| !names.insert(name));
    repeated
        .map(|(name, _)| {
            let message = format!("the application has two stacks called `{name}`");
            Diagnostic::error("repeated-name", message)
        })
        .collect()
}

/// What is known so far of the assembly that is being written.
struct Synthesis<'a> {
    app: &'a str,
    home: &'a str,
    directory: &'a Path,
    stage: &'a Stage,
    manifest: Manifest,
    links: inputs::Links,
}

impl Synthesis<'_> {
    /// Writes the template of a described stack, and notes what the manifest says of it.
    fn finish(&mut self, name: &str, stack: Stack) -> io::Result<()> {
        if stack.home.asked {
            self.manifest.region = Some(self.home.to_owned());
        }
        self.links.note(name, &stack);
        let artifact = artifact(name, &stack, self.stage);
        let Stack { scope, .. } = stack;
        let illegal = illegal_name(&artifact);
        let legal = illegal.is_empty();
        // A name that is no name could lead out of the folder.
        if legal {
            let path = self.directory.join(&artifact.template);
            write_json(&path, &scope.template).map_err(io::Error::other)?;
        }
        let found = [illegal, scope.diagnostics, scope.template.check()].concat();
        self.manifest.diagnostics.extend(found.into_iter().map(|mut diagnostic| {
            diagnostic.stack = Some(name.to_owned());
            diagnostic
        }));
        self.manifest.assets.extend(scope.assets);
        if legal {
            self.manifest.stacks.push(artifact);
        }
        Ok(())
    }
}

fn artifact(name: &str, stack: &Stack, stage: &Stage) -> StackArtifact {
    let mut resources = BTreeMap::new();
    for resource in stack.scope.template.resources() {
        *resources.entry(resource.type_name.to_string()).or_default() += 1;
    }
    let inputs = stack.inputs.iter().map(|(name, input)| (name.clone(), input.from.clone()));
    StackArtifact {
        name: name.to_owned(),
        stack_name: format!("{name}-{stage}"),
        description: first_line(stack.scope.template.description()).to_owned(),
        template: format!("{name}.template.json"),
        resources,
        asset_slots: stack.scope.asset_slots.clone(),
        tags: stack.tags.clone(),
        region: stack.scope.region.clone(),
        inputs: inputs.collect(),
        sites: stack.scope.sites.clone(),
        seed: stack.seed.clone(),
        sources: stack.scope.sources.clone(),
    }
}

/// What a table has room for.
fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
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
