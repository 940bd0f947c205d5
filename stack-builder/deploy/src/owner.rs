//! Whose stack it is: one of the same name may be another application's, or made by hand.

use crate::Error;
use aws_sdk_cloudformation::types::{Stack, StackStatus};
use stack_builder_assembly::StackArtifact;

/// The tag of every stack that names its application.
const TAG: &str = "stack-builder:app";

/// Refuses a standing stack that is not the application's: a deployment would turn it into `stack`, and a destruction
/// would take it away.
pub(crate) fn check(standing: &Stack, region: &str, stack: &StackArtifact) -> Result<(), Error> {
    // A change set that was never executed leaves a stack without tags and without resources.
    let empty = standing.stack_status() == Some(&StackStatus::ReviewInProgress);
    let Some(app) = stack.tags.get(TAG).filter(|_| !empty) else { return Ok(()) };
    let tag = standing.tags().iter().find(|tag| tag.key() == Some(TAG));
    let owner = tag.and_then(|tag| tag.value());
    if owner == Some(app) {
        return Ok(());
    }
    Err(Error::ForeignStack {
        stack: stack.stack_name.clone(),
        region: region.to_owned(),
        owner: owner.map(str::to_owned),
        app: app.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudformation::types::Tag;

    /// Checks whether the stack of the application `notes` may be touched when one with the tag `owner` stands.
    #[track_caller]
    fn check_of(owner: Option<&str>, status: StackStatus, expect: Result<(), &str>) {
        let tag = owner.map(|owner| Tag::builder().key(TAG).value(owner).build());
        let tags = [Tag::builder().key("team").value("notes").build()].into_iter().chain(tag);
        let standing =
            Stack::builder().stack_name("notes-dev").stack_status(status).set_tags(Some(tags.collect()));
        let stack = StackArtifact {
            stack_name: "notes-dev".to_owned(),
            tags: [(TAG.to_owned(), "notes".to_owned())].into(),
            ..StackArtifact::default()
        };
        let found = check(&standing.build(), "eu-west-1", &stack).map_err(|error| error.to_string());
        assert_eq!(found, expect.map_err(str::to_owned));
    }

    #[test]
    fn only_the_applications_own_stack_is_touched() {
        check_of(Some("notes"), StackStatus::CreateComplete, Ok(()));
        let of_other =
            "stack `notes-dev` in eu-west-1 belongs to the application `other`, and this one is `notes`";
        check_of(Some("other"), StackStatus::CreateComplete, Err(of_other));
        let by_hand = "stack `notes-dev` in eu-west-1 was not made by the application `notes`";
        check_of(None, StackStatus::RollbackComplete, Err(by_hand));
        check_of(None, StackStatus::ReviewInProgress, Ok(()));
    }
}
