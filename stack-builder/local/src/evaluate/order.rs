//! All stacks of an assembly, those first that others take outputs of.

use super::identity::Identities;
use super::stack::{Conditions, Evaluated, References, Scope};
use crate::{Error, Options};
use serde_json::Value;
use stack_builder_assembly::{CloudAssembly, StackArtifact, StackInput};
use std::collections::BTreeMap;

/// Exported names, with their values.
type Exports = BTreeMap<String, String>;

/// Evaluates every stack; again when a stack exports a name, because any other may import it.
pub(crate) fn evaluate(assembly: &CloudAssembly, options: &Options) -> Result<Vec<Evaluated>, Error> {
    let mut exports = Exports::new();
    // An import can export in turn, but no chain is longer than there are stacks.
    for _ in 0..assembly.manifest.stacks.len() {
        let done = pass(assembly, options, &exports)?;
        let found: Exports = done.iter().flat_map(|stack| stack.exports.clone()).collect();
        if found == exports {
            return Ok(done);
        }
        exports = found;
    }
    pass(assembly, options, &exports)
}

/// Evaluates every stack once, knowing these exports.
fn pass(assembly: &CloudAssembly, options: &Options, exports: &Exports) -> Result<Vec<Evaluated>, Error> {
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
            let evaluated = one(assembly, stack, options, exports, &done)?;
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
    exports: &Exports,
    done: &[Evaluated],
) -> Result<Evaluated, Error> {
    let template = assembly.template(stack)?;
    let parameters = parameters(&template, stack, options, done)?;
    let origins = origins(stack, done);
    let scope = Scope {
        stack_name: &stack.stack_name,
        region: stack.region.as_deref().unwrap_or(&options.region),
        account: &options.account,
        template: &template,
        parameters: &parameters,
        exports,
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use stack_builder_assembly::Manifest;

    #[test]
    fn a_stack_may_import_what_a_later_one_exports() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut manifest = Manifest::new("app", "dev");
        let exported = |value: Value, name: &str| json!({ "Value": value, "Export": { "Name": name } });
        let templates = [
            ("first", json!({ "Outputs": { "Out": { "Value": { "Fn::ImportValue": "second" } } } })),
            (
                "second",
                json!({ "Outputs": { "Out": exported(json!({ "Fn::ImportValue": "third" }), "second") } }),
            ),
            ("third", json!({ "Outputs": { "Out": exported(json!("told"), "third") } })),
        ];
        for (name, template) in templates {
            let file = format!("{name}.template.json");
            std::fs::write(folder.path().join(&file), template.to_string()).expect("a template");
            let stack_name = format!("{name}-dev");
            manifest.stacks.push(StackArtifact {
                name: name.to_owned(),
                stack_name,
                template: file,
                ..Default::default()
            });
        }
        manifest.write(folder.path()).expect("a manifest");
        let assembly = CloudAssembly::open(folder.path()).expect("an assembly");
        let stacks = evaluate(&assembly, &Options::default()).expect("stacks");
        let outputs: Vec<_> = stacks.iter().map(|stack| stack.outputs["Out"].as_str()).collect();
        assert_eq!(outputs, ["told", "told", "told"]);
    }
}
