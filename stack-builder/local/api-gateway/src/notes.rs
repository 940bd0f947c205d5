//! Collecting what is not done here.

use serde_json::Value;
use stack_builder_local_core::{Note, Resource};

/// Notes under way.
#[derive(Debug, Default)]
pub(crate) struct Notes(pub(crate) Vec<Note>);

impl Notes {
    /// Notes something about a resource.
    pub(crate) fn add(&mut self, resource: &Resource, text: impl Into<String>) {
        self.0.push(Note { resource: resource.id.clone(), text: text.into() });
    }

    /// Notes every property that is set and not among the known ones.
    pub(crate) fn unknown(&mut self, resource: &Resource, known: &[&str]) {
        let Some(properties) = resource.properties.as_object() else { return };
        for (name, value) in properties {
            let set = !matches!(value, Value::Null | Value::Bool(false)) && *value != "false";
            if set && !known.contains(&name.as_str()) {
                self.add(resource, format!("`{name}` has no effect here"));
            }
        }
    }

    /// All of them, sorted, each once.
    pub(crate) fn finish(mut self) -> Vec<Note> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// Texts of a list.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A number, also one that is written as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// A whole number, also one that is written as text.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// True or false, also as text.
pub(crate) fn flag(value: &Value) -> bool {
    value == true || value == "true"
}
