//! The tree of a REST API's paths.

use super::deployment::Draft;
use crate::constructs::route_path;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigateway as l1;
use stack_builder_cfn::{Source, Value};
use std::collections::BTreeMap;

/// The resources so far, by path, and the paths by name.
#[derive(Default)]
pub(super) struct Resources {
    ids: BTreeMap<String, Value<String>>,
    names: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

impl Resources {
    /// The id of the resource at `path`, which is added with all above it; `None` when that cannot be, which is reported.
    pub(super) fn at(&mut self, draft: &mut Draft<'_>, path: &str, source: Source) -> Option<Value<String>> {
        let mut id = draft.api.root_resource_id();
        let mut above = String::new();
        for part in route_path::parts(path) {
            let here = format!("{above}/{part}");
            if let Some(problem) = self.conflict(&above, part, &here) {
                draft.scope.report(problem.caused_by(source));
                return None;
            }
            let parent = id;
            id = self.ids.entry(here.clone()).or_insert_with(|| add(draft, &here, part, parent)).clone();
            above = here;
        }
        Some(id)
    }

    fn conflict(&mut self, above: &str, part: &str, here: &str) -> Option<Diagnostic> {
        let illegal =
            |message: String, hint: &str| Some(Diagnostic::error("illegal-route", message).hint(hint));
        let other = self.names.entry(route_path::path_name(here)).or_insert_with(|| here.to_owned());
        if other != here {
            let message = format!("the paths `{other}` and `{here}` would share a name");
            return illegal(message, "change one of the two");
        }
        if !part.starts_with('{') {
            return None;
        }
        let other = self.variables.entry(above.to_owned()).or_insert_with(|| part.to_owned());
        if other == part {
            return None;
        }
        let message = format!("`{other}` and `{part}` stand in the same place, below `{above}/`");
        illegal(message, "a REST API takes one variable in a place: name both alike")
    }
}

fn add(draft: &mut Draft<'_>, path: &str, part: &str, parent: Value<String>) -> Value<String> {
    let l1 = l1::Resource::new().rest_api_id(draft.id()).parent_id(parent).path_part(part);
    draft.add(&format!("Resource{}", route_path::path_name(path)), l1).reference()
}
