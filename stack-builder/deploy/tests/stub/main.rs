//! The engine against a scripted stub, only for what no emulator at hand shows.
//!
//! The stub is no CloudFormation: it answers each action with the next of the answers written down for it, in the
//! shape of the service's published API, and keeps a record of what it was asked. It stands in for progress that a
//! poller can see, failed deletions, stuck stacks, throttling, expired tokens and buckets deleted behind a stack's
//! back. Deployments that an emulator can carry out are tested end to end in the package `tests`.

mod answer;
mod server;

mod bootstrapping;
mod deploying;
mod destroying;
mod refusals;
mod seeding;
mod sites;
mod two_regions;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::{Credentials, SharedCredentialsProvider};
use server::Server;
use stack_builder_assembly::{Manifest, StackArtifact};
use stack_builder_deploy::{Environment, Regions};

/// A configuration that leads to the stub, without looking at the machine's own.
fn config(server: &Server) -> SdkConfig {
    let credentials = Credentials::new("AKIDSTUB", "secret", None, None, "stub");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-west-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(server.url())
        .build()
}

/// The environment of account 111122223333 in `eu-west-1`.
async fn environment(server: &Server) -> Environment {
    server.answer("GetCallerIdentity", answer::identity());
    let environment = Environment::from_config(&config(server)).await.expect("an environment");
    server.forget();
    environment
}

/// The stack that the answers are about.
fn notes() -> StackArtifact {
    StackArtifact {
        name: "notes".to_owned(),
        stack_name: "notes-dev".to_owned(),
        template: "notes.template.json".to_owned(),
        ..StackArtifact::default()
    }
}

/// The regions of an application with these stacks, at home in `eu-west-1`.
async fn regions(server: &Server, stacks: &[StackArtifact]) -> Regions {
    let mut manifest = Manifest::new("notes", "dev");
    manifest.stacks = stacks.to_vec();
    Regions::new(environment(server).await, &manifest).expect("regions")
}
