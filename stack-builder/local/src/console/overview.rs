//! What runs, and what does not.

use super::Console;
use crate::application::Application;
use crate::overview::{self, AppOverview, ResourceOverview};
use serde_json::{Value, json};

impl Console {
    pub(super) fn overview(&self, application: &Application) -> Value {
        let overview = overview::of(application, &self.endpoint);
        let app = |app: &AppOverview| self::app(app, application, &overview.resources);
        let differs = |resource: &&ResourceOverview| !resource.notes.is_empty();
        let world = &self.stores.world;
        json!({
            "run": self.run,
            "endpoint": overview.endpoint,
            "region": world.region,
            "account": world.account,
            "apps": overview.apps.iter().map(app).collect::<Vec<_>>(),
            "differences": overview.resources.iter().filter(differs).map(|one| difference(one, application)).collect::<Vec<_>>(),
            "totals": self.totals(),
        })
    }

    /// How much there is behind each of the console's views.
    fn totals(&self) -> Value {
        let world = &self.stores.world;
        json!({
            "requests": world.journal.requests().len(),
            "mails": world.journal.inbox().len(),
            "notices": world.journal.notices().len(),
            "groups": world.logs.groups().len(),
            "buckets": self.stores.buckets.buckets().len(),
        })
    }
}

fn app(app: &AppOverview, application: &Application, all: &[ResourceOverview]) -> Value {
    let stack = application.stacks.iter().find(|stack| stack.stack_name == app.stack);
    // Outputs and parameters that cannot be had here are told, but they are no resources.
    let is_resource = |resource: &&ResourceOverview| resource.kind.contains("::");
    let own = || all.iter().filter(|resource| resource.id.stack == app.stack).filter(is_resource);
    let url = |(name, url): &(String, String)| json!({ "name": name, "url": url });
    json!({
        "stack": app.stack,
        "name": app.name,
        "region": stack.map(|stack| stack.region.as_str()),
        "urls": app.urls.iter().map(url).collect::<Vec<_>>(),
        "resources": own().count(),
        "runs": own().filter(|resource| resource.runs).count(),
    })
}

fn difference(resource: &ResourceOverview, application: &Application) -> Value {
    let mut resources = application.stacks.iter().flat_map(|stack| &stack.resources);
    json!({
        "there": resources.any(|there| there.id == resource.id),
        "id": resource.id.to_string(),
        "kind": resource.kind,
        "runs": resource.runs,
        "notes": resource.notes,
    })
}
