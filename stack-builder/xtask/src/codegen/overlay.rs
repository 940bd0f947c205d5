//! The hand overlay: small corrections of the facts, each with its reason.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;

/// One correction. It says what it expects to find, so that it fails once upstream changes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    /// The resource type, such as `AWS::S3::Bucket`.
    #[serde(rename = "type")]
    type_name: String,
    /// A JSON pointer into the type's facts, such as `/p/BucketName/c`.
    path: String,
    /// What upstream yields there; left out when nothing.
    was: Option<Value>,
    /// What it is to be; left out when nothing.
    now: Option<Value>,
    /// Why.
    reason: String,
}

/// Reads every correction in the folder, files in the order of their names.
pub(crate) fn read(folder: &Path) -> Result<Vec<Correction>> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read `{}`", folder.display()))?
        .filter_map(|entry| {
            Some(entry.ok()?.path()).filter(|path| path.extension().is_some_and(|end| end == "json"))
        })
        .collect();
    files.sort();
    let mut corrections = Vec::new();
    for file in files {
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let read: Vec<Correction> =
            serde_json::from_str(&text).with_context(|| format!("`{}` is no overlay", file.display()))?;
        corrections.extend(read);
    }
    Ok(corrections)
}

/// Applies every correction, or names all that no longer apply.
pub(crate) fn apply(corrections: &[Correction], facts: &mut BTreeMap<String, Value>) -> Result<()> {
    let stale: Vec<String> = corrections.iter().filter_map(|one| one.apply(facts).err()).collect();
    if stale.is_empty() {
        return Ok(());
    }
    let hint = "hint: look the type up in the new schemas, then change or remove the entry in `cfn/overlay`";
    bail!("the overlay no longer fits upstream\n{}\n{hint}", stale.join("\n"))
}

impl Correction {
    fn apply(&self, facts: &mut BTreeMap<String, Value>) -> Result<(), String> {
        if self.reason.trim().is_empty() {
            return Err(self.complaint("has no reason"));
        }
        let found =
            facts.get(&self.type_name).ok_or_else(|| self.complaint("corrects a type that is gone"))?;
        match found.pointer(&self.path) {
            found if found == self.was.as_ref() => {}
            found if found == self.now.as_ref() => return Err(self.complaint("is mended upstream")),
            Some(found) => return Err(self.complaint(&format!("expects something else than `{found}`"))),
            None => return Err(self.complaint("corrects something that is gone")),
        }
        let facts = facts.get_mut(&self.type_name);
        facts.and_then(|facts| self.put(facts)).ok_or_else(|| self.complaint("leads nowhere"))
    }

    fn put(&self, facts: &mut Value) -> Option<()> {
        let (parent, key) = self.path.rsplit_once('/')?;
        let (parent, key) =
            (facts.pointer_mut(parent)?.as_object_mut()?, key.replace("~1", "/").replace("~0", "~"));
        match &self.now {
            Some(now) => parent.insert(key, now.clone()),
            None => parent.shift_remove(&key),
        };
        Some(())
    }

    fn complaint(&self, what: &str) -> String {
        format!("  `{}` at `{}` {what}", self.type_name, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn facts() -> BTreeMap<String, Value> {
        BTreeMap::from([("AWS::A::B".to_owned(), json!({ "p": { "Mode": { "t": "s" } } }))])
    }

    fn correction(entry: &Value) -> Correction {
        let mut entry = entry.clone();
        entry["type"] = json!("AWS::A::B");
        entry["reason"] = json!("for the test");
        serde_json::from_value(entry).unwrap()
    }

    #[track_caller]
    fn check(entry: &Value, expect: &Value) {
        let mut facts = facts();
        apply(&[correction(entry)], &mut facts).unwrap();
        assert_eq!(&facts["AWS::A::B"], expect);
    }

    #[track_caller]
    fn check_stale(entry: &Value, expect: &str) {
        let error = apply(&[correction(entry)], &mut facts()).unwrap_err().to_string();
        assert!(error.contains(expect) && error.contains("hint:"), "{error}");
    }

    #[test]
    fn changes_adds_and_removes() {
        check(
            &json!({ "path": "/p/Mode/t", "was": "s", "now": "j" }),
            &json!({ "p": { "Mode": { "t": "j" } } }),
        );
        check(
            &json!({ "path": "/e", "now": { "Mode": ["A"] } }),
            &json!({ "p": { "Mode": { "t": "s" } }, "e": { "Mode": ["A"] } }),
        );
        check(&json!({ "path": "/p/Mode", "was": { "t": "s" } }), &json!({ "p": {} }));
    }

    #[test]
    fn what_upstream_has_mended_is_an_error() {
        check_stale(
            &json!({ "path": "/p/Mode/t", "was": "j", "now": "s" }),
            "`AWS::A::B` at `/p/Mode/t` is mended upstream",
        );
        check_stale(
            &json!({ "path": "/p/Gone/c", "was": { "xl": 3 } }),
            "`AWS::A::B` at `/p/Gone/c` is mended upstream",
        );
    }

    #[test]
    fn what_upstream_has_changed_otherwise_is_an_error() {
        check_stale(
            &json!({ "path": "/p/Mode/t", "was": "i", "now": "n" }),
            "expects something else than `\"s\"`",
        );
        check_stale(
            &json!({ "path": "/p/Gone/t", "was": "i", "now": "n" }),
            "corrects something that is gone",
        );
        check_stale(&json!({ "path": "/e/Mode", "now": ["A"] }), "leads nowhere");
    }
}
