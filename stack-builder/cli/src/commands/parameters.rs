//! Values for the parameters of stacks, as they are typed: `NAME=VALUE`.

use crate::failure::Failure;
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, StackArtifact, StackInput};
use std::collections::{BTreeMap, BTreeSet};

/// One `NAME=VALUE`; the value may be empty and may hold more equals signs.
pub(crate) fn parse(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

/// The values by name; a name that no stack declares, or that another stack's output fills, is refused before anything
/// is done.
pub(crate) fn known(
    given: &[(String, String)],
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
) -> Result<BTreeMap<String, String>> {
    let mut declared = BTreeSet::new();
    for stack in stacks {
        let template = assembly.template(stack)?;
        declared
            .extend(template["Parameters"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    if let Some(failure) = given.iter().find_map(|(name, _)| filled(name, stacks)) {
        return Err(failure.into());
    }
    match given.iter().find(|(name, _)| !declared.contains(name)) {
        None => Ok(given.iter().cloned().collect()),
        Some((name, _)) => {
            let failure = Failure::new(format!("no stack has a parameter `{name}`")).usage();
            Err(if declared.is_empty() {
                failure.hint("the stacks have no parameters").into()
            } else {
                let declared: Vec<_> = declared.into_iter().collect();
                failure.hint(format!("the parameters are {}", declared.join(", "))).into()
            })
        }
    }
}

/// The refusal of a value for what an output fills.
fn filled(name: &str, stacks: &[&StackArtifact]) -> Option<Failure> {
    let (stack, input) = stacks.iter().find_map(|stack| Some((stack, stack.inputs.get(name)?)))?;
    let StackInput { stack: from, output } = input;
    let failure = Failure::new(format!("the parameter `{name}` of `{}` cannot be given", stack.name)).usage();
    Some(failure.hint(format!("output `{output}` of `{from}` fills it; change that stack")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_divides() {
        assert_eq!(parse("A=b=c"), Ok(("A".to_owned(), "b=c".to_owned())));
        assert_eq!(parse("A="), Ok(("A".to_owned(), String::new())));
        assert!(parse("A").is_err() && parse("=b").is_err());
    }

    #[test]
    fn what_an_output_fills_cannot_be_given() {
        let input = StackInput { stack: "edge".to_owned(), output: "Version".to_owned() };
        let inputs = [("EdgeVersion".to_owned(), input)].into();
        let stack = StackArtifact { name: "main".to_owned(), inputs, ..StackArtifact::default() };
        let error = anyhow::Error::new(filled("EdgeVersion", &[&stack]).expect("a refusal"));
        assert_eq!(error.to_string(), "the parameter `EdgeVersion` of `main` cannot be given");
        assert_eq!(Failure::hint_of(&error), Some("output `Version` of `edge` fills it; change that stack"));
        assert!(filled("Other", &[&stack]).is_none());
    }
}
