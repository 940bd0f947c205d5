//! Which properties of an object go together: the rules a schema states besides its lists of required names.

use serde_json::{Value, json};

use super::schema::{Object, common_names, object, strings};

/// The rules of an object node, in the facts' form; empty when there are none. A rule about a property that nobody
/// can set is none.
pub(crate) fn rules(node: &Value, properties: &Object) -> Object {
    let mut rules = all_rules(node);
    rules.retain(|_, rule| known(rule, properties));
    rules
}

/// Whether every name that the rule mentions is a property. The names stand in lists, or before the lists.
fn known(rule: &Value, properties: &Object) -> bool {
    match rule {
        Value::String(name) => properties.contains_key(name),
        Value::Array(parts) => parts.iter().all(|part| known(part, properties)),
        Value::Object(parts) => parts.iter().all(|(name, part)| {
            let keyword = name.starts_with("required") || matches!(name.as_str(), "oneOf" | "anyOf");
            (keyword || properties.contains_key(name)) && known(part, properties)
        }),
        _ => true,
    }
}

fn all_rules(node: &Value) -> Object {
    let mut out = Object::new();
    for key in ["requiredXor", "requiredOr"] {
        put(&mut out, key, names(node, key));
    }
    for key in ["dependentRequired", "dependentExcluded"] {
        put(&mut out, key, dependents(node, key));
    }
    if let Some(Value::Object(more)) = dependents(node, "dependencies") {
        let known = out.entry("dependentRequired").or_insert_with(|| json!({}));
        known.as_object_mut().into_iter().for_each(|known| known.extend(more.clone()));
    }
    put(&mut out, "oneOf", choice(node, "oneOf"));
    put(&mut out, "anyOf", choice(node, "anyOf"));
    put(&mut out, "allOf", further(node));
    out
}

/// Names that every branch of a choice requires: they are simply required.
pub(crate) fn required_by_choice(node: &Value) -> Vec<Value> {
    let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| node.get(key)?.as_array());
    choices.flat_map(|branches| common_names(branches)).collect()
}

fn put(out: &mut Object, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        out.insert(key.into(), value);
    }
}

fn names(node: &Value, key: &str) -> Option<Value> {
    let names = strings(node, key);
    (!names.is_empty()).then(|| json!(names))
}

/// `{A: [B]}` and its older spelling `{A: {required: [B]}}`; whatever else a dependency may be is left out.
fn dependents(node: &Value, key: &str) -> Option<Value> {
    let entries = object(node, key)?.iter().filter_map(|(name, then)| {
        let needed = if then.is_array() { then.clone() } else { json!(required_only(then)?) };
        Some((name.clone(), needed))
    });
    let entries: Object = entries.collect();
    (!entries.is_empty()).then_some(Value::Object(entries))
}

/// A choice between lists of required names. A choice of one, or one that asks for more than names, says nothing here.
fn choice(node: &Value, key: &str) -> Option<Value> {
    let branches = node.get(key)?.as_array()?;
    let lists: Option<Vec<_>> = branches.iter().map(|branch| branch_names(branch, key)).collect();
    let lists = lists.filter(|lists| lists.len() > 1 && lists.iter().all(|list| !list.is_empty()))?;
    Some(lists.iter().map(|list| json!({ "required": list })).collect())
}

/// `anyOf` may be weakened (a branch that asks for more still asks for these names); `oneOf` may not, because a
/// weakened branch could match where it should not.
fn branch_names<'a>(branch: &'a Value, key: &str) -> Option<Vec<&'a str>> {
    if key == "anyOf" { Some(strings(branch, "required")) } else { required_only(branch) }
}

fn required_only(node: &Value) -> Option<Vec<&str>> {
    let only = node.as_object()?.keys().all(|key| key == "required" || key == "type");
    only.then(|| strings(node, "required")).filter(|names| !names.is_empty())
}

fn further(node: &Value) -> Option<Value> {
    let parts = node.get("allOf")?.as_array()?.iter().map(all_rules).filter(|part| !part.is_empty());
    let parts: Vec<Value> = parts.map(Value::Object).collect();
    (!parts.is_empty()).then_some(Value::Array(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(node: &Value, expect: &Value) {
        let properties = ["A", "B", "C", "D"].map(|name| (name.to_owned(), json!({})));
        assert_eq!(&Value::Object(rules(node, &properties.into_iter().collect())), expect);
    }

    #[test]
    fn a_choice_keeps_the_names_only() {
        let node = json!({ "oneOf": [{ "required": ["A"], "type": "object" }, { "required": ["B", "C"] }] });
        check(&node, &json!({ "oneOf": [{ "required": ["A"] }, { "required": ["B", "C"] }] }));
    }

    #[test]
    fn a_choice_that_asks_for_more_than_names_is_no_rule() {
        check(
            &json!({ "oneOf": [{ "required": ["A"], "properties": { "A": { "required": ["B"] } } }, { "required": ["B"] }] }),
            &json!({}),
        );
        check(&json!({ "oneOf": [{}, { "required": ["A", "B"] }] }), &json!({}));
        check(&json!({ "oneOf": [{ "required": ["A"] }] }), &json!({}));
    }

    #[test]
    fn a_rule_about_something_that_is_no_property_is_dropped() {
        check(
            &json!({ "requiredXor": ["A", "Gone"], "requiredOr": ["A", "B"] }),
            &json!({ "requiredOr": ["A", "B"] }),
        );
        check(&json!({ "dependentExcluded": { "Gone": ["A"] } }), &json!({}));
    }

    #[test]
    fn both_spellings_of_a_dependency() {
        check(
            &json!({ "dependencies": { "A": ["B"], "C": { "required": ["D"] }, "E": { "oneOf": [] } } }),
            &json!({ "dependentRequired": { "A": ["B"], "C": ["D"] } }),
        );
    }

    #[test]
    fn what_every_branch_requires_is_required() {
        let node = json!({ "anyOf": [{ "required": ["A", "K"] }, { "required": ["K"] }] });
        assert_eq!(required_by_choice(&node), [json!("K")]);
    }
}
