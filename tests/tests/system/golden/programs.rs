//! The programs whose templates are golden, and what `synth` writes for them.

use stack_builder_tests::{Workspace, repository_root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const ENDING: &str = ".template.json";

/// A program that describes stacks, for one stage.
#[derive(Debug)]
pub(crate) struct Program {
    /// Where its templates are kept, below `tests/golden`.
    pub(crate) folder: String,
    app: String,
    stage: &'static str,
    stacks: &'static [&'static str],
}

/// The shipped stacks for the stages that differ, and every example.
pub(crate) fn programs() -> Vec<Program> {
    let stacks = |stage, stacks| Program {
        folder: format!("stacks/{stage}"),
        app: "./stacks".to_owned(),
        stage,
        stacks,
    };
    let shipped = [
        stacks("dev", &[]),
        stacks("prod", &[]),
        stacks("rest", &["uploads"]),
        stacks("amplify", &["todo"]),
        stacks("own-domain", &["captains-log"]),
    ];
    let examples = fs::read_dir(repository_root().join("examples")).expect("examples");
    let examples = examples.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let examples = examples.map(|name| format!("examples/{name}"));
    let examples =
        examples.map(|folder| Program { app: format!("./{folder}"), folder, stage: "dev", stacks: &[] });
    shipped.into_iter().chain(examples).collect()
}

/// Runs `synth` for every program and returns the templates by folder and stack: `stacks/dev/uploads`.
#[track_caller]
pub(crate) fn synth(workspace: &Workspace, output: &Path) -> BTreeMap<String, String> {
    for program in programs() {
        let folder = output.join(&program.folder);
        let folder = folder.to_str().expect("a readable path");
        let Program { app, stage, stacks, .. } = &program;
        let options = ["synth", "--yaml", "--app", app, "--stage", stage, "--output", folder];
        workspace.stack_builder(options.iter().chain(stacks.iter()).copied()).run().success();
    }
    templates(output)
}

/// The templates in a folder with a folder for each program, by folder and stack.
pub(crate) fn templates(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for Program { folder: program, .. } in programs() {
        for entry in fs::read_dir(folder.join(&program)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(stack) = name.to_str().and_then(|name| name.strip_suffix(ENDING)) else { continue };
            let text = fs::read_to_string(entry.path()).expect("a template");
            found.insert(format!("{program}/{stack}"), text);
        }
    }
    found
}

/// The folder of the golden templates.
pub(crate) fn golden() -> PathBuf {
    repository_root().join("tests/golden")
}

/// The golden template of a program's stack.
pub(crate) fn file(stack: &str) -> PathBuf {
    golden().join(format!("{stack}{ENDING}"))
}

/// Every golden template.
#[track_caller]
pub(crate) fn files() -> Vec<PathBuf> {
    let files: Vec<_> = templates(&golden()).keys().map(|stack| file(stack)).collect();
    assert!(!files.is_empty(), "there is no golden template; run `cargo xtask bless`");
    files
}
