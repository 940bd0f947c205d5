//! What `synth` writes for the shipped stacks and the examples, to the byte.
//!
//! `cargo xtask bless` accepts what it writes now.

mod linters;
mod programs;

use programs::{file, golden, programs, synth, templates};
use serde_json::Value;
use stack_builder_tests::{Workspace, output_of, python_tool};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn golden_templates_are_what_synth_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = synth(&Workspace::open(), folder.path());
    assert!(!written.is_empty(), "synth writes no template");
    if std::env::var_os("BLESS").is_some() {
        bless(&written);
    }
    let expected = templates(&golden());
    let names = |templates: &BTreeMap<String, String>| templates.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&expected), "{MEND}");
    for (stack, text) in &written {
        let changes = difference(&parse(&expected[stack]), &parse(text));
        assert!(changes.is_empty(), "`{stack}` is another now, at {changes:#?}\n{MEND}");
        assert_eq!(*text, expected[stack], "`{stack}` has other bytes now\n{MEND}");
    }
}

const MEND: &str = "hint: if that is what you want, run `cargo xtask bless`";

fn bless(written: &BTreeMap<String, String>) {
    let _ = fs::remove_dir_all(golden());
    for (stack, text) in written {
        let file = file(stack);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a golden template");
    }
}

#[test]
fn golden_synth_writes_the_same_bytes_again() {
    let workspace = Workspace::open();
    let (first, second) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    synth(&workspace, first.path());
    synth(&workspace, second.path());
    let files = |folder: &Path| -> BTreeMap<_, _> {
        let folders = programs().into_iter().map(|program| program.folder);
        let entries = folders.flat_map(|name| fs::read_dir(folder.join(name)).expect("an assembly"));
        let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
        let relative = |path: &Path| path.strip_prefix(folder).expect("within").to_owned();
        files.map(|path| (relative(&path), fs::read(path).expect("a file"))).collect()
    };
    let (first, second) = (files(first.path()), files(second.path()));
    assert!(first.contains_key(Path::new("stacks/dev/manifest.json")), "{:?}", first.keys());
    assert!(first == second, "two runs wrote different bytes");
}

#[test]
fn golden_yaml_says_the_same_as_json() {
    const READ: &str = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let folder = tempfile::tempdir().expect("a folder");
    for (stack, text) in synth(&Workspace::open(), folder.path()) {
        let yaml = folder.path().join(format!("{stack}.template.yaml"));
        let read = output_of(Command::new(python_tool("python")).args(["-c", READ]).arg(&yaml));
        assert_eq!(difference(&parse(&text), &parse(&read)), [""; 0], "`{stack}`");
    }
}

#[test]
fn golden_one_line_changed_is_one_line_changed() {
    let workspace = Workspace::open();
    let folder = tempfile::tempdir().expect("a folder");
    let before = synth(&workspace, folder.path());
    workspace.edit("stacks/src/uploads.rs", "Remembers an uploaded file", "Remembers what was uploaded");
    let after = synth(&workspace, folder.path());
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(&before["stacks/dev/uploads"]), lines(&after["stacks/dev/uploads"]));
    assert_eq!(before.len(), after.len(), "lines came or went");
    let changed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    let [(old, new)] = changed.as_slice() else { panic!("not one line changed: {changed:#?}") };
    assert_eq!(old.replace("Remembers an uploaded file", "Remembers what was uploaded"), **new);
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// The places at which two values differ, as JSON pointers.
fn difference(old: &Value, new: &Value) -> Vec<String> {
    let keyed = |value: &Value| -> Option<BTreeMap<String, Value>> {
        match value {
            Value::Object(map) => Some(map.clone().into_iter().collect()),
            Value::Array(items) => {
                Some((0..).map(|index: usize| index.to_string()).zip(items.clone()).collect())
            }
            _ => None,
        }
    };
    let (Some(old_parts), Some(new_parts)) = (keyed(old), keyed(new)) else {
        return if old == new { Vec::new() } else { vec![String::new()] };
    };
    let keys: std::collections::BTreeSet<_> = old_parts.keys().chain(new_parts.keys()).collect();
    let nothing = Value::String("nothing here".into());
    let inside = keys.into_iter().flat_map(|key| {
        let of = |parts: &BTreeMap<String, Value>| parts.get(key).unwrap_or(&nothing).clone();
        difference(&of(&old_parts), &of(&new_parts)).into_iter().map(move |rest| format!("/{key}{rest}"))
    });
    inside.collect()
}
