//! Bootstrap, publish, deploy and destroy through CloudFormation: the engine that acts on an assembly.
//!
//! It reads like the protocol it speaks, and it never prints and never asks; the pause for a confirmation lies
//! between two calls:
//!
//! ```no_run
//! # async fn example(assembly: &stack_builder_assembly::CloudAssembly) -> Result<(), stack_builder_deploy::Error> {
//! use stack_builder_deploy::{Environment, EnvironmentOptions, Prepared, prepare, publish};
//! use std::collections::BTreeMap;
//!
//! let environment = Environment::load(EnvironmentOptions::default()).await?;
//! let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
//! publish(&environment, assembly, &stacks, |_step| {}).await?;
//! for stack in stacks {
//!     let Prepared::ChangeSet(change_set) = prepare(&environment, assembly, stack, &BTreeMap::new()).await? else { continue };
//!     // Nothing is applied yet: show `change_set.changes`, ask, and `discard` if the answer is no.
//!     let mut activity = change_set.execute().await?;
//!     while let Some(_event) = activity.next().await? {}
//!     let _outputs = activity.finish().await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every step can be interrupted and run again.

mod environment;
mod error;
mod hint;

mod asset_bucket;
mod bootstrap;
mod publish;

mod change;
mod change_set;
mod parameters;
mod prepare;
mod request;
mod template;
mod wanted;

mod activity;
mod event;
mod failure;
mod outputs;

mod destroy;

mod backoff;
mod classify;
mod findings;
mod stack;
mod token;

pub use activity::Activity;
pub use bootstrap::{BOOTSTRAP_STACK, prepare_bootstrap};
pub use change::{Action, Change, ChangedProperty, Replacement};
pub use change_set::{ChangeSet, ChangeSetKind};
pub use destroy::{
    BucketToEmpty, DestroyEvent, DestroyPlan, DestroySummary, Destruction, PlannedResource, RetainedResource,
    plan_destroy,
};
pub use environment::{Environment, EnvironmentOptions};
pub use error::Error;
pub use event::StackEvent;
pub use failure::DeployFailure;
pub use findings::Finding;
pub use outputs::{Outputs, outputs};
pub use prepare::{Prepared, prepare};
pub use publish::{PublishStep, publish};
