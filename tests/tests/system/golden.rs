//! What `synth` writes for the shipped stacks and the examples, to the byte.
//!
//! `cargo xtask bless` accepts what it writes now.

use serde_json::Value;
use stack_builder_tests::{Workspace, output_of, python_tool, repository_root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ENDING: &str = ".template.json";

/// The programs that describe stacks, by their folder: `stacks` and every example.
fn apps() -> Vec<String> {
    let examples = fs::read_dir(repository_root().join("examples")).expect("examples");
    let examples = examples.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    ["stacks".to_owned()].into_iter().chain(examples.map(|name| format!("examples/{name}"))).collect()
}

/// Runs `synth` for every program and returns the templates by program and stack.
#[track_caller]
fn synth(workspace: &Workspace, output: &Path) -> BTreeMap<String, String> {
    for app in apps() {
        let folder = output.join(&app);
        let folder = folder.to_str().expect("a readable path");
        let app = format!("./{app}");
        workspace.stack_builder(["synth", "--yaml", "--app", &app, "--output", folder]).run().success();
    }
    templates(output)
}

/// The templates in a folder with a folder for each program, by program and stack: `stacks/uploads`.
fn templates(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for app in apps() {
        for entry in fs::read_dir(folder.join(&app)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(stack) = name.to_str().and_then(|name| name.strip_suffix(ENDING)) else { continue };
            let text = fs::read_to_string(entry.path()).expect("a template");
            found.insert(format!("{app}/{stack}"), text);
        }
    }
    found
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
    for (stack, text) in written {
        let file = golden().join(format!("{stack}{ENDING}"));
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a golden template");
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
        let entries = apps().into_iter().flat_map(|app| fs::read_dir(folder.join(app)).expect("an assembly"));
        let files = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
        let relative = |path: &Path| path.strip_prefix(folder).expect("within").to_owned();
        files.map(|path| (relative(&path), fs::read(path).expect("a file"))).collect()
    };
    let (first, second) = (files(first.path()), files(second.path()));
    assert!(first.contains_key(Path::new("stacks/manifest.json")), "{:?}", first.keys());
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
    let (before, after) = (lines(&before["stacks/uploads"]), lines(&after["stacks/uploads"]));
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
