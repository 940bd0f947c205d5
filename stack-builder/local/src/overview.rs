//! What runs, for a start-up table and the console.

use crate::application::Application;
use crate::evaluate::LeftOut;
use crate::kinds::{self, Kind};
use stack_builder_local_core::{Resource, ResourceId};
use std::collections::BTreeMap;

/// What runs where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// URL of AWS's API: `http://127.0.0.1:4000`.
    pub endpoint: String,
    /// URL of the console.
    pub console: String,
    /// The stacks, in the order in which the application describes them.
    pub apps: Vec<AppOverview>,
    /// Every resource, and whatever else of the templates cannot be had here.
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
    /// Its type; `Output`, `Parameter` or `Transform` for what is no resource.
    pub kind: String,
    /// Whether it does here what it does in AWS.
    pub runs: bool,
    /// What differs from AWS, or why it does not run.
    pub notes: Vec<String>,
}

/// What [`Runtime::update`](crate::Runtime::update) changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// Resources that were added, changed or removed.
    pub changed: Vec<ResourceId>,
}

/// What runs now.
pub(crate) fn of(application: &Application, endpoint: &str) -> Overview {
    let app = |stack: &crate::evaluate::Evaluated| AppOverview {
        stack: stack.stack_name.clone(),
        name: stack.name.clone(),
        urls: stack
            .outputs
            .iter()
            .filter(|(_, value)| is_local(value))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect(),
    };
    Overview {
        endpoint: endpoint.to_owned(),
        console: format!("{endpoint}{}", crate::console::PATH),
        apps: application.stacks.iter().map(app).collect(),
        resources: resources(application)
            .map(|resource| one(application, resource))
            .chain(application.stacks.iter().flat_map(|stack| &stack.left_out).map(left_out))
            .collect(),
    }
}

fn is_local(url: &str) -> bool {
    url.starts_with("http://127.0.0.1:") || url.starts_with("https://127.0.0.1:")
}

fn resources(application: &Application) -> impl Iterator<Item = &Resource> {
    application.stacks.iter().flat_map(|stack| &stack.resources)
}

fn one(application: &Application, resource: &Resource) -> ResourceOverview {
    let kind = kinds::of(&resource.kind);
    let reason = match kind {
        Kind::Runs => None,
        Kind::NotRun(reason) => Some(reason.to_owned()),
    };
    let noted =
        application.notes.iter().filter(|note| note.resource == resource.id).map(|note| note.text.clone());
    ResourceOverview {
        id: resource.id.clone(),
        kind: resource.kind.clone(),
        runs: kind == Kind::Runs,
        notes: reason.into_iter().chain(noted).collect(),
    }
}

fn left_out(it: &LeftOut) -> ResourceOverview {
    let LeftOut { id, kind, reason } = it.clone();
    ResourceOverview { id, kind, runs: false, notes: vec![reason] }
}

/// The resources in which two states differ.
pub(crate) fn changed(before: &Application, after: &Application) -> Vec<ResourceId> {
    let by_id =
        |application| resources(application).map(|r| (r.id.clone(), r.clone())).collect::<BTreeMap<_, _>>();
    let (before, after): (BTreeMap<_, Resource>, BTreeMap<_, Resource>) = (by_id(before), by_id(after));
    let differs = |id: &&ResourceId| before.get(*id) != after.get(*id);
    let mut changed: Vec<_> = before.keys().chain(after.keys()).filter(differs).cloned().collect();
    changed.sort();
    changed.dedup();
    changed
}
