//! `package`, with a handler that needs no crate.

use crate::fixture;
use crate::harness::Test;
use serde_json::{Value, json};
use std::fs;

/// A stack with one function, built from the binary `bin` of the fixture.
fn with_handler(bin: &str) -> Test {
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["assetSlots"] = json!([{"asset": bin, "logicalId": "Hello", "property": "Code"}]);
    manifest["assets"] = json!({bin: {"kind": "rustFunction", "bin": bin, "architecture": "x86_64"}});
    let function = json!({"Type": "AWS::Lambda::Function", "Properties": {"Code": {}}});
    let template = json!({"Resources": {"Hello": function}});
    Test::new().manifest(&manifest).canned("notes.template.json", &template)
}

#[test]
fn nothing_to_package() {
    let outcome = Test::new().args(["package", "--output", "[OUT]"]).run();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("no stack needs an asset\n"), "{}", outcome.stdout);
}

#[test]
fn a_line_an_archive() {
    let outcome = with_handler("hello").args(["package", "--output", "[OUT]"]).run();
    outcome.fails(0, &["building 1 handler for x86_64-unknown-linux-gnu", ": hello\n", "archiving hello ("]);
    let lines: Vec<_> = outcome.stdout.lines().collect();
    assert!(lines[0].starts_with("ASSET"), "{}", outcome.stdout);
    let row: Vec<_> = lines[1].split_whitespace().collect();
    assert!(matches!(row[..], ["hello", _, "KiB", hash, "new"] if hash.len() == 12), "{row:?}");
    assert_eq!(lines[3], "template  [OUT]/notes.packaged.json");
    let packaged = fs::read_to_string(outcome.output.join("notes.packaged.json")).unwrap();
    assert!(packaged.contains("S3Key"), "{packaged}");
}

#[test]
fn a_second_run_reuses_the_archive() {
    let test = with_handler("hello").args(["package", "--output", "[OUT]"]);
    assert!(test.command().output().unwrap().status.success());
    let outcome = test.run();
    assert!(outcome.stdout.lines().nth(1).unwrap().ends_with("reused"), "{}", outcome.stdout);
}

#[test]
fn for_programs() {
    let outcome = with_handler("hello").args(["package", "--json", "--output", "[OUT]"]).run();
    let document = outcome.json();
    assert_eq!(document["stacks"][0]["packagedTemplate"], "[OUT]/notes.packaged.json");
    let [asset] = document["assets"].as_array().unwrap().as_slice() else { panic!("{document}") };
    assert_eq!((&asset["name"], &asset["new"]), (&json!("hello"), &Value::Bool(true)));
    assert_eq!(asset["archive"], format!("[OUT]/assets/{}.zip", asset["hash"].as_str().unwrap()));
    assert_eq!(outcome.stderr.trim(), "a program may print");
}

#[test]
fn a_handler_that_does_not_compile() {
    for option in ["--verbose", "--quiet", "--json"] {
        let outcome = with_handler("unfinished").args(["package", option, "--output", "[OUT]"]).run();
        outcome.fails(1, &["error[E0425]", "error: cargo could not build `unfinished`", "\nhint: "]);
        assert_eq!(outcome.stderr.matches("error[E0425]").count(), 1, "said once: {}", outcome.stderr);
    }
}

#[test]
fn stacks_with_errors_are_not_packaged() {
    let broken = fixture::manifest_with(json!([{"severity": "error", "code": "c", "message": "m"}]));
    let outcome = Test::new().manifest(&broken).exits(1).args(["package", "--output", "[OUT]"]).run();
    outcome.fails(1, &["error[c]: m", "error: cannot use the stacks: 1 error"]);
    assert!(!outcome.output.join("assets.json").exists());
}
