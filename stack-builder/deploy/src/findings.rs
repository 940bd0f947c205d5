//! What CloudFormation's own validation before a deployment found.

use crate::{ChangeSet, Environment};
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
    if !reason.contains("DescribeEvents") && !reason.to_lowercase().contains("validation") {
        return Vec::new();
    }
    let request = environment.cloudformation.describe_events().change_set_name(&change_set.id);
    match request.send().await {
        Ok(answer) => answer.operation_events().iter().filter_map(read).collect(),
        Err(_) => Vec::new(),
    }
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
