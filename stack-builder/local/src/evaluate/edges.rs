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
    use crate::evaluate::identity::Identities;
    use crate::evaluate::stack::{Conditions, Scope};
    use serde_json::json;
    use stack_builder_local_core::ResourceId;
    use std::collections::BTreeMap;

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

    #[test]
    fn references_lead_to_this_stack_and_behind_parameters_and_secrets_are_told_apart() {
        let template = json!({
            "Parameters": { "Gate": { "Type": "String" }, "Key": { "Type": "String", "NoEcho": true } },
            "Resources": {
                "Site": {
                    "Type": "AWS::CloudFront::Distribution",
                    "Properties": { "A": { "Ref": "Gate" }, "B": { "Ref": "Site" }, "C": { "Fn::GetAtt": ["Store", "Arn"] } },
                },
                "Store": { "Type": "AWS::S3::Bucket", "Properties": { "D": { "Ref": "Key" } } },
            },
            "Outputs": { "Url": { "Value": { "Ref": "Site" } } },
        });
        let id =
            |stack: &str, logical_id: &str| ResourceId { stack: stack.into(), logical_id: logical_id.into() };
        let parameters =
            [("Gate", "arn"), ("Key", "hunter2")].map(|(name, value)| (name.into(), value.into()));
        let scope = Scope {
            stack_name: "a-dev",
            region: "eu-west-1",
            account: "000000000000",
            template: &template,
            parameters: &parameters.into(),
            exports: &BTreeMap::new(),
            origins: &[("Gate".to_owned(), [id("b-dev", "Version")].into())].into(),
            identities: Identities::default(),
            conditions: Conditions::default(),
        };
        let evaluated = scope.evaluate();
        assert_eq!(evaluated.references["Site"], [id("a-dev", "Store"), id("b-dev", "Version")].into());
        assert_eq!(evaluated.references["Store"], BTreeSet::new());
        assert_eq!(evaluated.output_references["Url"], [id("a-dev", "Site")].into());
        assert_eq!(evaluated.hidden, ["hunter2".to_owned()].into());
        assert_eq!(evaluated.parameters, [("Gate".to_owned(), "arn".to_owned())].into());
    }
}
