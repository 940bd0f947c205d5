//! One resource type's schema as its entry in the facts.

use serde_json::{Value, json};

use super::readonly::{ReadOnly, attributes};
use super::schema::{object, plain_schema, strings};
use super::types::{Types, with_rules};

/// The facts about one resource type, keys not yet sorted.
pub(crate) fn facts(type_name: &str, schema: &Value) -> Value {
    let root = &plain_schema(schema);
    let readonly = &ReadOnly::of(root);
    let mut types = Types::new(root, readonly);
    let mut facts = with_rules(types.properties(root, None), root);
    mark_properties(root, &mut facts);
    types.finish(type_name.rsplit("::").next().unwrap_or(type_name), &mut facts);
    let attributes = attributes(root);
    if !attributes.is_empty() {
        facts["a"] = Value::Object(attributes);
    }
    add_identity(root, &mut facts);
    facts
}

/// Marks what replaces the resource, and what is deprecated.
fn mark_properties(root: &Value, facts: &mut Value) {
    let marks = [
        ("conditionalCreateOnlyProperties", "o", 2),
        ("createOnlyProperties", "o", 1),
        ("deprecatedProperties", "d", 1),
    ];
    for (list, key, mark) in marks {
        for path in property_paths(root, list) {
            if let Some(property) = facts["p"].get_mut(path) {
                property[key] = json!(mark);
            }
        }
    }
    let lists = ["createOnlyProperties", "conditionalCreateOnlyProperties"];
    let mut nested: Vec<&str> = lists.iter().flat_map(|list| property_paths(root, list)).collect();
    nested.retain(|path| path.contains('/'));
    nested.sort_unstable();
    nested.dedup();
    if !nested.is_empty() {
        facts["nco"] = json!(nested);
    }
}

fn add_identity(root: &Value, facts: &mut Value) {
    let identifier = property_paths(root, "primaryIdentifier");
    if !identifier.is_empty() {
        facts["id"] = json!(identifier);
    }
    let tagging = &root["tagging"];
    let tag = tagging["tagProperty"].as_str().and_then(|path| path.strip_prefix("/properties/"));
    if let Some(tag) = tag.filter(|tag| tagging["taggable"] != json!(false) && facts["p"].get(tag).is_some())
    {
        facts["tag"] = json!(tag);
    }
    // Custom resources take whatever their provider understands.
    if object(root, "patternProperties").is_some_and(|patterns| !patterns.is_empty()) {
        facts["open"] = json!(1);
    }
}

fn property_paths<'a>(root: &'a Value, list: &str) -> Vec<&'a str> {
    strings(root, list).into_iter().filter_map(|path| path.strip_prefix("/properties/")).collect()
}
