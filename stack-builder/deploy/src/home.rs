//! The home of a stack that is pinned to another region: there can be one such stack for a stage, and it is made for
//! the application's stacks in one region.

use crate::Error;
use aws_sdk_cloudformation::types::Stack;
use stack_builder_assembly::{Manifest, StackArtifact};
use std::collections::BTreeMap;

/// The tag of the stack in CloudFormation that names its home.
const TAG: &str = "stack-builder:home";

/// The tags of `stack`, with its home if it was made for one and goes elsewhere.
pub(crate) fn tags(manifest: &Manifest, stack: &StackArtifact) -> BTreeMap<String, String> {
    let home = manifest.region.as_ref().filter(|_| stack.region.is_some());
    let home = home.map(|home| (TAG.to_owned(), home.clone()));
    stack.tags.clone().into_iter().chain(home).collect()
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
