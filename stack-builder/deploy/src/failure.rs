//! Why a deployment or a deletion failed, the first cause first.

use crate::StackEvent;
use crate::hint::destroy_first;
use std::fmt;

/// How Lambda refuses to delete a function that CloudFront still holds copies of.
const REPLICATED: &str = "replicated function";
/// How API Gateway refuses to log before its account has a role for it.
const NO_LOG_ROLE: &str = "CloudWatch Logs role ARN must be set";

/// An operation that ran and did not reach its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployFailure {
    /// The stack's name in CloudFormation.
    pub stack_name: String,
    /// The region.
    pub region: String,
    /// The status the stack ended in, such as `ROLLBACK_COMPLETE`.
    pub status: String,
    /// What failed, in the order of time; what was only cancelled for it is left out.
    pub causes: Vec<StackEvent>,
}

impl DeployFailure {
    /// Gathers the causes among the operation's `events`, oldest first.
    pub(crate) fn read(stack_name: &str, region: &str, status: &str, events: &[StackEvent]) -> Self {
        let resources = events.iter().filter(|e| !e.is_stack && e.is_failure() && !is_cancellation(e));
        let mut causes: Vec<StackEvent> = resources.cloned().collect();
        if causes.is_empty() {
            causes = events.iter().filter(|e| e.is_stack && e.reason.is_some()).cloned().collect();
        }
        Self {
            stack_name: stack_name.to_owned(),
            region: region.to_owned(),
            status: status.to_owned(),
            causes,
        }
    }

    /// Whether nothing but time is missing: Lambda deletes an edge function only after CloudFront has removed its
    /// copies, which it does by itself once no distribution uses them.
    /// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-delete-replicas.html>.
    pub fn awaits_replicas(&self) -> bool {
        self.status == "DELETE_FAILED" && !self.causes.is_empty() && self.causes.iter().all(is_replicated)
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        if self.awaits_replicas() {
            return Some(self.wait());
        }
        let cause = if self.causes.iter().any(|cause| speaks_of(cause, NO_LOG_ROLE)) {
            format!("run `stack-builder bootstrap {} --api-gateway-logs set`", self.region)
        } else {
            "mend the cause".to_owned()
        };
        Some(match self.status.as_str() {
            "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "CREATE_FAILED" => {
                format!("{cause}; {}", destroy_first(&self.stack_name, &self.region))
            }
            "UPDATE_ROLLBACK_COMPLETE" => format!("the stack is as it was before; {cause} and deploy again"),
            "UPDATE_ROLLBACK_FAILED" => format!(
                "mend what the events name, then run `aws cloudformation continue-update-rollback --stack-name {} \
                 --region {}`",
                self.stack_name, self.region
            ),
            "DELETE_FAILED" => {
                "mend what the events name and destroy again; what is gone stays gone".to_owned()
            }
            _ => return None,
        })
    }

    fn wait(&self) -> String {
        let functions: Vec<_> = self.causes.iter().map(|cause| format!("`{}`", cause.logical_id)).collect();
        format!(
            "run the command again in an hour, and if need be the next day: CloudFront removes its copies of {} by \
             itself, minutes to days after the last distribution let go of them; until then they cost nothing, and \
             nothing else has to be done",
            functions.join(", ")
        )
    }
}

fn speaks_of(event: &StackEvent, text: &str) -> bool {
    event.reason.as_deref().is_some_and(|reason| reason.contains(text))
}

fn is_replicated(event: &StackEvent) -> bool {
    speaks_of(event, REPLICATED)
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
            "eu-west-1",
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
            "eu-west-1",
            "ROLLBACK_COMPLETE",
            &[
                event("Queue", "CREATE_COMPLETE", None),
                event("stack", "ROLLBACK_IN_PROGRESS", Some("Transform failed")),
            ],
        );
        assert_eq!(failure.causes.len(), 1);
        assert_eq!(failure.causes[0].reason.as_deref(), Some("Transform failed"));
    }

    #[track_caller]
    fn check(status: &str, reasons: &[&str], awaits_replicas: bool, hint: &str) {
        let events: Vec<_> =
            reasons.iter().map(|reason| event("Gate", "DELETE_FAILED", Some(reason))).collect();
        let failure = DeployFailure::read("stack", "us-east-1", status, &events);
        assert_eq!(failure.awaits_replicas(), awaits_replicas);
        let given = failure.hint().unwrap_or_default();
        assert!(given.contains(hint), "`{given}` should contain `{hint}`");
    }

    #[test]
    fn copies_at_the_edge_are_waited_for_unless_something_else_is_in_the_way() {
        let copies = "Lambda was unable to delete arn because it is a replicated function. Please see";
        check("DELETE_FAILED", &[copies], true, "CloudFront removes its copies of `Gate` by itself");
        check("DELETE_FAILED", &[copies, "The bucket is not empty"], false, "mend what the events name");
        check("DELETE_FAILED", &[], false, "mend what the events name");
    }

    #[test]
    fn a_missing_log_role_names_the_command_that_sets_it() {
        let reason = "CloudWatch Logs role ARN must be set in account settings to enable logging";
        check(
            "ROLLBACK_COMPLETE",
            &[reason],
            false,
            "`stack-builder bootstrap us-east-1 --api-gateway-logs set`; run",
        );
    }
}
