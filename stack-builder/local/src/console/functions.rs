//! The functions: what they are, whether they are built, and how many environments live.

use super::Console;
use super::mask::Mask;
use crate::application::Application;
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, ResourceId};
use stack_builder_local_lambda::{Build, FunctionView};

impl Console {
    pub(super) fn functions(&self, application: &Application) -> Value {
        let mask = Mask::new(application);
        let view = |view: &FunctionView| {
            let mut resources = application.stacks.iter().flat_map(|stack| &stack.resources);
            let resource = resources.find(|resource| resource.id == view.resource);
            function(view, resource.map(|resource| variables(resource, &mask)))
        };
        self.stores.functions.functions().iter().map(view).collect()
    }

    /// Where a function logs.
    pub(super) fn log_group(&self, resource: &ResourceId) -> Option<String> {
        let functions = self.stores.functions.functions();
        functions.into_iter().find(|function| function.resource == *resource).map(|f| f.log_group)
    }
}

fn function(view: &FunctionView, variables: Option<Value>) -> Value {
    let (state, why) = match &view.build {
        Build::Pending => ("building", None),
        Build::Failed(why) => ("failed", Some(super::asked::clipped(why, 20_000))),
        Build::Ready(_) => ("ready", None),
    };
    json!({
        "id": view.resource.to_string(),
        "name": view.name,
        "runtime": view.runtime,
        "memory": view.memory,
        "timeout": view.timeout.as_secs(),
        "logGroup": view.log_group,
        "atEdge": view.at_edge,
        "state": state,
        "why": why,
        "idle": view.idle,
        "busy": view.busy,
        "variables": variables,
    })
}

/// The environment variables as the template has them.
fn variables(resource: &Resource, mask: &Mask) -> Value {
    mask.value(&resource.properties["Environment"]["Variables"])
}
