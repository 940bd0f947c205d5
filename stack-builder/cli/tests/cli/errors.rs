//! What goes wrong before there is an assembly.

use crate::fixture;
use crate::harness::Test;
use serde_json::json;
use std::fs;

#[test]
fn no_cargo_toml() {
    Test::new().outside().args(["list"]).run().check(
        1,
        "",
        "
error: there is no `Cargo.toml` in this folder or above it
hint: change to the folder of your workspace, or name one with `--app path/to/it`",
    );
}

#[test]
fn an_unknown_package() {
    Test::new().args(["list", "--app", "stack"]).run().check(
        2,
        "",
        "
error: the workspace has no package `stack`
hint: these describe stacks: `stacks`, `broken`",
    );
}

#[test]
fn a_folder_that_is_not_there() {
    Test::new().args(["list", "--app", "./nowhere"]).run().check(
        2,
        "",
        "
error: there is no `Cargo.toml` in `./nowhere`
hint: `--app` takes the name of a package, or the path of its folder",
    );
}

#[test]
fn an_app_that_does_not_compile() {
    let outcome = Test::new().synth(["--app", "broken"]).run();
    outcome.fails(
        1,
        &[
            "error[E0425]: cannot find function `stack_without_a_name`",
            "error: cannot build `broken`, the package that describes the stacks\nhint: ",
        ],
    );
    assert_eq!(outcome.stdout, "");
}

#[test]
fn an_app_that_does_not_compile_says_so_even_when_quiet() {
    for option in ["--quiet", "--json"] {
        let outcome = Test::new().synth(["--app", "broken", option]).run();
        outcome.fails(1, &["error[E0425]", "error: cannot build `broken`"]);
    }
}

#[test]
fn an_app_that_panics() {
    let outcome = Test::new().variable("CANNED_PANIC", "1").synth([]).run();
    outcome.fails(
        1,
        &[
            "panicked at stacks/src/main.rs:5:5:\nthe description went wrong",
            "error: the stacks program `stacks` failed (exit status: 101)\nhint: what it printed is above",
        ],
    );
}

#[test]
fn an_app_that_writes_nothing() {
    Test::new().writes_nothing().synth([]).run().check(
        1,
        "",
        "
a program may print
error: the stacks program `stacks` ended without writing an assembly
hint: its `main` must return `App::new(…).stack(…).synth()`",
    );
    let outcome = Test::new().writes_nothing().exits(1).synth([]).run();
    outcome.fails(1, &["error: the stacks program `stacks` wrote no assembly (exit status: 1)"]);
}

#[test]
fn an_earlier_manifest_is_not_taken_for_a_new_one() {
    let test = Test::new().writes_nothing().synth([]);
    let output = test.command().get_args().nth(2).unwrap().to_owned();
    fs::create_dir(&output).unwrap();
    fs::write(std::path::Path::new(&output).join("manifest.json"), fixture::manifest().to_string()).unwrap();
    test.run().fails(1, &["ended without writing an assembly"]);
}

#[test]
fn an_exit_status_that_contradicts_the_manifest() {
    let outcome = Test::new().exits(1).synth([]).run();
    outcome.fails(1, &["wrote a manifest that does not fit its exit status (exit status: 1)"]);
    let broken = fixture::manifest_with(json!([{"severity": "error", "code": "c", "message": "m"}]));
    let outcome = Test::new().manifest(&broken).synth([]).run();
    outcome.fails(1, &["wrote a manifest that does not fit its exit status (exit status: 0)"]);
}

#[test]
fn a_newer_assembly() {
    let mut manifest = fixture::manifest();
    manifest["schemaVersion"] = json!("2.0");
    let outcome = Test::new().manifest(&manifest).synth([]).run();
    outcome.fails(
        1,
        &["error: cannot read `[OUT]/manifest.json`: assembly format 2.0 is newer than 1.1", "upgrade"],
    );
    assert_eq!(outcome.stderr.matches("newer").count(), 1, "said once: {}", outcome.stderr);
}

#[test]
fn an_output_that_cannot_be() {
    let outcome = Test::new().args(["synth", "--output", "Cargo.toml/out"]).run();
    outcome.fails(
        1,
        &[
            "error: cannot write the assembly to",
            "caused by: ",
            "hint: choose another folder with `--output`",
        ],
    );
}

#[test]
fn no_cargo() {
    let outcome = Test::new().variable("CARGO", "no-such-cargo").args(["list"]).run();
    outcome
        .fails(1, &["error: cannot run `cargo`\ncaused by: ", "hint: install Rust from https://rustup.rs"]);
}
