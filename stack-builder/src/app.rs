//! Applications: the stacks that belong together.

use crate::stack::Stack;
use crate::stage::Stage;
use crate::synth;
use stack_builder_assembly::{Manifest, environment};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What describes one stack.
pub(crate) type Describe = Box<dyn FnOnce(&mut Stack)>;

/// An application: stacks by name, in the order in which they are described.
#[must_use = "an application does nothing until `synth`"]
pub struct App {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) stacks: Vec<(String, Describe)>,
}

impl App {
    /// An application without stacks.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), region: "us-east-1".to_owned(), stacks: Vec::new() }
    }

    /// The region for which stacks are made that ask for [their home](Stack::home_region), when the command line names
    /// none: `us-east-1` unless said otherwise.
    pub fn home_region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// Has `describe` describe the stack `name`: letters, digits and hyphens, begun by a letter.
    ///
    /// CloudFormation knows the stack as `<name>-<stage>`.
    pub fn stack(mut self, name: impl Into<String>, describe: impl FnOnce(&mut Stack) + 'static) -> Self {
        self.stacks.push((name.into(), Box::new(describe)));
        self
    }

    /// Writes the assembly as the command line asks, through its environment variables: into `target/assembly` and
    /// for the stage `dev` when they say nothing.
    ///
    /// The exit code is 0, or 1 when something is wrong with a stack.
    pub fn synth(mut self) -> ExitCode {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let directory = variable(environment::OUTPUT).map_or_else(|| "target/assembly".into(), PathBuf::from);
        let stage = Stage::new(variable(environment::STAGE).unwrap_or_else(|| "dev".to_owned()));
        let chosen = variable(environment::STACKS);
        let chosen: Vec<&str> = chosen.iter().flat_map(|names| names.split(',')).collect();
        self.region = variable(environment::REGION).unwrap_or(self.region);
        let driven = variable(environment::DRIVEN).is_some();
        let outcome = self.synth_to(&directory, &stage, &chosen);
        let report = match &outcome {
            Ok(manifest) if !manifest.has_errors() => return ExitCode::SUCCESS,
            // The command line shows the diagnostics of the manifest itself.
            Ok(_) if driven => return ExitCode::FAILURE,
            Ok(manifest) => {
                manifest.diagnostics.iter().fold(String::new(), |text, found| text + &format!("{found}\n"))
            }
            Err(error) => format!("error: {error}\n hint: check the folder `{}`\n", directory.display()),
        };
        // Standard error may be closed; the exit code tells all the same.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), report.as_bytes());
        ExitCode::FAILURE
    }

    /// Writes the assembly of `stage` into `directory`, of the stacks in `chosen` and those whose outputs they take, or
    /// of all when it is empty.
    ///
    /// # Errors
    /// When the file system refuses. What is wrong with a stack stands in the manifest.
    pub fn synth_to(self, directory: &Path, stage: &Stage, chosen: &[&str]) -> std::io::Result<Manifest> {
        synth::synth(self, directory, stage, chosen)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stacks: Vec<_> = self.stacks.iter().map(|(name, _)| name).collect();
        f.debug_struct("App").field("name", &self.name).field("stacks", &stacks).finish_non_exhaustive()
    }
}
