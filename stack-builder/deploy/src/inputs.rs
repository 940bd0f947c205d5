//! Parameters that are filled from the outputs of other stacks.

use crate::{Error, Outputs};
use stack_builder_assembly::StackArtifact;
use std::collections::BTreeMap;

/// Values for the parameters of `stack` that come from other stacks; `outputs` are those of the stacks deployed
/// before it, by the stack's name in the application. No call.
///
/// # Errors
/// [`Error::MissingOutput`] when a stack has not the output that this one needs.
pub fn inputs(
    stack: &StackArtifact,
    outputs: &BTreeMap<String, Outputs>,
) -> Result<BTreeMap<String, String>, Error> {
    let fill = |(parameter, input): (&String, &stack_builder_assembly::StackInput)| {
        let value = outputs.get(&input.stack).and_then(|outputs| outputs.get(&input.output));
        let missing = || Error::MissingOutput {
            stack: stack.name.clone(),
            parameter: parameter.clone(),
            from: input.stack.clone(),
            output: input.output.clone(),
        };
        Ok((parameter.clone(), value.cloned().ok_or_else(missing)?))
    };
    stack.inputs.iter().map(fill).collect()
}
