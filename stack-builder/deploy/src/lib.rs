//! Bootstrap, publish, deploy and destroy through CloudFormation: the engine that acts on an assembly.
//!
//! It reads like the protocol it speaks, and it never prints and never asks; the pause for a confirmation lies
//! between two calls:
//!
//! ```no_run
//! # async fn example(assembly: &stack_builder_assembly::CloudAssembly) -> Result<(), stack_builder_deploy::Error> {
//! use stack_builder_deploy::{
//!     Environment, EnvironmentOptions, Prepared, Regions, deployment_order, inputs, prepare, publish,
//!     require_home,
//! };
//! use std::collections::BTreeMap;
//!
//! let environment = Environment::load(EnvironmentOptions::default()).await?;
//! let regions = Regions::new(environment, &assembly.manifest)?;
//! let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
//! let stacks = deployment_order(assembly, &stacks)?;
//! require_home(&regions, &assembly.manifest, &stacks).await?;
//! publish(&regions, assembly, &stacks, |_step| {}).await?;
//! let mut outputs = BTreeMap::new();
//! for stack in stacks {
//!     let parameters = inputs(stack, &outputs)?;
//!     let standing = match prepare(&regions, assembly, stack, &parameters).await? {
//!         Prepared::NoChange { outputs } => outputs,
//!         Prepared::ChangeSet(change_set) => {
//!             // Nothing is applied yet: show `change_set.changes`, ask, and `discard` if the answer is no.
//!             let mut activity = change_set.execute().await?;
//!             while let Some(_event) = activity.next().await? {}
//!             activity.finish().await?
//!         }
//!     };
//!     outputs.insert(stack.name.clone(), standing);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Every step can be interrupted and run again.

mod environment;
mod error;
mod hint;
mod partition;
mod regions;

mod home;
mod inputs;
mod order;

mod api_gateway_logs;
mod asset_bucket;
mod bootstrap;
mod publish;
mod upload;

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
mod owner;

mod destroy;
mod seed;
mod site;

mod backoff;
mod call;
mod classify;
mod digest;
mod findings;
mod http_client;
mod object_deletion;
mod resources;
mod service;
mod stack;
mod token;

pub use activity::Activity;
pub use api_gateway_logs::ApiGatewayLogs;
pub use bootstrap::{BOOTSTRAP_STACK, PreparedBootstrap, prepare_bootstrap};
pub use change::{Action, Change, ChangedProperty, Replacement};
pub use change_set::{ChangeSet, ChangeSetKind};
pub use destroy::{
    BucketToEmpty, DestroyEvent, DestroyPlan, DestroySummary, Destruction, LogGroup, PlannedResource,
    RetainedResource, plan_destroy, require_unused,
};
pub use environment::{Environment, EnvironmentOptions};
pub use error::Error;
pub use event::StackEvent;
pub use failure::DeployFailure;
pub use findings::Finding;
pub use home::require_home;
pub use inputs::inputs;
pub use order::{deployment_order, destruction_order};
pub use outputs::{Outputs, outputs};
pub use prepare::{Prepared, prepare};
pub use publish::{PublishStep, publish};
pub use regions::Regions;
pub use seed::{PlannedSeed, SeedError, SeedPlan, SeedStep, check_seed, plan_seed};
pub use site::{Invalidation, SiteError, SitePlan, SiteStep, SiteSummary, check_sites, plan_site};
