//! What CloudFormation's own validation before a deployment found.

use crate::{ChangeSet, Environment, StackEvent};
use aws_sdk_cloudformation::primitives::DateTimeFormat;
use aws_sdk_cloudformation::types::{EventType, OperationEvent};
use std::fmt;

/// One finding of CloudFormation's validation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The resource it is about.
    pub logical_id: String,
    /// Where in the template, such as `/Resources/Bucket/Properties`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.logical_id.as_str(), self.path.as_str()) {
            ("", "") => f.write_str(&self.message),
            (place, "") | (_, place) => write!(f, "{place}: {}", self.message),
        }
    }
}

/// The findings behind a refusal; one call, and only when the reason speaks of validation.
///
/// They only add to the reason, so that a call that fails adds nothing.
pub(crate) async fn findings(
    environment: &Environment,
    change_set: &ChangeSet,
    reason: &str,
) -> Vec<Finding> {
    if !speaks_of_findings(reason) {
        return Vec::new();
    }
    let request = environment.cloudformation.describe_events().change_set_name(&change_set.id);
    match request.send().await {
        Ok(answer) => answer.operation_events().iter().filter_map(read).collect(),
        Err(_) => Vec::new(),
    }
}

/// Whether CloudFormation refers to a list of findings that it keeps elsewhere.
pub(crate) fn speaks_of_findings(reason: &str) -> bool {
    reason.contains("DescribeEvents") || reason.to_lowercase().contains("validation")
}

/// The findings behind a failed operation, as events; one call.
pub(crate) async fn findings_of_stack(
    environment: &Environment,
    stack_id: &str,
    token: &str,
) -> Vec<StackEvent> {
    let Ok(answer) = environment.cloudformation.describe_events().stack_name(stack_id).send().await else {
        return Vec::new();
    };
    // CloudFormation lists the newest first; an event without a token is of the newest operation or an older one.
    let ours = answer.operation_events().iter();
    let ours = ours.filter(|event| event.client_request_token().is_none_or(|other| other == token));
    ours.rev().filter_map(as_event).collect()
}

fn as_event(event: &OperationEvent) -> Option<StackEvent> {
    let finding = read(event)?;
    Some(StackEvent {
        time: event.timestamp().and_then(|time| time.fmt(DateTimeFormat::DateTime).ok()).unwrap_or_default(),
        status: "VALIDATION_FAILED".to_owned(),
        resource_type: event.resource_type().unwrap_or_default().to_owned(),
        logical_id: finding.logical_id,
        physical_id: None,
        reason: Some(finding.message),
        is_stack: false,
    })
}

fn read(event: &OperationEvent) -> Option<Finding> {
    if event.event_type() != Some(&EventType::ValidationError) {
        return None;
    }
    Some(Finding {
        logical_id: event.logical_resource_id().unwrap_or_default().to_owned(),
        path: event.validation_path().unwrap_or_default().to_owned(),
        message: event.validation_status_reason()?.to_owned(),
    })
}
