//! One resource with its properties.

use super::asked::{Asked, Refused, Shown};
use super::mask::Mask;
use crate::application::Application;
use crate::kinds::{self, Kind};
use serde_json::json;

/// The resource `id`, which is `<stack>/<logical id>`. Its properties are as AWS would have them; references to secrets
/// stand as they are.
pub(super) fn of(application: &Application, asked: &Asked) -> Shown {
    let id = asked.required("id")?;
    let mut all = application.stacks.iter().flat_map(|stack| &stack.resources);
    let found = all.find(|resource| resource.id.to_string() == id);
    let resource = found.ok_or_else(|| Refused(404, "the application has no such resource".to_owned()))?;
    let mask = Mask::new(application);
    let noted = application.notes.iter().filter(|note| note.resource == resource.id).map(|note| &*note.text);
    let reason = match kinds::of(&resource.kind) {
        Kind::Runs => None,
        Kind::NotRun(reason) => Some(reason),
    };
    Ok(json!({
        "id": id,
        "kind": resource.kind,
        "physical": resource.physical_id,
        "attributes": resource.attributes,
        "properties": mask.value(&resource.properties),
        "runs": reason.is_none(),
        "notes": reason.into_iter().chain(noted).collect::<Vec<_>>(),
    }))
}
