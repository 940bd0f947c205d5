//! How much there is: the counts in `facts/README.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use super::features::replaced;
use super::files::service;

const BEGIN: &str = "<!-- codegen: begin -->\n";
const END: &str = "<!-- codegen: end -->\n";

/// The README with the counts of these facts.
pub(crate) fn readme(text: &str, facts: &BTreeMap<String, Value>) -> Result<String> {
    replaced(text, &table(facts), BEGIN, END).context("`facts/README.md` has no place for its counts")
}

fn table(facts: &BTreeMap<String, Value>) -> String {
    let size = |value: &Value| value.as_object().map_or(0, serde_json::Map::len);
    let sum = |count: &dyn Fn(&Value) -> usize| facts.values().map(count).sum::<usize>();
    let in_structs = |entry: &Value| bodies(entry).map(|body| size(&body["p"])).sum::<usize>();
    let values = |entry: &Value| lists(entry).map(Vec::len).sum::<usize>();
    let services: std::collections::BTreeSet<String> = facts.keys().map(|name| service(name)).collect();
    let rows = [
        ("services", services.len()),
        ("resource types", facts.len()),
        ("properties of resources", sum(&|entry| size(&entry["p"]))),
        ("structs", sum(&|entry| size(&entry["s"]))),
        ("properties of structs", sum(&in_structs)),
        ("enums", sum(&|entry| size(&entry["e"]))),
        ("enum values", sum(&values)),
        ("attributes", sum(&|entry| size(&entry["a"]))),
        ("types whose `Ref` differs from the identifier", sum(&|entry| entry.get("ref").iter().len())),
    ];
    let mut out = "| what | how many |\n|---|---:|\n".to_owned();
    for (what, count) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| {what} | {count} |");
    }
    out
}

fn bodies(entry: &Value) -> impl Iterator<Item = &Value> {
    entry["s"].as_object().into_iter().flat_map(serde_json::Map::values)
}

fn lists(entry: &Value) -> impl Iterator<Item = &Vec<Value>> {
    entry["e"].as_object().into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_array)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_stand_between_the_markers() {
        let entry = json!({ "p": { "A": {}, "B": {} }, "s": { "X": { "p": { "C": {} } } }, "e": { "M": ["a", "b", "c"] } });
        let facts = BTreeMap::from([("AWS::S3::Bucket".to_owned(), entry)]);
        let readme =
            readme("Before.\n<!-- codegen: begin -->\nold\n<!-- codegen: end -->\nAfter.\n", &facts).unwrap();
        for row in ["| properties of resources | 2 |", "| properties of structs | 1 |", "| enum values | 3 |"]
        {
            assert!(readme.contains(row), "{readme}");
        }
        assert!(readme.starts_with("Before.") && readme.ends_with("After.\n") && !readme.contains("old"));
    }
}
