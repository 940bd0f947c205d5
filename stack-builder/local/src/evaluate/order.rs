//! All stacks of an assembly, those first that others take outputs of.

use super::identity::Identities;
use super::stack::{Conditions, Evaluated, References, Scope};
use crate::{Error, Options};
use serde_json::Value;
use stack_builder_assembly::{CloudAssembly, StackArtifact, StackInput};
use std::collections::BTreeMap;

/// Evaluates every stack.
pub(crate) fn evaluate(assembly: &CloudAssembly, options: &Options) -> Result<Vec<Evaluated>, Error> {
    let mut done: Vec<Evaluated> = Vec::new();
    let mut waiting: Vec<&StackArtifact> = assembly.manifest.stacks.iter().collect();
    while !waiting.is_empty() {
        let ready = |stack: &&StackArtifact| {
            stack.inputs.values().all(|input| done.iter().any(|d| d.name == input.stack))
        };
        let (now, later): (Vec<_>, Vec<_>) = waiting.iter().copied().partition(ready);
        if now.is_empty() {
            let names: Vec<_> = later.iter().map(|stack| format!("`{}`", stack.name)).collect();
            return Err(Error::Circle { stacks: names.join(", ") });
        }
        for stack in now {
            let evaluated = one(assembly, stack, options, &done)?;
            done.push(evaluated);
        }
        waiting = later;
    }
    // As the application describes them.
    let place = |name: &str| assembly.manifest.stacks.iter().position(|stack| stack.name == name);
    done.sort_by_key(|stack| place(&stack.name));
    Ok(done)
}

fn one(
    assembly: &CloudAssembly,
    stack: &StackArtifact,
    options: &Options,
    done: &[Evaluated],
) -> Result<Evaluated, Error> {
    let template = assembly.template(stack)?;
    let parameters = parameters(&template, stack, options, done)?;
    let exports: BTreeMap<_, _> = done.iter().flat_map(|stack| stack.exports.clone()).collect();
    let origins = origins(stack, done);
    let scope = Scope {
        stack_name: &stack.stack_name,
        region: stack.region.as_deref().unwrap_or(&options.region),
        account: &options.account,
        template: &template,
        parameters: &parameters,
        exports: &exports,
        origins: &origins,
        identities: Identities::default(),
        conditions: Conditions::default(),
    };
    let evaluated = scope.evaluate();
    Ok(Evaluated {
        name: stack.name.clone(),
        stack_name: stack.stack_name.clone(),
        region: scope.region.to_owned(),
        tags: stack.tags.clone(),
        ..evaluated
    })
}

/// What the parameters that take other stacks' outputs are made of.
fn origins(stack: &StackArtifact, done: &[Evaluated]) -> References {
    let origin = |input: &StackInput| {
        let other = done.iter().find(|other| other.name == input.stack)?;
        other.output_references.get(&input.output).cloned()
    };
    stack.inputs.iter().filter_map(|(name, input)| Some((name.clone(), origin(input)?))).collect()
}

/// A value for each parameter: of another stack's output, of the caller, or the default.
fn parameters(
    template: &Value,
    stack: &StackArtifact,
    options: &Options,
    done: &[Evaluated],
) -> Result<BTreeMap<String, String>, Error> {
    let chosen = options.parameters.get(&stack.name);
    let declared = template["Parameters"].as_object().into_iter().flatten();
    let value = |name: &String, parameter: &Value| {
        let input = stack.inputs.get(name).and_then(|input| {
            done.iter().find(|other| other.name == input.stack)?.outputs.get(&input.output).cloned()
        });
        let chosen = chosen.and_then(|chosen| chosen.get(name).cloned());
        input.or(chosen).or_else(|| default(&parameter["Default"]))
    };
    declared
        .map(|(name, parameter)| {
            let missing = || Error::Parameter { stack: stack.name.clone(), parameter: name.clone() };
            Ok((name.clone(), value(name, parameter).ok_or_else(missing)?))
        })
        .collect()
}

fn default(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
