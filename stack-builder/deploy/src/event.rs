//! What CloudFormation reports while it works.

use aws_sdk_cloudformation::primitives::DateTimeFormat;
use aws_sdk_cloudformation::types::{ResourceStatus, StackEvent as SdkEvent};

/// The type under which a stack reports about itself.
const STACK: &str = "AWS::CloudFormation::Stack";

/// One step of a stack or of one of its resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackEvent {
    /// When, in UTC, as RFC 3339: `2026-11-20T10:02:40.654Z`.
    pub time: String,
    /// The status that was reached, such as `CREATE_IN_PROGRESS`.
    pub status: String,
    /// The CloudFormation type of what reached it.
    pub resource_type: String,
    /// Its name in the template; the stack's own name for the stack itself.
    pub logical_id: String,
    /// Its name in AWS, once it has one.
    pub physical_id: Option<String>,
    /// Why, where CloudFormation says.
    pub reason: Option<String>,
    /// Whether this is the stack itself and not a resource.
    pub is_stack: bool,
}

impl StackEvent {
    pub(crate) fn read(event: &SdkEvent) -> Self {
        let text = |field: Option<&str>| field.unwrap_or_default().to_owned();
        let filled = |field: Option<&str>| field.filter(|text| !text.is_empty()).map(str::to_owned);
        Self {
            time: event
                .timestamp()
                .and_then(|time| time.fmt(DateTimeFormat::DateTime).ok())
                .unwrap_or_default(),
            status: text(event.resource_status().map(ResourceStatus::as_str)),
            resource_type: text(event.resource_type()),
            logical_id: text(event.logical_resource_id()),
            physical_id: filled(event.physical_resource_id()),
            reason: filled(event.resource_status_reason()),
            is_stack: event.resource_type() == Some(STACK)
                && event.physical_resource_id().is_some()
                && event.physical_resource_id() == event.stack_id(),
        }
    }

    /// Whether a resource or the stack failed here.
    pub fn is_failure(&self) -> bool {
        self.status.ends_with("_FAILED")
    }

    /// Whether the whole operation ends here; a failed creation or update is yet to be rolled back.
    pub fn is_terminal(&self) -> bool {
        let goes_on = self.status.ends_with("_IN_PROGRESS")
            || matches!(self.status.as_str(), "CREATE_FAILED" | "UPDATE_FAILED");
        self.is_stack && !goes_on
    }
}
