//! What stands already, and what that allows.

use crate::{ChangeSetKind, Environment, Error};
use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::types::{Stack, StackStatus};

/// The stack by name or id; `None` when there is none.
pub(crate) async fn describe(environment: &Environment, stack: &str) -> Result<Option<Stack>, Error> {
    match environment.cloudformation.describe_stacks().stack_name(stack).send().await {
        // A stack that is not there is an error of its own, never an empty list.
        Ok(answer) => match answer.stacks.unwrap_or_default().into_iter().next() {
            Some(found) => Ok(Some(found)),
            None => Err(environment.not_aws("cloudformation:DescribeStacks", "it lists no stack")),
        },
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(environment.failed("cloudformation:DescribeStacks")(error)),
    }
}

/// CloudFormation has no error code of its own for a missing stack.
pub(crate) fn is_absent<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("ValidationError")
        && error.message().is_some_and(|message| message.contains("does not exist"))
}

/// Which kind of change set the stack takes in `region`, if any.
pub(crate) fn accepts(region: &str, name: &str, stack: Option<&Stack>) -> Result<ChangeSetKind, Error> {
    let Some(standing) = stack else { return Ok(ChangeSetKind::Create) };
    let Some(status) = standing.stack_status() else { return Ok(ChangeSetKind::Update) };
    let (stack, region, text) = (name.to_owned(), region.to_owned(), status.as_str().to_owned());
    match status {
        StackStatus::ReviewInProgress | StackStatus::DeleteComplete => Ok(ChangeSetKind::Create),
        StackStatus::CreateComplete
        | StackStatus::UpdateComplete
        | StackStatus::UpdateRollbackComplete
        | StackStatus::ImportComplete
        | StackStatus::ImportRollbackComplete => Ok(ChangeSetKind::Update),
        StackStatus::RollbackComplete | StackStatus::RollbackFailed | StackStatus::CreateFailed => {
            Err(Error::MustBeDestroyed { stack, region, status: text })
        }
        _ if text.ends_with("_IN_PROGRESS") => Err(Error::Busy { stack, region, status: text }),
        _ => {
            let reason = standing.stack_status_reason().filter(|reason| !reason.is_empty());
            Err(Error::Stuck { stack, region, status: text, reason: reason.map(str::to_owned) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(status: StackStatus) -> Stack {
        Stack::builder()
            .stack_name("s")
            .creation_time(aws_sdk_cloudformation::primitives::DateTime::from_secs(0))
            .stack_status(status)
            .build()
    }

    fn kind(status: StackStatus) -> Result<ChangeSetKind, String> {
        accepts("eu-west-1", "s", Some(&standing(status))).map_err(|error| error.to_string())
    }

    #[test]
    fn an_absent_or_reviewed_stack_is_created() {
        assert_eq!(accepts("eu-west-1", "s", None).expect("absent"), ChangeSetKind::Create);
        assert_eq!(kind(StackStatus::ReviewInProgress), Ok(ChangeSetKind::Create));
    }

    #[test]
    fn a_stack_at_rest_is_updated() {
        assert_eq!(kind(StackStatus::CreateComplete), Ok(ChangeSetKind::Update));
        assert_eq!(kind(StackStatus::UpdateRollbackComplete), Ok(ChangeSetKind::Update));
    }

    #[test]
    fn a_failed_creation_must_be_destroyed() {
        let message = "stack `s` is in ROLLBACK_COMPLETE: its creation failed and it can only be deleted";
        assert_eq!(kind(StackStatus::RollbackComplete), Err(message.to_owned()));
    }

    #[test]
    fn an_operation_under_way_is_awaited() {
        let message = "stack `s` is in UPDATE_IN_PROGRESS: another operation is under way";
        assert_eq!(kind(StackStatus::UpdateInProgress), Err(message.to_owned()));
    }

    #[test]
    fn a_stuck_stack_names_the_way_out() {
        let error =
            accepts("eu-west-1", "s", Some(&standing(StackStatus::UpdateRollbackFailed))).expect_err("stuck");
        assert_eq!(error.to_string(), "stack `s` is in UPDATE_ROLLBACK_FAILED and cannot be deployed");
        assert!(error.hint().expect("hint").contains("continue-update-rollback"));
    }
}
