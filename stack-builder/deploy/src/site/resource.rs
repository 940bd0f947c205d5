//! Which bucket, distribution or app a name of the template stands for.

use super::SiteError;
use crate::{Environment, Error};

/// A resource of a deployed stack.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) physical_id: String,
    pub(crate) stack_id: String,
}

/// One call.
pub(crate) async fn find(
    environment: &Environment,
    stack: &str,
    site: &str,
    logical_id: &str,
) -> Result<Found, Error> {
    let request = environment.cloudformation.describe_stack_resource();
    let answer = request.stack_name(stack).logical_resource_id(logical_id).send().await;
    let absent = || SiteError::NoResource {
        stack: stack.to_owned(),
        logical_id: logical_id.to_owned(),
        site: site.to_owned(),
    };
    let detail = match answer {
        Err(error) if crate::stack::is_absent(&error) => return Err(absent().into()),
        answer => answer.map_err(environment.failed("cloudformation:DescribeStackResource"))?,
    };
    let detail = detail.stack_resource_detail;
    let physical = detail.as_ref().and_then(|detail| detail.physical_resource_id());
    let physical_id = physical.filter(|id| !id.is_empty()).ok_or_else(absent)?.to_owned();
    let stack_id = detail.as_ref().and_then(|detail| detail.stack_id()).unwrap_or(stack).to_owned();
    Ok(Found { physical_id, stack_id })
}
