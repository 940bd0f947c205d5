//! The order of stacks that take inputs from one another.

use crate::Error;
use stack_builder_assembly::{CloudAssembly, Manifest, StackArtifact};

/// The order in which to deploy `stacks` and all that they take inputs from: a stack comes after those, and otherwise
/// where the manifest has it.
///
/// # Errors
/// [`Error::UnknownSource`] when an input names a stack that the application does not have,
/// [`Error::UnknownOutput`] when that stack's template has not the output, [`Error::InputCycle`] when stacks take
/// inputs from one another in a circle.
pub fn deployment_order<'a>(
    assembly: &'a CloudAssembly,
    stacks: &[&'a StackArtifact],
) -> Result<Vec<&'a StackArtifact>, Error> {
    let order = sorted(&assembly.manifest, stacks)?;
    for stack in &order {
        for (parameter, input) in &stack.inputs {
            let from = source(&assembly.manifest, stack, parameter)?;
            if assembly.template(from)?["Outputs"][&input.output].is_null() {
                return Err(Error::UnknownOutput {
                    stack: stack.name.clone(),
                    parameter: parameter.clone(),
                    from: from.name.clone(),
                    output: input.output.clone(),
                });
            }
        }
    }
    Ok(order)
}

/// The order in which to destroy `stacks` and no others: a stack comes before those that it takes inputs from.
///
/// # Errors
/// As [`deployment_order`], for stacks that are unknown or go in a circle.
pub fn destruction_order<'a>(
    manifest: &'a Manifest,
    stacks: &[&'a StackArtifact],
) -> Result<Vec<&'a StackArtifact>, Error> {
    let mut order = sorted(manifest, stacks)?;
    order.retain(|stack| stacks.iter().any(|named| named.name == stack.name));
    order.reverse();
    Ok(order)
}

fn sorted<'a>(manifest: &'a Manifest, stacks: &[&'a StackArtifact]) -> Result<Vec<&'a StackArtifact>, Error> {
    let mut walk = Walk { manifest, path: Vec::new(), order: Vec::new() };
    stacks.iter().try_for_each(|stack| walk.visit(stack))?;
    Ok(walk.order)
}

/// A walk from stacks to those that they take inputs from.
struct Walk<'a> {
    manifest: &'a Manifest,
    /// From where it began to where it is.
    path: Vec<&'a str>,
    order: Vec<&'a StackArtifact>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, stack: &'a StackArtifact) -> Result<(), Error> {
        if self.order.iter().any(|done| done.name == stack.name) {
            return Ok(());
        }
        let before = self.path.iter().position(|name| *name == stack.name);
        self.path.push(&stack.name);
        if let Some(start) = before {
            let stacks = self.path[start..].iter().map(|name| (*name).to_owned()).collect();
            return Err(Error::InputCycle { stacks });
        }
        for parameter in stack.inputs.keys() {
            self.visit(source(self.manifest, stack, parameter)?)?;
        }
        self.path.pop();
        self.order.push(stack);
        Ok(())
    }
}

/// The stack that `parameter` of `stack` is filled from.
fn source<'a>(
    manifest: &'a Manifest,
    stack: &StackArtifact,
    parameter: &str,
) -> Result<&'a StackArtifact, Error> {
    let from = &stack.inputs[parameter].stack;
    manifest.stack(from).ok_or_else(|| Error::UnknownSource {
        stack: stack.name.clone(),
        parameter: parameter.to_owned(),
        from: from.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::StackInput;

    /// Stacks as `(name, stacks that it takes an input from)`.
    fn manifest(stacks: &[(&str, &[&str])]) -> Manifest {
        let mut manifest = Manifest::new("app", "dev");
        manifest.stacks = stacks
            .iter()
            .map(|(name, sources)| StackArtifact {
                name: (*name).to_owned(),
                inputs: sources.iter().map(|source| (format!("From{source}"), input(source))).collect(),
                ..StackArtifact::default()
            })
            .collect();
        manifest
    }

    fn input(source: &str) -> StackInput {
        StackInput { stack: source.to_owned(), output: "Out".to_owned() }
    }

    fn names<'a>(order: &[&'a StackArtifact]) -> Vec<&'a str> {
        order.iter().map(|stack| stack.name.as_str()).collect()
    }

    #[test]
    fn a_stack_comes_after_those_that_it_takes_inputs_from() {
        let manifest =
            manifest(&[("other", &[]), ("main", &["edge", "base"]), ("base", &[]), ("edge", &["base"])]);
        let all: Vec<_> = manifest.stacks.iter().collect();
        let order = sorted(&manifest, &all).expect("an order");
        assert_eq!(names(&order), ["other", "base", "edge", "main"]);
        let order = sorted(&manifest, &[&manifest.stacks[3]]).expect("an order");
        assert_eq!(names(&order), ["base", "edge"], "what it needs comes along, and nothing else");
    }

    #[test]
    fn only_what_was_named_is_destroyed_and_the_user_of_an_output_first() {
        let manifest = manifest(&[("edge", &[]), ("other", &[]), ("main", &["edge"])]);
        let order = |named: &[usize]| {
            let stacks: Vec<_> = named.iter().map(|at| &manifest.stacks[*at]).collect();
            names(&destruction_order(&manifest, &stacks).expect("an order"))
        };
        assert_eq!(order(&[0, 1, 2]), ["main", "other", "edge"]);
        assert_eq!(order(&[0, 2]), ["main", "edge"]);
        assert_eq!(order(&[2]), ["main"]);
    }

    #[test]
    fn a_circle_is_shown_whole_and_nothing_more() {
        let manifest = manifest(&[("start", &["a"]), ("a", &["b"]), ("b", &["a"])]);
        let error = sorted(&manifest, &[&manifest.stacks[0]]).expect_err("a circle");
        assert_eq!(error.to_string(), "stacks take inputs from one another in a circle: `a` -> `b` -> `a`");
    }

    #[test]
    fn a_stack_that_is_not_there_is_named_with_who_wants_it() {
        let manifest = manifest(&[("main", &["edge"])]);
        let error = sorted(&manifest, &[&manifest.stacks[0]]).expect_err("unknown");
        assert_eq!(
            error.to_string(),
            "stack `main` fills its parameter `Fromedge` from stack `edge`, which the application does not have"
        );
    }
}
