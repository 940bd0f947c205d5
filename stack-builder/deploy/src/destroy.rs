//! Destroying a stack, with what CloudFormation alone would stumble over or leave behind.

mod bucket;
mod destruction;
mod log_groups;
mod plan;
mod resource;
mod users;

pub use bucket::BucketToEmpty;
pub use destruction::{DestroyEvent, DestroySummary, Destruction};
pub use log_groups::LogGroup;
pub use plan::{DestroyPlan, plan_destroy};
pub use resource::{PlannedResource, RetainedResource};
pub use users::require_unused;
