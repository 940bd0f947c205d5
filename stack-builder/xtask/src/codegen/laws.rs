//! Laws that the checked-in facts obey.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{features, files};

fn checked_in() -> BTreeMap<String, Value> {
    files::parse(&files::read(&crate::repository_root().join("stack-builder/cfn/facts")).unwrap())
}

/// Facts, not prose: outside patterns and the values of enums, no string holds so much as a space.
#[test]
fn no_sentence_is_among_the_facts() {
    fn sentences<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::String(text) if text.contains(char::is_whitespace) => found.push(text),
            Value::Array(parts) => parts.iter().for_each(|part| sentences(part, found)),
            Value::Object(map) => {
                let told = map.iter().filter(|(key, _)| !matches!(key.as_str(), "pat" | "kp" | "e" | "eci"));
                told.for_each(|(_, part)| sentences(part, found));
            }
            _ => {}
        }
    }
    let (facts, mut found) = (checked_in(), Vec::new());
    for entry in facts.values() {
        sentences(entry, &mut found);
    }
    assert!(facts.len() > 1_800, "only {} types", facts.len());
    assert_eq!(found, Vec::<&str>::new());
}

/// Every `["r", X]` and `["e", X]` leads to a struct or an enum of its resource, and none of those is unused.
#[test]
fn every_name_is_defined_and_used() {
    fn used(value: &Value, names: &mut BTreeSet<(char, String)>) {
        if let [Value::String(letter), Value::String(name)] = value.as_array().map_or(&[][..], Vec::as_slice)
        {
            let kind = letter.chars().next().filter(|_| letter == "r" || letter == "e");
            names.extend(kind.map(|kind| (kind, name.clone())));
        }
        match value {
            Value::Array(parts) => parts.iter().for_each(|part| used(part, names)),
            Value::Object(map) => map.values().for_each(|part| used(part, names)),
            _ => {}
        }
    }
    for (type_name, entry) in checked_in() {
        let mut names = BTreeSet::new();
        for part in [&entry["p"], &entry["s"]] {
            used(part, &mut names);
        }
        let keys = |key: &str, kind: char| {
            let map = entry[key].as_object().into_iter().flat_map(serde_json::Map::keys);
            map.map(|name| (kind, name.clone())).collect::<Vec<_>>()
        };
        let defined: BTreeSet<_> = [keys("s", 'r'), keys("e", 'e')].concat().into_iter().collect();
        assert_eq!(names, defined, "{type_name}");
    }
}

/// A pattern that ECMAScript cannot read is no check, so none may slip in where it matters most.
#[test]
fn the_patterns_of_the_web_services_are_ecmascript() {
    fn patterns<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
        match value {
            Value::Array(parts) => parts.iter().for_each(|part| patterns(part, found)),
            Value::Object(map) => map.iter().for_each(|(key, part)| match part.as_str() {
                Some(pattern) if key == "pat" || key == "kp" => drop(found.insert(pattern)),
                _ => patterns(part, found),
            }),
            _ => {}
        }
    }
    let facts = checked_in();
    let mut found = BTreeSet::new();
    for (type_name, entry) in &facts {
        if features::WEB.contains(&files::service(type_name).as_str()) {
            patterns(entry, &mut found);
        }
    }
    let flags = |pattern: &str| if pattern.contains(r"\p{") { "u" } else { "" };
    found.retain(|pattern| regress::Regex::with_flags(pattern, flags(pattern)).is_err());
    assert_eq!(found, BTreeSet::new());
}

/// What identifies a resource, and what `Ref` returns, is a property or an attribute of it.
#[test]
fn identifiers_are_properties_or_attributes() {
    for (type_name, entry) in checked_in() {
        let lists = [&entry["id"], &entry["ref"]].into_iter().filter_map(Value::as_array).flatten();
        for name in lists.chain([&entry["ref"]]).filter_map(Value::as_str) {
            let property = name.split('/').next().and_then(|first| entry["p"].get(first));
            let attribute = entry["a"].get(name.replace('/', "."));
            assert!(property.or(attribute).is_some(), "{type_name} has no `{name}`");
        }
    }
}

/// What the overlay is there for, seen from the result.
#[test]
fn a_key_schema_is_a_list_of_structs() {
    let facts = checked_in();
    for name in ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"] {
        let entry = &facts[name];
        assert_eq!(entry["p"]["KeySchema"]["t"], json!(["a", ["r", "KeySchema"]]), "{name}");
        let key = &entry["s"]["KeySchema"]["p"];
        assert_eq!((&key["AttributeName"]["r"], &key["KeyType"]["r"]), (&json!(1), &json!(1)), "{name}");
        assert_eq!(key["KeyType"]["t"], json!(["e", "KeyType"]), "{name}");
        assert_eq!(entry["e"]["KeyType"], json!(["HASH", "RANGE"]), "{name}");
    }
}
