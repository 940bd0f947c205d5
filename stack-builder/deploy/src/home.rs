//! The home of a stack that is pinned to a region: there can be one such stack for a stage, and it is made for the
//! application's other stacks in one region.

use crate::stack::describe;
use crate::{Error, Regions};
use aws_sdk_cloudformation::types::Stack;
use stack_builder_assembly::{Manifest, StackArtifact};
use std::collections::BTreeMap;

/// The tag of the stack in CloudFormation that names its home.
const TAG: &str = "stack-builder:home";

/// The home of `stack`, if it is pinned while others go where the command line says; those could go to a second
/// region, and would then share it.
fn home<'a>(regions: &'a Regions, manifest: &Manifest, stack: &StackArtifact) -> Option<&'a str> {
    let others_move = manifest.region.is_some() || manifest.stacks.iter().any(|other| other.region.is_none());
    (stack.region.is_some() && others_move).then_some(regions.home().region.as_str())
}

/// The tags of `stack`, with its home if it has one.
pub(crate) fn tags(
    regions: &Regions,
    manifest: &Manifest,
    stack: &StackArtifact,
) -> BTreeMap<String, String> {
    let home = home(regions, manifest, stack).map(|home| (TAG.to_owned(), home.to_owned()));
    stack.tags.clone().into_iter().chain(home).collect()
}

/// Refuses when one of `stacks` is pinned to a region and stands there for the application in another region than
/// the chosen one. One call for each pinned stack.
///
/// [`prepare`](crate::prepare()) refuses it too; asked here, nothing has been packaged or uploaded yet.
///
/// # Errors
/// [`Error::OtherHomeStands`], or what a call came back with.
pub async fn require_home(
    regions: &Regions,
    manifest: &Manifest,
    stacks: &[&StackArtifact],
) -> Result<(), Error> {
    for stack in stacks {
        let Some(home) = home(regions, manifest, stack) else { continue };
        let environment = regions.of(stack);
        if let Some(standing) = describe(environment, &stack.stack_name).await? {
            check(&standing, &environment.region, home)?;
        }
    }
    Ok(())
}

/// Refuses a stack in `region` that stands for an application in another region than `home`.
pub(crate) fn check(standing: &Stack, region: &str, home: &str) -> Result<(), Error> {
    let tag = standing.tags().iter().find(|tag| tag.key() == Some(TAG));
    match tag.and_then(|tag| tag.value()) {
        Some(other) if other != home => Err(Error::OtherHomeStands {
            stack: standing.stack_name().unwrap_or_default().to_owned(),
            region: region.to_owned(),
            home: other.to_owned(),
            chosen: home.to_owned(),
        }),
        _ => Ok(()),
    }
}
