//! What packaging refuses, and what it says then.

use crate::project::{ELSEWHERE, HERE, Project};
use stack_builder_assembly::Asset;
use stack_builder_package::{GlibcVersion, PackageOptions, Progress, package};
use std::fs;
use tempfile::TempDir;

#[test]
fn an_unknown_binary_is_named_with_its_likes() {
    let mut project = Project::new().slot("Typo", "PutFunction", "Code");
    project.assets.insert("Typo".into(), Asset::RustFunction { bin: "lits".into(), architecture: HERE });
    assert_eq!(
        project.refused(),
        "no binary target `lits` in the workspace at `ROOT/workspace`, wanted by asset `Typo`; there is `list`\n\
         hint: write `src/bin/lits.rs` in one of its packages, or correct the name in the stack"
    );
}

#[test]
fn an_ambiguous_binary_is_named_with_its_packages() {
    let project = Project::new().source("shared/src/bin/put.rs", "fn main() {}\n");
    assert_eq!(
        project.refused(),
        "binary target `put`, wanted by asset `Put`, is ambiguous: packages `handlers`, `shared` each have one\n\
         hint: rename all but one"
    );
}

#[test]
fn a_compile_error_is_passed_on_whole() {
    let project = Project::new().source("handlers/src/bin/put.rs", "fn main() { let n: u8 = \"seven\"; }\n");
    let (result, steps) = project.package();
    let lines = steps.iter().filter_map(|step| match step {
        Progress::Cargo { line } => Some(line.as_str()),
        _ => None,
    });
    let output = lines.collect::<Vec<_>>().join("\n");
    assert!(output.contains("error[E0308]: mismatched types"), "{output}");
    assert!(output.contains("src/bin/put.rs:1:25"), "{output}");
    let error = result.unwrap_err().to_string();
    assert!(error.starts_with("cargo could not build `list`, `put` for "), "{error}");
    assert!(!project.directory().join("assets.json").exists());
    assert!(project.archives().is_empty());
}

#[test]
fn a_broken_manifest_is_told_in_cargos_words() {
    let error = Project::new().source("Cargo.toml", "[workspace\n").refused();
    assert!(error.starts_with("`cargo metadata` failed in `ROOT/workspace`: error: "), "{error}");
}

#[test]
fn a_directory_without_a_manifest_is_named() {
    let project = Project::new();
    fs::remove_file(project.workspace().join("Cargo.toml")).unwrap();
    assert_eq!(
        project.refused(),
        "no `Cargo.toml` in `ROOT/workspace`, where the handlers should be\n\
         hint: run the command in the workspace that holds them"
    );
}

#[test]
fn a_missing_cargo_is_named() {
    let project = Project::new();
    let assembly = project.assembly();
    let mut options = PackageOptions::new(project.workspace());
    options.cargo = "no-such-cargo".into();
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    let error = package(&assembly, &stacks, &options, &mut |_| {}).unwrap_err().to_string();
    assert!(error.starts_with("cannot run `no-such-cargo`: "), "{error}");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_too_new_library_is_told_with_its_symbols() {
    let mut project = Project::new().variable("PATH", path_without_zigbuild());
    project.glibc = GlibcVersion { major: 2, minor: 2 };
    let error = project.refused();
    assert!(error.starts_with("`list` needs glibc 2."), "{error}");
    assert!(error.contains("@GLIBC_2."), "{error}");
    assert!(error.contains("but `provided.al2023` has 2.2\nhint: `cargo install cargo-zigbuild`"), "{error}");
    assert!(project.archives().is_empty());
    // The state of the binary is noted only with what it was allowed.
    project.glibc = GlibcVersion { major: 2, minor: 99 };
    project.packaged();
    project.glibc = GlibcVersion { major: 2, minor: 2 };
    assert_eq!(project.refused(), error);
}

/// The directories of the linker and of rustc, but nothing that `cargo install` brought.
fn path_without_zigbuild() -> String {
    let path = std::env::var_os("PATH").unwrap();
    let kept = std::env::split_paths(&path).filter(|directory| !directory.join("cargo-zigbuild").exists());
    std::env::join_paths(kept).unwrap().into_string().unwrap()
}

#[test]
fn another_machine_takes_tools_that_are_told_and_not_installed() {
    let rustc = std::process::Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    let sysroot = String::from_utf8(rustc.stdout).unwrap();
    let empty = TempDir::new().unwrap();
    let project = Project::new()
        .asset("Put", "put", ELSEWHERE)
        .variable("RUSTC", format!("{}/bin/rustc", sysroot.trim()))
        .variable("CARGO_HOME", empty.path().to_str().unwrap())
        .variable("PATH", "/nowhere");
    let error = project.refused();
    assert!(error.starts_with("cannot build for "), "{error}");
    assert!(error.contains("`cargo-zigbuild`, `zig` missing\nhint: run `"), "{error}");
    assert!(error.ends_with("`cargo install cargo-zigbuild`, then `pip install ziglang`"), "{error}");
    assert!(!project.root.path().join("target").exists(), "nothing is compiled before");
}

#[test]
fn a_slot_that_points_nowhere_stops_the_run_before_cargo() {
    let nowhere = [("Lost", "Code"), ("ListFunction", "Handler"), ("ListFunction", "Timeout")];
    for (logical_id, property) in nowhere {
        let (result, steps) = Project::new().slot("List", logical_id, property).package();
        let error = result.unwrap_err().to_string();
        let expect = format!(
            "stack `notes`: the template has no object at `Resources.{logical_id}.Properties.{property}` \
             to receive the location of asset `List`\n"
        );
        assert!(error.starts_with(&expect), "{error}");
        assert_eq!(steps, []);
    }
}

#[test]
fn a_slot_of_no_asset_stops_the_run_before_cargo() {
    let mut project = Project::new();
    project.assets.remove("Put");
    let error = project.refused();
    assert!(
        error.starts_with("stack `notes`: resource `PutFunction` wants the asset `Put`, which the assembly"),
        "{error}"
    );
}
