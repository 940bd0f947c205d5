//! What a refresh changed, for the person who reviews it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

type Facts = BTreeMap<String, Value>;

/// Compares two states of the facts: counts first, then one line a change. Empty when nothing changed.
pub(crate) fn report(old: &Facts, new: &Facts) -> String {
    let mut changes = Vec::new();
    for name in names(old, new) {
        match (old.get(name), new.get(name)) {
            (None, Some(_)) => changes.push(("types added", format!("{name}: new"))),
            (Some(_), None) => changes.push(("types removed", format!("{name}: gone"))),
            (Some(old), Some(new)) if old != new => compare(name, old, new, &mut changes),
            _ => {}
        }
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, _) in &changes {
        *counts.entry(kind).or_insert(0) += 1;
    }
    let counts = counts.iter().map(|(kind, count)| format!("{count:>6} {kind}\n"));
    let lines = changes.iter().map(|(_, line)| format!("{line}\n"));
    counts.chain((!changes.is_empty()).then(|| "\n".to_owned())).chain(lines).collect()
}

type Changes = Vec<(&'static str, String)>;

fn names<'a, T>(old: &'a BTreeMap<String, T>, new: &'a BTreeMap<String, T>) -> BTreeSet<&'a String> {
    old.keys().chain(new.keys()).collect()
}

fn compare(name: &str, old: &Value, new: &Value, changes: &mut Changes) {
    let before = changes.len();
    let (old_properties, new_properties) = (properties(old), properties(new));
    for path in names(&old_properties, &new_properties) {
        let at = format!("{name} {path}");
        match (old_properties.get(path), new_properties.get(path)) {
            (None, Some(new)) if new.get("r").is_some() => {
                changes.push(("required properties added", at + ": new, required"));
            }
            (None, Some(_)) => changes.push(("properties added", at + ": new")),
            (Some(_), None) => changes.push(("properties removed", at + ": gone")),
            (Some(old), Some(new)) => compare_property(&at, old, new, changes),
            _ => {}
        }
    }
    compare_attributes(name, old, new, changes);
    compare_enums(name, old, new, changes);
    if changes.len() == before {
        changes.push(("types changed otherwise", format!("{name}: limits, rules or identity changed")));
    }
}

/// Every property of a type: `Name` of the resource itself, `Struct.Name` of a struct.
fn properties(entry: &Value) -> BTreeMap<String, &Value> {
    let own = entries(&entry["p"]).map(|(name, property)| (name.clone(), property));
    let nested = entries(&entry["s"]).flat_map(|(owner, body)| {
        entries(&body["p"]).map(move |(name, property)| (format!("{owner}.{name}"), property))
    });
    own.chain(nested).collect()
}

fn entries(map: &Value) -> impl Iterator<Item = (&String, &Value)> {
    map.as_object().into_iter().flat_map(Map::iter)
}

fn compare_property(at: &str, old: &Value, new: &Value, changes: &mut Changes) {
    match (old.get("r").is_some(), new.get("r").is_some()) {
        (true, false) => changes.push(("required -> optional", format!("{at}: now optional"))),
        (false, true) => changes.push(("optional -> required", format!("{at}: now required"))),
        _ => {}
    }
    let (was, is) = (&old["t"], &new["t"]);
    if was != is {
        changes.push((kind_of_change(was, is), format!("{at}: type {was} -> {is}")));
    }
    if old.get("o") != new.get("o") {
        let [was, is] = [old, new].map(|property| replacement(property.get("o")));
        changes.push(("replacement changed", format!("{at}: an update {was} -> {is}")));
    }
}

fn kind_of_change(was: &Value, is: &Value) -> &'static str {
    match (leaf(was), leaf(is)) {
        ("s", "e") => "string -> enum",
        ("e", "s") => "enum -> string",
        ("e", "e") | ("r", "r") => "types renamed",
        _ => "types of properties changed",
    }
}

/// The letter of what a list or map finally holds.
fn leaf(kind: &Value) -> &str {
    match kind {
        Value::Array(parts) if parts[0] == "a" || parts[0] == "m" => leaf(&parts[1]),
        Value::Array(parts) => parts[0].as_str().unwrap_or_default(),
        other => other.as_str().unwrap_or_default(),
    }
}

fn replacement(mark: Option<&Value>) -> &'static str {
    match mark.and_then(Value::as_u64) {
        Some(1) => "replaces",
        Some(_) => "may replace",
        None => "keeps the resource",
    }
}

fn compare_attributes(name: &str, old: &Value, new: &Value, changes: &mut Changes) {
    for (attribute, _) in entries(&new["a"]).filter(|(attribute, _)| old["a"].get(attribute).is_none()) {
        changes.push(("attributes added", format!("{name} {attribute}: new attribute")));
    }
    for (attribute, _) in entries(&old["a"]).filter(|(attribute, _)| new["a"].get(attribute).is_none()) {
        changes.push(("attributes removed", format!("{name} {attribute}: attribute gone")));
    }
}

fn compare_enums(name: &str, old: &Value, new: &Value, changes: &mut Changes) {
    for (owner, values) in entries(&old["e"]) {
        let Some(now) = new["e"].get(owner) else { continue };
        let values_of = |list: &Value| list.as_array().cloned().unwrap_or_default();
        let (was, now) = (values_of(values), values_of(now));
        for value in now.iter().filter(|value| !was.contains(value)) {
            changes.push(("enum values added", format!("{name} {owner}: new value {value}")));
        }
        for value in was.iter().filter(|value| !now.contains(value)) {
            changes.push(("enum values removed", format!("{name} {owner}: value {value} gone")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(old: &Value, new: &Value, expect: &str) {
        let state = |entry: &Value| match entry {
            Value::Null => Facts::new(),
            entry => Facts::from([("AWS::A::B".to_owned(), entry.clone())]),
        };
        let report = report(&state(old), &state(new));
        let trimmed: Vec<&str> = report.lines().map(str::trim).collect();
        assert_eq!(trimmed.join("\n").trim(), expect);
    }

    #[test]
    fn nothing_changed_is_nothing_said() {
        check(&json!({ "p": {} }), &json!({ "p": {} }), "");
    }

    #[test]
    fn types_come_and_go() {
        check(&json!(null), &json!({ "p": {} }), "1 types added\n\nAWS::A::B: new");
        check(&json!({ "p": {} }), &json!(null), "1 types removed\n\nAWS::A::B: gone");
    }

    #[test]
    fn properties_of_structs_are_compared_too() {
        check(
            &json!({ "p": { "A": { "t": "s", "r": 1 } }, "s": { "X": { "p": { "C": { "t": "s" } } } } }),
            &json!({ "p": { "A": { "t": ["e", "Mode"], "o": 1 }, "B": { "t": "i", "r": 1 } }, "s": { "X": { "p": {} } } }),
            "1 properties removed\n1 replacement changed\n1 required -> optional\n1 required properties added\n1 string -> enum\n\n\
             AWS::A::B A: now optional\nAWS::A::B A: type \"s\" -> [\"e\",\"Mode\"]\n\
             AWS::A::B A: an update keeps the resource -> replaces\nAWS::A::B B: new, required\nAWS::A::B X.C: gone",
        );
    }

    #[test]
    fn enums_and_attributes() {
        check(
            &json!({ "p": {}, "e": { "Mode": ["A", "B"] }, "a": { "Arn": "s" } }),
            &json!({ "p": {}, "e": { "Mode": ["B", "C"] }, "a": { "Id": "s" } }),
            "1 attributes added\n1 attributes removed\n1 enum values added\n1 enum values removed\n\n\
             AWS::A::B Id: new attribute\nAWS::A::B Arn: attribute gone\n\
             AWS::A::B Mode: new value \"C\"\nAWS::A::B Mode: value \"A\" gone",
        );
    }

    #[test]
    fn a_changed_limit_is_mentioned() {
        check(
            &json!({ "p": { "A": { "t": "s" } } }),
            &json!({ "p": { "A": { "t": "s", "c": { "xl": 3 } } } }),
            "1 types changed otherwise\n\nAWS::A::B: limits, rules or identity changed",
        );
    }
}
