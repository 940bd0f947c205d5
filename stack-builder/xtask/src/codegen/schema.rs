//! Reading JSON schemas: small questions about a node, and the plain form in which unions have become objects.

use serde_json::{Map, Value, json};

/// A JSON object; keys keep the order in which they were put.
pub(crate) type Object = Map<String, Value>;

/// How deep references and unions may nest before a node counts as untyped.
pub(crate) const DEEPEST: usize = 12;

/// What a schema says to people. None of it may reach the facts.
const PROSE: [&str; 6] = ["description", "title", "$comment", "examples", "documentationUrl", "default"];

/// The object under `key`, or none.
pub(crate) fn object<'a>(node: &'a Value, key: &str) -> Option<&'a Object> {
    node.get(key).and_then(Value::as_object)
}

/// The strings of the list under `key`; empty when there is none.
pub(crate) fn strings<'a>(node: &'a Value, key: &str) -> Vec<&'a str> {
    let list = node.get(key).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The type names of a node: `"type": "string"` and `"type": ["string", "null"]` alike, without `null`.
pub(crate) fn type_names(node: &Value) -> Vec<&str> {
    match node.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(_) => strings(node, "type").into_iter().filter(|name| *name != "null").collect(),
        None => Vec::new(),
    }
}

/// Whether the node lists named properties. An array that also carries some is malformed, and an array.
pub(crate) fn is_struct(node: &Value) -> bool {
    let named = object(node, "properties").is_some_and(|properties| !properties.is_empty());
    named && node.get("items").is_none() && !type_names(node).contains(&"array")
}

/// What `#/a/b` points at, and the name it would go by.
pub(crate) fn resolve<'a>(root: &'a Value, reference: &'a str) -> Option<(&'a str, &'a Value)> {
    let target = root.pointer(reference.strip_prefix('#')?)?;
    Some((reference.rsplit('/').next()?, target))
}

/// The schema without prose, in which `allOf` has been folded into its node and a union of objects has become one
/// object: every branch's properties, required where all branches agree, and a rule that says which go together.
pub(crate) fn plain_schema(schema: &Value) -> Value {
    let mut out = plain(schema, schema, 0);
    let definitions = object(schema, "definitions").into_iter().flatten();
    let definitions: Object =
        definitions.map(|(name, node)| (name.clone(), plain(node, schema, 0))).collect();
    if let Some(out) = out.as_object_mut() {
        out.insert("definitions".into(), Value::Object(definitions));
    }
    out
}

fn plain(node: &Value, root: &Value, depth: usize) -> Value {
    let Some(source) = node.as_object() else {
        return node.clone();
    };
    let spoken = |key: &String| PROSE.contains(&key.as_str()) || key == "definitions";
    let parts = source.iter().filter(|(key, _)| !spoken(key));
    let mut out: Object =
        parts.map(|(key, value)| (key.clone(), plain_part(key, value, root, depth))).collect();
    fold_all_of(&mut out);
    for union in ["oneOf", "anyOf"] {
        fold_union(&mut out, union, root, depth);
    }
    Value::Object(out)
}

fn plain_part(key: &str, value: &Value, root: &Value, depth: usize) -> Value {
    match (key, value) {
        ("properties" | "patternProperties", Value::Object(map)) => {
            Value::Object(map.iter().map(|(name, node)| (name.clone(), plain(node, root, depth))).collect())
        }
        ("items", Value::Array(tuple)) => plain(tuple.first().unwrap_or(&Value::Null), root, depth),
        ("items" | "additionalProperties", _) => plain(value, root, depth),
        ("oneOf" | "anyOf" | "allOf", Value::Array(branches)) => {
            branches.iter().map(|node| plain(node, root, depth)).collect()
        }
        _ => value.clone(),
    }
}

/// Moves what `allOf` adds into the node itself: a lone reference, required names, further rules.
fn fold_all_of(node: &mut Object) {
    let Some(Value::Array(branches)) = node.shift_remove("allOf") else {
        return;
    };
    for mut branch in branches {
        let Some(branch) = branch.as_object_mut() else { continue };
        if let Some(reference) = branch.get("$ref") {
            node.entry("$ref").or_insert_with(|| reference.clone());
        }
        if let Some(Value::Array(names)) = branch.shift_remove("required") {
            require(node, names);
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            let Some(rule) = branch.shift_remove(key) else { continue };
            if node.contains_key(key) || key == "allOf" {
                further_rule(node, key, rule);
            } else {
                node.insert(key.into(), rule);
            }
        }
    }
}

fn require(node: &mut Object, names: Vec<Value>) {
    if let Value::Array(required) = node.entry("required").or_insert_with(|| json!([])) {
        required.extend(names);
    }
}

fn further_rule(node: &mut Object, key: &str, rule: Value) {
    if let Value::Array(rules) = node.entry("allOf").or_insert_with(|| json!([])) {
        rules.push(json!({ key: rule }));
    }
}

/// Turns `oneOf` or `anyOf` of objects into one object; leaves every other union as it is.
fn fold_union(node: &mut Object, union: &str, root: &Value, depth: usize) {
    if node.contains_key("properties") || depth > DEEPEST {
        return;
    }
    let branches = node.get(union).and_then(Value::as_array).into_iter().flatten();
    let branches: Vec<Value> = branches.map(|branch| followed(branch, root, depth)).collect();
    if branches.is_empty() || !branches.iter().all(is_struct) {
        return;
    }
    node.insert("properties".into(), merged_properties(&branches));
    require(node, common_names(&branches));
    let rule: Vec<Value> =
        branches.iter().map(|branch| json!({ "required": strings(branch, "required") })).collect();
    node.insert(union.into(), Value::Array(rule));
}

fn followed(branch: &Value, root: &Value, depth: usize) -> Value {
    let reference = branch.get("$ref").and_then(Value::as_str);
    match reference.and_then(|reference| resolve(root, reference)) {
        Some((_, target)) => plain(target, root, depth + 1),
        None => branch.clone(),
    }
}

/// All branches' properties; one that differs between branches becomes a union of its own.
fn merged_properties(branches: &[Value]) -> Value {
    let mut merged = Object::new();
    for (name, node) in branches.iter().filter_map(|branch| object(branch, "properties")).flatten() {
        match merged.get_mut(name) {
            None => drop(merged.insert(name.clone(), node.clone())),
            Some(known) if known == node => {}
            Some(known) => join(known, node),
        }
    }
    Value::Object(merged)
}

/// Makes a property that has one schema so far a union, or a union wider.
fn join(known: &mut Value, other: &Value) {
    let union =
        known.as_object_mut().filter(|known| known.len() == 1).and_then(|known| known.get_mut("anyOf"));
    match union.and_then(Value::as_array_mut) {
        Some(branches) => branches.push(other.clone()),
        None => *known = json!({ "anyOf": [known.take(), other] }),
    }
}

/// The names that every branch requires.
pub(crate) fn common_names(branches: &[Value]) -> Vec<Value> {
    let Some((first, rest)) = branches.split_first() else {
        return Vec::new();
    };
    let names = strings(first, "required").into_iter();
    let common = names.filter(|name| rest.iter().all(|branch| strings(branch, "required").contains(name)));
    common.map(Value::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schema: &Value, expect: &Value) {
        let plain = plain_schema(schema);
        assert_eq!(&plain["properties"]["P"], expect);
    }

    #[test]
    fn a_union_of_objects_becomes_one_object() {
        check(
            &json!({ "properties": { "P": { "oneOf": [
                { "type": "object", "properties": { "A": { "type": "string" }, "K": { "type": "string" } }, "required": ["K", "A"] },
                { "$ref": "#/definitions/Other" },
            ] } }, "definitions": { "Other": { "properties": { "K": { "type": "string" } }, "required": ["K"] } } }),
            &json!({
                "oneOf": [{ "required": ["K", "A"] }, { "required": ["K"] }],
                "properties": { "A": { "type": "string" }, "K": { "type": "string" } },
                "required": ["K"],
            }),
        );
    }

    #[test]
    fn all_of_with_a_lone_reference_is_that_reference() {
        check(
            &json!({ "properties": { "P": { "allOf": [{ "$ref": "#/definitions/D" }, { "default": "X" }] } } }),
            &json!({ "$ref": "#/definitions/D" }),
        );
    }

    #[test]
    fn a_property_called_description_is_no_prose() {
        check(
            &json!({ "properties": { "P": { "description": "Words.", "properties": { "description": { "type": "string" } } } } }),
            &json!({ "properties": { "description": { "type": "string" } } }),
        );
    }

    #[test]
    fn a_union_of_scalars_stays() {
        let node = json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] });
        check(&json!({ "properties": { "P": node } }), &node);
    }
}
