//! What runs, for a start-up table and the console.

use stack_builder_local_core::ResourceId;

/// What runs where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// URL of AWS's API: `http://127.0.0.1:4000`.
    pub endpoint: String,
    /// URL of the console.
    pub console: String,
    /// The stacks with something to look at.
    pub apps: Vec<AppOverview>,
    /// Every resource.
    pub resources: Vec<ResourceOverview>,
}

/// One stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppOverview {
    /// Name in CloudFormation: `uploads-dev`.
    pub stack: String,
    /// Name on the command line: `uploads`.
    pub name: String,
    /// Its outputs that are URLs served here, by name, in the order of the names.
    pub urls: Vec<(String, String)>,
}

/// One resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceOverview {
    /// Where it stands.
    pub id: ResourceId,
    /// Its type.
    pub kind: String,
    /// Whether it does here what it does in AWS, or needs not do anything (a role, a policy).
    pub runs: bool,
    /// What differs from AWS.
    pub notes: Vec<String>,
}

/// What [`Runtime::update`](crate::Runtime::update) changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// Resources that were added, changed or removed.
    pub changed: Vec<ResourceId>,
}
