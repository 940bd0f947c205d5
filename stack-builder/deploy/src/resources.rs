//! The resources of a stack that stands.

use crate::stack::is_absent;
use crate::{Environment, Error, PlannedResource};

/// All of them that stand, in CloudFormation's order; one call for each 100.
///
/// # Errors
/// [`Error::StackAbsent`], or what a call came back with.
pub(crate) async fn resources(environment: &Environment, stack: &str) -> Result<Vec<PlannedResource>, Error> {
    let (mut found, mut next) = (Vec::new(), None);
    loop {
        let request = environment.cloudformation.list_stack_resources().stack_name(stack);
        let page = match request.set_next_token(next.take()).send().await {
            Err(error) if is_absent(&error) => {
                let (stack, region) = (stack.to_owned(), environment.region.clone());
                return Err(Error::StackAbsent { stack, region });
            }
            page => page.map_err(environment.failed("cloudformation:ListStackResources"))?,
        };
        found.extend(page.stack_resource_summaries().iter().filter_map(PlannedResource::read));
        next = page.next_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(found);
        }
    }
}
