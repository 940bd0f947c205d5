//! Builds for this machine, and sites alone.

use crate::project::{ELSEWHERE, Project};
use serde_json::json;
use stack_builder_package::{Cancel, PackageError, Progress, build_local, package_sites};
use std::fs;
use std::process::Command;

#[test]
fn handlers_for_this_machine_whatever_lambda_runs_them_on() {
    let project = Project::new().asset("Far", "put", ELSEWHERE).edge("Gate", "put", json!({"key": 1}));
    let (assembly, options) = (project.assembly(), project.options());
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    let build = || build_local(&assembly, &stacks, &options, &mut |_| {}).unwrap();
    let first = build();
    assert_eq!(first.rebuilt, ["list", "put"]);
    assert_eq!(first.binaries.keys().collect::<Vec<_>>(), ["Far", "Gate", "List", "Put"]);
    assert_eq!(first.binaries["Gate"].config, Some(json!({"key": 1})));
    let out = Command::new(&first.binaries["Far"].executable).output().unwrap();
    assert!(out.status.success());
    assert!(!assembly.directory().join("assets").exists(), "nothing is archived");

    let again = build();
    assert!(again.rebuilt.is_empty());
    assert_eq!(again.binaries, first.binaries);

    let project = project.source("handlers/src/bin/put.rs", "fn main() { println!(\"other\") }\n");
    let changed = build();
    assert_eq!(changed.rebuilt, ["put"]);
    assert_ne!(changed.binaries["Put"].revision, first.binaries["Put"].revision);
    assert_eq!(changed.binaries["List"], first.binaries["List"]);
    drop(project);
}

#[test]
fn a_mistake_is_told_by_cargo() {
    let project = Project::new().source("handlers/src/bin/put.rs", "fn main() { nowhere() }\n");
    let (assembly, options) = (project.assembly(), project.options());
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    let mut told = String::new();
    let mut tell = |step| {
        if let Progress::Cargo { line } = step {
            told += &line;
        }
    };
    let error = build_local(&assembly, &stacks, &options, &mut tell).unwrap_err();
    assert!(matches!(error, PackageError::LocalBuild { .. }), "{error}");
    assert!(told.contains("cannot find function `nowhere`"), "{told}");
}

#[test]
fn a_cancelled_build_does_not_start() {
    let project = Project::new();
    let cancel = Cancel::default();
    cancel.cancel();
    let options = stack_builder_package::PackageOptions { cancel, ..project.options() };
    let assembly = project.assembly();
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    assert!(matches!(
        build_local(&assembly, &stacks, &options, &mut |_| {}).unwrap_err(),
        PackageError::Run { .. }
    ));
}

#[test]
fn sites_alone_are_archived_without_compiling() {
    let project = Project::new()
        .source("handlers/src/bin/put.rs", "fn main() { nowhere() }\n")
        .source("site/index.html", "<p>1")
        .site();
    let (assembly, options) = (project.assembly(), project.options());
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    let sites = || package_sites(&assembly, &stacks, &options, &mut |_| {}).unwrap();
    assert_eq!(sites().archived, ["site"]);
    assert_eq!(assembly.assets().unwrap().assets.keys().collect::<Vec<_>>(), ["site"]);
    assert_eq!(sites().reused, ["site"]);
    fs::write(project.workspace().join("site/index.html"), "<p>2").unwrap();
    assert_eq!(sites().archived, ["site"]);
}
