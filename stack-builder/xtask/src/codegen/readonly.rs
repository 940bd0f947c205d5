//! What a schema declares read-only: attributes of the resource, which nobody can set.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::schema::{Object, is_struct, object, resolve, strings, type_names};

/// What the schema says of a property that somebody might want to set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Access {
    /// Nobody can: an attribute, or an object that holds nothing else.
    Hidden,
    /// Declared read-only, beside properties that are not. Some schemas declare so what the service does accept.
    Doubtful,
}

/// The read-only paths of one schema, resolved to the objects they stand in.
pub(crate) struct ReadOnly {
    /// By the address of an object's schema and the name of a property of it.
    found: BTreeMap<(usize, String), Access>,
}

impl ReadOnly {
    /// Resolves `readOnlyProperties`. A property below the top counts only if its object is used nowhere else
    /// (elsewhere it might be settable) and does not require it. An object of which nothing is left is hidden itself,
    /// but not an element of a list: lists often refer to things by their identifier.
    pub(crate) fn of(root: &Value) -> Self {
        let mut readonly = Self { found: BTreeMap::new() };
        let uses = reference_counts(root);
        for path in strings(root, "readOnlyProperties") {
            let mut access = Some(Access::Doubtful);
            for step in walk(root, path).iter().rev() {
                let shared = step.references.iter().any(|reference| uses.get(reference) != Some(&1));
                let top = std::ptr::eq(step.object, root);
                let required = strings(step.object, "required").contains(&step.property);
                let Some(found) = access.filter(|_| (top || !shared) && !required) else { break };
                let found = if top { Access::Hidden } else { found };
                readonly.found.insert((address(step.object), step.property.to_owned()), found);
                access = (!step.in_list && readonly.covers(step.object)).then_some(Access::Hidden);
            }
        }
        readonly
    }

    /// What is known of this property of this object; nothing if it is like any other.
    pub(crate) fn access(&self, object: &Value, property: &str) -> Option<Access> {
        self.found.get(&(address(object), property.to_owned())).copied()
    }

    fn covers(&self, node: &Value) -> bool {
        object(node, "properties").is_some_and(|map| map.keys().all(|name| self.access(node, name).is_some()))
    }
}

/// The attributes: every read-only path that does not lead into a list, with the type `Fn::GetAtt` yields.
pub(crate) fn attributes(root: &Value) -> Object {
    let mut out = Object::new();
    for path in strings(root, "readOnlyProperties") {
        let steps = walk(root, path);
        let through_list = path.split('/').any(|segment| segment == "*" || segment == "items");
        if let Some(last) = steps.last().filter(|_| !through_list) {
            let name: Vec<&str> = steps.iter().map(|step| step.property).collect();
            out.insert(name.join("."), attribute_type(root, last.node, 0));
        }
    }
    out
}

/// One step of a property path: the property, the object it stands in, and its schema.
struct Step<'a> {
    object: &'a Value,
    property: &'a str,
    node: &'a Value,
    /// Every reference followed from the top to reach the object.
    references: Vec<&'a str>,
    /// Whether the object is an element of a list.
    in_list: bool,
}

/// Follows `/properties/A/B`, `/properties/A/*/B` and `/properties/A/properties/B`; empty if it leads nowhere.
fn walk<'a>(root: &'a Value, path: &'a str) -> Vec<Step<'a>> {
    let (mut steps, mut references, mut node, mut in_list) = (Vec::new(), Vec::new(), root, false);
    for segment in path.split('/').skip(2) {
        while let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            let Some((_, target)) = resolve(root, reference) else { return Vec::new() };
            references.push(reference);
            node = target;
        }
        if let Some(next) = object(node, "properties").and_then(|map| map.get(segment)) {
            steps.push(Step {
                object: node,
                property: segment,
                node: next,
                references: references.clone(),
                in_list,
            });
            (node, in_list) = (next, false);
        } else if segment == "*" || segment == "items" {
            (node, in_list) = (node.get("items").unwrap_or(&Value::Null), true);
        } else if segment != "properties" {
            return Vec::new();
        }
    }
    steps
}

fn address(node: &Value) -> usize {
    std::ptr::from_ref(node).addr()
}

fn reference_counts(root: &Value) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match node {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    *counts.entry(reference.as_str()).or_insert(0) += 1;
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    counts
}

fn attribute_type(root: &Value, node: &Value, depth: usize) -> Value {
    if let Some(reference) = node.get("$ref").and_then(Value::as_str).filter(|_| depth < 6) {
        return resolve(root, reference)
            .map_or(json!("j"), |(_, target)| attribute_type(root, target, depth + 1));
    }
    match (type_names(node).as_slice(), node.get("items")) {
        (["array"], Some(items)) => json!(["a", attribute_type(root, items, depth + 1)]),
        (["string"], _) => json!("s"),
        (["integer"], _) => json!("i"),
        (["number"], _) => json!("n"),
        (["boolean"], _) => json!("b"),
        _ if is_struct(node) => json!("o"),
        ([], _) if node.get("format").is_some() || node.get("enum").is_some() => json!("s"),
        _ => json!("j"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(readonly: &[&str]) -> Value {
        json!({
            "readOnlyProperties": readonly,
            "properties": {
                "Arn": { "type": "string" },
                "Endpoint": { "$ref": "#/definitions/Endpoint" },
                "Rules": { "type": "array", "items": { "type": "object", "properties": {
                    "Id": { "type": "integer" }, "Name": { "type": "string" },
                } } },
            },
            "definitions": { "Endpoint": { "type": "object", "properties": { "Port": { "type": "integer" } } } },
        })
    }

    #[track_caller]
    fn check_attributes(readonly: &[&str], expect: &Value) {
        assert_eq!(&Value::Object(attributes(&schema(readonly))), expect);
    }

    #[test]
    fn attributes_are_dotted_and_do_not_lead_into_lists() {
        check_attributes(
            &["/properties/Arn", "/properties/Endpoint/Port", "/properties/Rules/*/Id", "/properties/Gone"],
            &json!({ "Arn": "s", "Endpoint.Port": "i" }),
        );
        check_attributes(
            &["/properties/Endpoint", "/properties/Rules"],
            &json!({ "Endpoint": "o", "Rules": ["a", "o"] }),
        );
    }

    #[test]
    fn an_object_of_which_nothing_is_left_is_hidden() {
        let schema = schema(&["/properties/Arn", "/properties/Endpoint/Port", "/properties/Rules/*/Id"]);
        let readonly = ReadOnly::of(&schema);
        assert_eq!(readonly.access(&schema, "Arn"), Some(Access::Hidden));
        assert_eq!(readonly.access(&schema, "Endpoint"), Some(Access::Hidden));
        assert_eq!(readonly.access(&schema, "Rules"), None);
        let rule = &schema["properties"]["Rules"]["items"];
        assert_eq!(readonly.access(rule, "Id"), Some(Access::Doubtful));
        assert_eq!(readonly.access(rule, "Name"), None);
    }

    #[test]
    fn elements_of_a_list_never_hide_it() {
        let schema = schema(&["/properties/Rules/*/Id", "/properties/Rules/*/Name"]);
        assert_eq!(ReadOnly::of(&schema).access(&schema, "Rules"), None);
    }

    #[test]
    fn a_shared_object_hides_nothing() {
        let mut schema = schema(&["/properties/Endpoint/Port"]);
        schema["properties"]["Other"] = json!({ "$ref": "#/definitions/Endpoint" });
        assert_eq!(ReadOnly::of(&schema).access(&schema, "Endpoint"), None);
    }
}
