//! A workspace with stacks programs that depend on nothing, built once for all tests.

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Files of the workspace. `toolkit` only bears the name by which a package of stacks is recognized.
const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = [\"toolkit\", \"stacks\", \"broken\", \"handlers\"]\n\n[workspace.metadata.stack-builder]\napp = \"stacks\"\n",
    ),
    ("toolkit/Cargo.toml", "[package]\nname = \"stack-builder\"\nedition = \"2024\"\n"),
    ("toolkit/src/lib.rs", ""),
    (
        "stacks/Cargo.toml",
        "[package]\nname = \"stacks\"\nedition = \"2024\"\n\n[dependencies]\nstack-builder = { path = \"../toolkit\" }\n",
    ),
    ("stacks/src/main.rs", STACKS),
    (
        "broken/Cargo.toml",
        "[package]\nname = \"broken\"\nedition = \"2024\"\n\n[dependencies]\nstack-builder = { path = \"../toolkit\" }\n",
    ),
    ("handlers/Cargo.toml", "[package]\nname = \"handlers\"\nedition = \"2024\"\n"),
    ("handlers/src/bin/hello.rs", "fn main() {\n    println!(\"hello\");\n}\n"),
    ("handlers/src/bin/unfinished.rs", "fn main() {\n    not_yet();\n}\n"),
    ("broken/src/main.rs", "fn main() {\n    stack_without_a_name();\n}\n"),
];

/// Writes the files of the folder `CANNED`, with the stage and the stacks asked for filled in.
const STACKS: &str = r#"use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    println!("a program may print");
    assert!(env::var_os("CANNED_PANIC").is_none(), "the description went wrong");
    let variable = |name: &str| env::var(name).unwrap();
    let output = variable("STACK_BUILDER_OUTPUT");
    for file in fs::read_dir(variable("CANNED")).unwrap().map(Result::unwrap) {
        let text = fs::read_to_string(file.path()).unwrap();
        let text = text.replace("{stage}", &variable("STACK_BUILDER_STAGE"));
        let text = text.replace("{stacks}", &variable("STACK_BUILDER_STACKS"));
        let text = text.replace("{region}", &env::var("STACK_BUILDER_REGION").unwrap_or_default());
        let text = text.replace("{driven}", &variable("STACK_BUILDER_DRIVEN"));
        fs::write(format!("{output}/{}", file.file_name().display()), text).unwrap();
    }
    ExitCode::from(variable("CANNED_EXIT").parse::<u8>().unwrap())
}
"#;

/// The workspace's root.
pub(crate) fn workspace() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workspace");
        for (path, text) in FILES {
            write(&root.join(path), text);
        }
        root
    })
}

/// Leaves a file alone that holds `text` already, so that cargo sees no change.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A manifest with one sound stack.
pub(crate) fn manifest() -> Value {
    json!({
        "schemaVersion": "1.0",
        "app": "fixture",
        "stage": "{stage}",
        "stacks": [{
            "name": "notes",
            "stackName": "notes-{stage}",
            "description": "Keeps notes",
            "template": "notes.template.json",
            "resources": {"AWS::DynamoDB::Table": 1, "AWS::Lambda::Function": 12},
        }],
    })
}

/// Its template.
pub(crate) fn template() -> Value {
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {"Table": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {"TableName": "yes"},
        }},
        "Outputs": {"Url": {"Value": "https://example.com"}, "Table": {"Value": {"Ref": "Table"}}},
    })
}

/// The same manifest with `diagnostics`.
pub(crate) fn manifest_with(diagnostics: Value) -> Value {
    let mut manifest = manifest();
    manifest["diagnostics"] = diagnostics;
    manifest
}
