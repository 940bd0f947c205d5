//! A stack's outputs.

use crate::stack::describe;
use crate::{Environment, Error};
use aws_sdk_cloudformation::types::Stack;
use std::collections::BTreeMap;

/// Values by output name.
pub type Outputs = BTreeMap<String, String>;

/// The outputs of the stack that CloudFormation knows as `stack_name`; one call.
///
/// # Errors
/// [`Error::StackAbsent`], or what the call came back with.
pub async fn outputs(environment: &Environment, stack_name: &str) -> Result<Outputs, Error> {
    match describe(environment, stack_name).await? {
        Some(stack) => Ok(outputs_of(&stack)),
        None => Err(Error::StackAbsent { stack: stack_name.to_owned(), region: environment.region.clone() }),
    }
}

pub(crate) fn outputs_of(stack: &Stack) -> Outputs {
    let pair = |output: &aws_sdk_cloudformation::types::Output| {
        Some((output.output_key.clone()?, output.output_value.clone()?))
    };
    stack.outputs().iter().filter_map(pair).collect()
}
