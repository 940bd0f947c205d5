//! Why a deployment or a deletion failed, the first cause first.

use crate::StackEvent;
use crate::hint::destroy_first;
use std::fmt;

/// An operation that ran and did not reach its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployFailure {
    /// The stack's name in CloudFormation.
    pub stack_name: String,
    /// The status the stack ended in, such as `ROLLBACK_COMPLETE`.
    pub status: String,
    /// What failed, in the order of time; what was only cancelled for it is left out.
    pub causes: Vec<StackEvent>,
}

impl DeployFailure {
    /// Gathers the causes among the operation's `events`, oldest first.
    pub(crate) fn read(stack_name: &str, status: &str, events: &[StackEvent]) -> Self {
        let resources = events.iter().filter(|e| !e.is_stack && e.is_failure() && !is_cancellation(e));
        let mut causes: Vec<StackEvent> = resources.cloned().collect();
        if causes.is_empty() {
            causes = events.iter().filter(|e| e.is_stack && e.reason.is_some()).cloned().collect();
        }
        Self { stack_name: stack_name.to_owned(), status: status.to_owned(), causes }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        let hint = match self.status.as_str() {
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
                return Some(format!("mend the cause; {}", destroy_first(&self.stack_name)));
            }
            "UPDATE_ROLLBACK_COMPLETE" => "the stack is as it was before; mend the cause and deploy again",
            "UPDATE_ROLLBACK_FAILED" => {
                "mend what the events name, then run `aws cloudformation continue-update-rollback`"
            }
            "DELETE_FAILED" => "mend what the events name and destroy again; what is gone stays gone",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

impl fmt::Display for DeployFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stack `{}` ended in {}", self.stack_name, self.status)?;
        let Some(first) = self.causes.first() else { return Ok(()) };
        write!(f, ": `{}` ({}) {}", first.logical_id, first.resource_type, first.status)?;
        match &first.reason {
            Some(reason) => write!(f, ": {reason}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DeployFailure {}

/// A resource that was only stopped because another one had failed.
fn is_cancellation(event: &StackEvent) -> bool {
    event.reason.as_deref().is_some_and(|reason| {
        reason.starts_with("Resource creation cancelled") || reason.starts_with("Resource update cancelled")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, status: &str, reason: Option<&str>) -> StackEvent {
        StackEvent {
            time: String::new(),
            status: status.to_owned(),
            resource_type: "AWS::SQS::Queue".to_owned(),
            logical_id: id.to_owned(),
            physical_id: None,
            reason: reason.map(str::to_owned),
            is_stack: id == "stack",
        }
    }

    #[test]
    fn a_cancelled_resource_is_no_cause_even_when_it_comes_first() {
        let failure = DeployFailure::read(
            "stack",
            "ROLLBACK_COMPLETE",
            &[
                event("stack", "CREATE_IN_PROGRESS", Some("User Initiated")),
                event("Other", "CREATE_FAILED", Some("Resource creation cancelled")),
                event("Queue", "CREATE_FAILED", Some("Access denied")),
                event("Queue", "DELETE_FAILED", Some("Access denied again")),
            ],
        );
        assert_eq!(
            failure.to_string(),
            "stack `stack` ended in ROLLBACK_COMPLETE: `Queue` (AWS::SQS::Queue) CREATE_FAILED: Access denied"
        );
        assert_eq!(failure.causes.len(), 2);
    }

    #[test]
    fn without_a_failed_resource_the_stack_itself_says_why() {
        let failure = DeployFailure::read(
            "stack",
            "ROLLBACK_COMPLETE",
            &[
                event("Queue", "CREATE_COMPLETE", None),
                event("stack", "ROLLBACK_IN_PROGRESS", Some("Transform failed")),
            ],
        );
        assert_eq!(failure.causes.len(), 1);
        assert_eq!(failure.causes[0].reason.as_deref(), Some("Transform failed"));
    }
}
