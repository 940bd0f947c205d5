//! What `synth` writes for the shipped stacks, to the byte.
//!
//! `cargo xtask bless` accepts what it writes now.

use serde_json::Value;
use stack_builder_tests::{Workspace, output_of, python_tool, repository_root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ENDING: &str = ".template.json";

/// Runs `synth` and returns the templates by stack.
#[track_caller]
fn synth(workspace: &Workspace, output: &Path) -> BTreeMap<String, String> {
    let output_argument = output.to_str().expect("a readable path");
    workspace.stack_builder(["synth", "--yaml", "--output", output_argument]).run().success();
    templates(output)
}

/// The templates in a folder, by the name of their stack.
fn templates(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| {
        let stack = entry.file_name().to_str()?.strip_suffix(ENDING)?.to_owned();
        Some((stack, fs::read_to_string(entry.path()).expect("a template")))
    });
    named.collect()
}

fn golden() -> PathBuf {
    repository_root().join("tests/golden")
}

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
    fs::create_dir_all(golden()).expect("a folder");
    for (stack, text) in written {
        fs::write(golden().join(format!("{stack}{ENDING}")), text).expect("a golden template");
    }
}

#[test]
fn golden_templates_have_no_finding_of_cfn_lint() {
    let files: Vec<PathBuf> =
        templates(&golden()).keys().map(|stack| golden().join(format!("{stack}{ENDING}"))).collect();
    assert!(!files.is_empty(), "there is no golden template\n{MEND}");
    let mut lint = Command::new(python_tool("cfn-lint"));
    lint.args(["--format", "parseable", "--regions", "eu-west-1", "us-east-1", "--"]).args(&files);
    let output = lint.output().expect("cfn-lint starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.trim().is_empty(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn golden_synth_writes_the_same_bytes_again() {
    let workspace = Workspace::open();
    let (first, second) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    synth(&workspace, first.path());
    synth(&workspace, second.path());
    let files = |folder: &Path| -> BTreeMap<_, _> {
        let entries =
            fs::read_dir(folder).expect("an assembly").flatten().filter(|entry| entry.path().is_file());
        entries.map(|entry| (entry.file_name(), fs::read(entry.path()).expect("a file"))).collect()
    };
    let (first, second) = (files(first.path()), files(second.path()));
    assert!(first.contains_key(std::ffi::OsStr::new("manifest.json")), "{:?}", first.keys());
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
    let (before, after) = (lines(&before["uploads"]), lines(&after["uploads"]));
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
