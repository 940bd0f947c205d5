//! Stacks that stand on others: a stack goes only when none that stays takes its outputs.

use crate::stack::describe;
use crate::{Environment, Error, Regions};
use aws_sdk_cloudformation::types::StackStatus;
use stack_builder_assembly::{Manifest, StackArtifact};
use std::collections::BTreeSet;

/// Refuses when one of `stacks`, which are to be destroyed, stands and another stack that takes outputs of it stands
/// too and is not among them. Up to two calls for each such pair, none if there is none.
///
/// # Errors
/// [`Error::StillUsed`], or what a call came back with.
pub async fn require_unused(
    regions: &Regions,
    manifest: &Manifest,
    stacks: &[&StackArtifact],
) -> Result<(), Error> {
    for (stack, user) in users_that_stay(manifest, stacks) {
        let (Some(used), Some(using)) = (manifest.stack(stack), manifest.stack(user)) else { continue };
        let at = regions.of(using);
        if stands(at, &using.stack_name).await? && stands(regions.of(used), &used.stack_name).await? {
            return Err(Error::StillUsed {
                stack: used.name.clone(),
                user: using.name.clone(),
                user_stack: using.stack_name.clone(),
                region: at.region.clone(),
            });
        }
    }
    Ok(())
}

/// Of the stacks that are to go, each with one that takes inputs from it and is not to go.
fn users_that_stay<'a>(manifest: &'a Manifest, stacks: &[&StackArtifact]) -> BTreeSet<(&'a str, &'a str)> {
    let goes = |name: &str| stacks.iter().any(|stack| stack.name == name);
    let staying = manifest.stacks.iter().filter(|user| !goes(&user.name));
    let used =
        staying.flat_map(|user| user.inputs.values().map(|input| (input.stack.as_str(), user.name.as_str())));
    used.filter(|(stack, _)| goes(stack)).collect()
}

/// Whether there is such a stack, and not only a change set that waits for an answer.
async fn stands(environment: &Environment, stack_name: &str) -> Result<bool, Error> {
    let standing = describe(environment, stack_name).await?;
    let nothing_yet = [StackStatus::ReviewInProgress, StackStatus::DeleteComplete];
    Ok(standing.is_some_and(|stack| stack.stack_status().is_none_or(|status| !nothing_yet.contains(status))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::StackInput;

    #[test]
    fn who_goes_on_using_a_stack_is_known() {
        let mut manifest = Manifest::new("app", "dev");
        for (name, sources) in [("edge", &[][..]), ("main", &["edge", "base"]), ("base", &[])] {
            let input = |from: &&str| StackInput { stack: (*from).to_owned(), output: "Out".to_owned() };
            let inputs = sources.iter().map(|from| ((*from).to_owned(), input(from))).collect();
            manifest.stacks.push(StackArtifact { name: name.to_owned(), inputs, ..StackArtifact::default() });
        }
        let staying = |named: &[usize]| {
            let stacks: Vec<_> = named.iter().map(|at| &manifest.stacks[*at]).collect();
            users_that_stay(&manifest, &stacks).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(staying(&[0]), [("edge", "main")]);
        assert_eq!(staying(&[1]), []);
        assert_eq!(staying(&[0, 2]), [("base", "main"), ("edge", "main")]);
        assert_eq!(staying(&[0, 1, 2]), []);
    }
}
