//! Handlers for this machine: one `cargo build` of the workspace's own `dev` profile, no archive.

use crate::compile::{Executable, run, unmade};
use crate::request::{Function, functions_of};
use crate::workspace::Workspace;
use crate::{PackageError, PackageOptions, Progress, toolchain};
use serde_json::Value;
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// A handler that runs on this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalBinary {
    /// Name of the binary target.
    pub bin: String,
    /// Where cargo has put it.
    pub executable: PathBuf,
    /// What a function at the edge is to find as `config.json` beside its binary.
    pub config: Option<Value>,
    /// Changes whenever the binary does: its time of modification and its length.
    pub revision: String,
}

/// What [`build_local`] made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocalBuild {
    /// By the logical name of the asset.
    pub binaries: BTreeMap<String, LocalBinary>,
    /// Binaries that cargo had to build or link again, sorted.
    pub rebuilt: Vec<String>,
}

/// Builds every handler that `stacks` need for the machine this runs on, whatever architecture Lambda is to run it on.
///
/// The profile is `dev` and the target directory the workspace's, so that an edit is compiled as fast as `cargo build`
/// would, and what that made is used again. Nothing is archived, and nothing is written to the assembly.
///
/// # Errors
/// When the assembly does not fit together, a binary is not found, or cargo fails; its messages have all been passed
/// to `progress` then.
pub fn build_local(
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<LocalBuild, PackageError> {
    let functions = functions_of(assembly, stacks)?;
    if functions.is_empty() {
        return Ok(LocalBuild::default());
    }
    let bins: BTreeMap<&str, &str> =
        functions.iter().map(|(asset, function)| (function.handler.bin.as_str(), asset.as_str())).collect();
    let made = build(&bins, options, progress)?;
    let rebuilt = made.iter().filter(|(_, made)| !made.fresh).map(|(bin, _)| bin.clone()).collect();
    let binaries = functions.iter().map(|(asset, function)| Ok((asset.clone(), binary(function, &made)?)));
    Ok(LocalBuild { binaries: binaries.collect::<Result<_, PackageError>>()?, rebuilt })
}

/// Runs cargo once for all of `bins`, a map from a binary's name to an asset that wants it.
fn build(
    bins: &BTreeMap<&str, &str>,
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<BTreeMap<String, Executable>, PackageError> {
    let workspace = Workspace::read(options)?;
    let mut command = toolchain::command(options, &options.cargo);
    command.args(["build", "--message-format=json-render-diagnostics"]);
    for package in workspace.packages_of(bins)? {
        command.args(["--package", package]);
    }
    for bin in bins.keys() {
        command.args(["--bin", bin]);
    }
    let names: Vec<String> = bins.keys().map(|&bin| bin.to_owned()).collect();
    progress(Progress::BuildingLocally { bins: names.clone() });
    let (status, made) = run(command, options, progress)?;
    if !status.success() {
        return Err(PackageError::LocalBuild { bins: names, status });
    }
    match names.iter().find(|&bin| !made.contains_key(bin)) {
        Some(lost) => Err(unmade(lost, options)),
        None => Ok(made),
    }
}

fn binary(function: &Function, made: &BTreeMap<String, Executable>) -> Result<LocalBinary, PackageError> {
    let bin = function.handler.bin.clone();
    let executable = made[&bin].path.clone();
    let revision = revision(&executable)?;
    Ok(LocalBinary { bin, executable, config: function.config.clone(), revision })
}

fn revision(executable: &Path) -> Result<String, PackageError> {
    let file = fs::metadata(executable).map_err(PackageError::io(executable))?;
    let modified = file.modified().map_err(PackageError::io(executable))?;
    let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok(format!("{modified}-{}", file.len()))
}
