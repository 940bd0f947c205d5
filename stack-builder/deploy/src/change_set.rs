//! A change set: everything is published, nothing is applied.

use crate::stack::describe;
use crate::{Activity, Change, Environment, Error, token};
use aws_sdk_cloudformation::types::StackStatus;

/// What `prepare` made. Show it, then [`execute`](ChangeSet::execute) or [`discard`](ChangeSet::discard) it.
#[derive(Debug)]
pub struct ChangeSet {
    /// The stack's name in CloudFormation.
    pub stack_name: String,
    /// The region.
    pub region: String,
    /// The change set's name, derived from the template, the tags, and the time of the stack's last change.
    pub name: String,
    /// Whether the stack is created or updated.
    pub kind: ChangeSetKind,
    /// What would happen, in CloudFormation's order.
    pub changes: Vec<Change>,
    pub(crate) id: String,
    pub(crate) stack_id: String,
    /// Whether the stack exists only as the holder of this change set.
    pub(crate) alone: bool,
    pub(crate) environment: Environment,
}

/// What a change set does to its stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeSetKind {
    /// Makes it.
    Create,
    /// Changes it.
    Update,
}

impl ChangeSet {
    /// Starts the execution; one call. CloudFormation carries it through whether it is watched or not.
    ///
    /// # Errors
    /// When the stack has changed since, or the call fails.
    pub async fn execute(self) -> Result<Activity, Error> {
        let token = token::fresh();
        self.environment
            .cloudformation
            .execute_change_set()
            .change_set_name(&self.id)
            .client_request_token(&token)
            .send()
            .await
            .map_err(self.environment.failed("cloudformation:ExecuteChangeSet"))?;
        Ok(Activity::follow(self.environment, self.stack_name, self.stack_id, token))
    }

    /// Deletes it, together with the empty stack that `prepare` had to make for it; one call, or two for a creation.
    ///
    /// # Errors
    /// When the call fails; `prepare` removes the left-over the next time.
    pub async fn discard(self) -> Result<(), Error> {
        if self.alone && is_empty(&self.environment, &self.stack_id).await? {
            delete_stack(&self.environment, &self.stack_id).await
        } else {
            delete(&self.environment, &self.id).await
        }
    }
}

/// Whether the stack still only holds change sets: another run may have created it meanwhile.
async fn is_empty(environment: &Environment, stack_id: &str) -> Result<bool, Error> {
    let stack = describe(environment, stack_id).await?;
    Ok(stack.is_some_and(|stack| stack.stack_status() == Some(&StackStatus::ReviewInProgress)))
}

async fn delete_stack(environment: &Environment, stack_id: &str) -> Result<(), Error> {
    let request = environment.cloudformation.delete_stack().stack_name(stack_id);
    request.send().await.map(drop).map_err(environment.failed("cloudformation:DeleteStack"))
}

/// Deletes a change set by its id.
pub(crate) async fn delete(environment: &Environment, id: &str) -> Result<(), Error> {
    let request = environment.cloudformation.delete_change_set().change_set_name(id);
    request.send().await.map(drop).map_err(environment.failed("cloudformation:DeleteChangeSet"))
}
