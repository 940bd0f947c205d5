//! Which resources refer to which, read from the template as it stands.

use serde_json::Value;
use std::collections::BTreeSet;

/// Every name that a value refers to by `Ref`, `Fn::GetAtt`, `Fn::Sub` or `DependsOn`: resources, parameters and pseudo
/// parameters alike.
pub(crate) fn references(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(value, &mut found);
    found
}

fn walk(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
        Value::Object(members) => {
            for (name, argument) in members {
                intrinsic(name, argument, found);
                walk(argument, found);
            }
        }
        _ => {}
    }
}

fn intrinsic(name: &str, argument: &Value, found: &mut BTreeSet<String>) {
    let text = argument.as_str().or_else(|| argument.get(0)?.as_str());
    match (name, text) {
        ("Ref", Some(name)) => drop(found.insert(name.to_owned())),
        ("Fn::GetAtt", Some(path)) => drop(found.insert(before_dot(path))),
        ("Fn::Sub", Some(template)) => found.extend(variables(template)),
        ("DependsOn", _) => {
            let many = argument.as_array().into_iter().flatten();
            found.extend(many.chain([argument]).filter_map(Value::as_str).map(str::to_owned));
        }
        _ => {}
    }
}

fn before_dot(path: &str) -> String {
    path.split('.').next().unwrap_or_default().to_owned()
}

/// The names in `${…}`, but not those escaped as `${!…}`.
fn variables(template: &str) -> impl Iterator<Item = String> {
    let inside = template.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    inside.filter(|name| !name.starts_with('!')).map(|name| before_dot(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_what_a_resource_refers_to() {
        let resource = json!({
            "DependsOn": ["A", "B"],
            "Properties": {
                "One": { "Fn::Join": ["", [{ "Ref": "C" }, { "Fn::GetAtt": ["D", "Arn"] }]] },
                "Two": { "Fn::GetAtt": "E.Arn" },
                "Three": { "Fn::Sub": "${F}/${G.Arn}/${!Not}/${own}" },
                "Four": { "Fn::Sub": ["${x}", { "x": { "Ref": "H" } }] },
                "Text": "Ref",
            },
        });
        let found: Vec<_> = references(&resource).into_iter().collect();
        assert_eq!(found, ["A", "B", "C", "D", "E", "F", "G", "H", "own", "x"]);
        assert_eq!(references(&json!({ "DependsOn": "A" })), BTreeSet::from(["A".to_owned()]));
    }
}
