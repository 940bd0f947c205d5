//! `synth`: the summary, the document, the files, and the diagnostics.

use crate::fixture;
use crate::harness::Test;
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_block_a_stack() {
    Test::new().synth([]).run().check(
        0,
        "
notes  notes-dev
  Keeps notes
  AWS::DynamoDB::Table     1
  AWS::Lambda::Function   12
  resources               13
  outputs   Url, Table
  template  [OUT]/notes.template.json (269 B)",
        "
a program may print
synthesized 1 stack for stage dev in [TIME] s (built in [TIME] s)",
    );
}

#[test]
fn quiet_says_nothing_of_its_own() {
    let outcome = Test::new().synth(["--quiet"]).run();
    assert_eq!(outcome.stderr.trim(), "a program may print");
}

#[test]
fn verbose_names_the_programs() {
    let outcome = Test::new().synth(["--verbose", "--stage", "prod", "notes", "users"]).run();
    outcome.fails(0, &["metadata --no-deps", "build --message-format", "STACK_BUILDER_STACKS=notes,users"]);
    outcome.fails(0, &["STACK_BUILDER_STAGE=prod"]);
}

#[test]
fn for_programs() {
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["assetSlots"] = json!([{"asset": "list", "logicalId": "List", "property": "Code"}]);
    manifest["assets"] = json!({"list": {"kind": "rustFunction", "bin": "list", "architecture": "x86_64"}});
    let outcome = Test::new().manifest(&manifest).synth(["--json"]).run();
    let stack = json!({
        "name": "notes",
        "stackName": "notes-dev",
        "description": "Keeps notes",
        "template": "[OUT]/notes.template.json",
        "templateBytes": 269,
        "resources": {"AWS::DynamoDB::Table": 1, "AWS::Lambda::Function": 12},
        "outputs": ["Url", "Table"],
        "assets": ["list"],
    });
    let document = json!({
        "app": "fixture", "stage": "dev", "directory": "[OUT]", "stacks": [stack], "assets": manifest["assets"],
        "diagnostics": [],
    });
    assert_eq!(outcome.json(), document);
    assert_eq!(outcome.stderr.trim(), "a program may print");
}

#[test]
fn yaml_beside_json() {
    let outcome = Test::new().synth(["--yaml"]).run();
    let yaml = fs::read_to_string(outcome.output.join("notes.template.yaml")).unwrap();
    assert!(yaml.contains("      TableName: \"yes\"\n"), "{yaml}");
    assert_eq!(serde_yaml::from_str::<Value>(&yaml).unwrap(), fixture::template());
    assert!(outcome.stdout.contains("  yaml      [OUT]/notes.template.yaml ("), "{}", outcome.stdout);
}

#[test]
fn into_the_workspace_by_default() {
    let outcome = Test::new().args(["synth", "--app", "stacks", "--stage", "elsewhere"]).run();
    assert!(outcome.stdout.contains("target/assembly/notes.template.json"), "{}", outcome.stdout);
    let manifest = fs::read_to_string(fixture::workspace().join("target/assembly/manifest.json")).unwrap();
    assert!(manifest.contains("notes-elsewhere"), "{manifest}");
}

#[test]
fn a_folder_names_the_app() {
    let folder = fixture::workspace().join("stacks").display().to_string();
    let outcome = Test::new().outside().synth(["--app", &folder]).run();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
}

fn two_findings() -> Value {
    fixture::manifest_with(json!([
        {
            "severity": "error", "code": "dangling-reference", "message": "`Tabel` is no resource of this stack",
            "stack": "notes", "path": "List.Environment",
            "source": {"file": "stacks/src/main.rs", "line": 4, "column": 5},
            "hint": "did you mean `Table`?",
        },
        {"severity": "warning", "code": "unused", "message": "nobody uses `Bucket`", "stack": "notes"},
    ]))
}

#[test]
fn diagnostics_show_the_source() {
    Test::new().manifest(&two_findings()).exits(1).synth([]).run().check(
        1,
        "",
        "
a program may print
error[dangling-reference]: `Tabel` is no resource of this stack
  --> stacks/src/main.rs:4:5
   |
 4 |     println!(\"a program may print\");
   |     ^
   in: notes: List.Environment
 hint: did you mean `Table`?

warning[unused]: nobody uses `Bucket`
   in: notes

error: cannot use the stacks: 1 error, 1 warning",
    );
}

#[test]
fn diagnostics_for_programs() {
    let outcome = Test::new().manifest(&two_findings()).exits(1).synth(["--json"]).run();
    assert_eq!(outcome.json()["diagnostics"], two_findings()["diagnostics"]);
    outcome.fails(1, &["error: cannot use the stacks: 1 error, 1 warning"]);
}

#[test]
fn diagnostics_need_no_template() {
    let outcome = Test::new().writes_nothing().manifest(&two_findings()).exits(1).synth(["--json"]).run();
    assert_eq!(outcome.json()["stacks"][0]["outputs"], json!([]));
    let outcome = Test::new().writes_nothing().manifest(&fixture::manifest()).synth(["--json"]).run();
    outcome.fails(1, &["error: cannot read `[OUT]/notes.template.json`", "caused by: No such file"]);
}

#[test]
fn warnings_do_not_stop() {
    let warned = fixture::manifest_with(json!([{"severity": "warning", "code": "w", "message": "hm"}]));
    let outcome = Test::new().manifest(&warned).synth([]).run();
    outcome.fails(0, &["warning[w]: hm", "synthesized 1 stack"]);
}

/// What a schema cannot see is found in the template, and shown with the line that added the resource.
#[test]
fn rules_are_applied() {
    let mut template = fixture::template();
    template["Resources"]["Table"].as_object_mut().unwrap().remove("DeletionPolicy");
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["sources"] =
        json!({"Table": {"file": "stacks/src/main.rs", "line": 4, "column": 5}});
    let test = || Test::new().manifest(&manifest).canned("notes.template.json", &template);
    test().synth([]).run().fails(
        0,
        &[
            "warning[stateful-without-deletion-policy]: `Table` holds data, and `DeletionPolicy` is not set",
            "  --> stacks/src/main.rs:4:5",
            " 4 |     println!(\"a program may print\");",
            "   in: notes: Resources.Table",
            " hint: say what becomes of the data",
            "synthesized 1 stack",
        ],
    );
    let document = test().synth(["--json"]).run().json();
    assert_eq!(document["diagnostics"][0]["code"], "stateful-without-deletion-policy");
    assert_eq!(document["diagnostics"][0]["source"]["line"], 4);
}

#[test]
fn a_parameter_that_nothing_reads_is_shown_where_it_was_asked_for() {
    let mut template = fixture::template();
    template["Parameters"] = json!({"GateVersion": {"Type": "String"}});
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["sources"] =
        json!({"GateVersion": {"file": "stacks/src/main.rs", "line": 4, "column": 5}});
    let outcome = Test::new().manifest(&manifest).canned("notes.template.json", &template).synth([]).run();
    outcome.fails(0, &["warning[unused-parameter]: ", "  --> stacks/src/main.rs:4:5"]);
}

#[test]
fn what_synth_told_already_is_not_told_again() {
    let mut template = fixture::template();
    template["Resources"]["Table"].as_object_mut().unwrap().remove("DeletionPolicy");
    template["Resources"]["Other"] = template["Resources"]["Table"].clone();
    let manifest = fixture::manifest_with(json!([{
        "severity": "warning", "code": "stateful-without-deletion-policy", "message": "it holds data",
        "stack": "notes", "path": "Table.DeletionPolicy",
    }]));
    let test = Test::new().manifest(&manifest).canned("notes.template.json", &template);
    let document = test.synth(["--json"]).run().json();
    let paths: Vec<_> =
        document["diagnostics"].as_array().unwrap().iter().map(|found| &found["path"]).collect();
    assert_eq!(paths, ["Table.DeletionPolicy", "Resources.Other"]);
}

#[test]
fn an_unknown_stack_is_a_slip_of_the_keyboard() {
    let unknown = json!([{
        "severity": "error", "code": "unknown-stack", "message": "there is no stack `{stacks}`",
        "hint": "the stacks are `notes`",
    }]);
    let outcome = Test::new().manifest(&fixture::manifest_with(unknown)).exits(1).synth(["note"]).run();
    outcome.fails(
        2,
        &["error[unknown-stack]: there is no stack `note`", " hint: the stacks are `notes`", "error: "],
    );
}

#[test]
fn a_run_waits_for_another_one_in_the_same_folder() {
    use std::io::{BufRead as _, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let held = fs::File::create(folder.path().join(".lock")).unwrap();
    held.lock().unwrap();
    let test = Test::new().args(["synth", "--output", out]);
    let mut child = test.command().stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let said = lines.by_ref().find(|line| line.starts_with("waiting"));
    assert_eq!(said, Some(format!("waiting for another run that uses `{out}`")));
    assert!(!folder.path().join("manifest.json").exists(), "it wrote while another run was at work");
    drop(held);
    let rest: Vec<_> = lines.collect();
    assert!(rest.iter().any(|line| line.starts_with("synthesized")), "{rest:?}");
    assert!(child.wait().unwrap().success());
    assert!(folder.path().join("manifest.json").exists());
}
