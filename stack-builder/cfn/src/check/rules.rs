//! Which properties of a structure go together.

use crate::node::{Node, Object};
use serde_json::Value as Json;

/// Every rule of `rules` that `object` breaks, as a sentence.
pub(super) fn broken(rules: &Json, object: &Object) -> Vec<String> {
    let mut found = Vec::new();
    for (kind, rule) in rules.as_object().into_iter().flatten() {
        match kind.as_str() {
            "requiredXor" => found.extend(count(rule, object, "exactly", |given| given == 1)),
            "requiredOr" => found.extend(count(rule, object, "at least", |given| given >= 1)),
            "oneOf" | "anyOf" if said(rules, rule) => {}
            "oneOf" | "anyOf" => found.extend(alternatives(rule, object)),
            "dependentRequired" => found.extend(dependent(rule, object, true)),
            "dependentExcluded" => found.extend(dependent(rule, object, false)),
            "allOf" => {
                found.extend(rule.as_array().into_iter().flatten().flat_map(|rule| broken(rule, object)));
            }
            _ => {}
        }
    }
    found
}

fn count(rule: &Json, object: &Object, how: &str, right: impl Fn(usize) -> bool) -> Option<String> {
    let names = names(rule);
    let given = names.iter().filter(|name| object.get(name).is_some()).count();
    let wrong = !right(given) && !names.iter().any(|name| conditional(object, name));
    wrong.then(|| format!("{how} one of {} must be set", listed(&names)))
}

/// Whether a list beside them says the same as these alternatives of one name each.
fn said(rules: &Json, alternatives: &Json) -> bool {
    let branches = alternatives.as_array().into_iter().flatten().map(|branch| names(&branch["required"]));
    let branches: Vec<_> = branches.flatten().collect();
    ["requiredXor", "requiredOr"].iter().any(|kind| names(&rules[kind]) == branches)
}

/// None of the alternatives is whole. That more than one is, which `oneOf` forbids too, CloudFormation's own schemas
/// do not keep to: one alternative often holds another.
fn alternatives(rule: &Json, object: &Object) -> Option<String> {
    let branches: Vec<_> = rule.as_array()?.iter().map(|branch| names(&branch["required"])).collect();
    let open = |names: &Vec<&str>| {
        names.iter().all(|name| object.get(name).is_some())
            || names.iter().any(|name| conditional(object, name))
    };
    if branches.iter().any(open) {
        return None;
    }
    let choices: Vec<_> = branches.iter().map(|names| listed(names)).collect();
    Some(format!("one of these must be set: {}", choices.join(", or ")))
}

fn dependent(rule: &Json, object: &Object, wanted: bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, others) in rule.as_object().into_iter().flatten() {
        if object.get(name).is_none() || conditional(object, name) {
            continue;
        }
        // AWS takes an empty list for one that is not given.
        let given = |other: &str| match object.get(other) {
            Some(Node::List(items)) => wanted || !items.is_empty(),
            other => other.is_some(),
        };
        let wrong = |other: &&str| given(other) != wanted && !conditional(object, other);
        let relation = if wanted { "needs" } else { "excludes" };
        found.extend(
            names(others).into_iter().filter(wrong).map(|other| format!("`{name}` {relation} `{other}`")),
        );
    }
    found
}

/// Whether a property may turn out to be absent when deployed.
fn conditional(object: &Object, name: &str) -> bool {
    let Some(Node::Call(call)) = object.get(name) else { return false };
    let nothing = matches!(&call.argument, Node::Text(name) if name == "AWS::NoValue");
    call.function == "Fn::If" || (call.function == "Ref" && nothing)
}

fn names(list: &Json) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(rules: serde_json::Value, given: &[&'static str], expect: &[&str]) {
        let object = given.iter().fold(Object::new(), |object, name| object.with(name, Node::Bool(true)));
        assert_eq!(broken(&rules, &object), expect);
    }

    #[test]
    fn choices() {
        let xor = json!({"requiredXor": ["A", "B"]});
        check(xor.clone(), &["A"], &[]);
        check(xor.clone(), &[], &["exactly one of `A` and `B` must be set"]);
        check(xor, &["A", "B"], &["exactly one of `A` and `B` must be set"]);
        check(json!({"requiredOr": ["A", "B"]}), &["A", "B"], &[]);
        let branches = json!({"oneOf": [{"required": ["A"]}, {"required": ["B", "C"]}]});
        check(branches.clone(), &["B", "C"], &[]);
        check(branches, &["B"], &["one of these must be set: `A`, or `B` and `C`"]);
    }

    #[test]
    fn relations() {
        check(json!({"dependentRequired": {"A": ["B"]}}), &["A"], &["`A` needs `B`"]);
        check(json!({"dependentExcluded": {"A": ["B"]}}), &["A", "B"], &["`A` excludes `B`"]);
        check(json!({"dependentExcluded": {"A": ["B"]}}), &["B"], &[]);
    }

    #[test]
    fn an_empty_list_excludes_nothing() {
        let object = Object::new().with("A", Node::Bool(true)).with("B", Node::List(vec![]));
        assert!(broken(&json!({"dependentExcluded": {"A": ["B"]}}), &object).is_empty());
    }

    #[test]
    fn what_a_condition_decides_is_not_known_yet() {
        let maybe = Node::call("Fn::If", Node::List(vec![]));
        let object = Object::new().with("A", maybe).with("B", Node::Bool(true));
        assert!(broken(&json!({"requiredXor": ["A", "B"]}), &object).is_empty());
    }
}
