//! The Cargo workspace that holds the handlers, as `cargo metadata` tells it.

use crate::archive::hexadecimal;
use crate::{PackageError, PackageOptions, toolchain};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Names at least this much like a wanted one are worth showing; the scale of `strsim::jaro_winkler`.
const LIKENESS: f64 = 0.75;
/// What a part of a name counts beside the whole.
const PART: f64 = 0.9;

/// The parts of the answer of `cargo metadata --no-deps` that packaging needs.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    packages: Vec<Package>,
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where handlers are built.
    pub(crate) target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Workspace {
    pub(crate) fn read(options: &PackageOptions) -> Result<Self, PackageError> {
        if !options.workspace.join("Cargo.toml").is_file() {
            return Err(PackageError::NoWorkspace { directory: options.workspace.clone() });
        }
        let arguments = ["metadata", "--no-deps", "--format-version=1"];
        let answer = toolchain::ask(options, &options.cargo, "CARGO", &arguments.map(OsStr::new))?;
        let mut workspace: Self = serde_json::from_str(&answer).map_err(|wrong| PackageError::Tool {
            command: "cargo metadata".to_owned(),
            directory: options.workspace.clone(),
            message: wrong.to_string(),
        })?;
        workspace.target_directory = separate(&workspace.root, workspace.target_directory);
        Ok(workspace)
    }

    /// The packages that hold `bins`, a map from a binary's name to an asset that wants it.
    pub(crate) fn packages_of(&self, bins: &BTreeMap<&str, &str>) -> Result<BTreeSet<&str>, PackageError> {
        let binaries = self.binaries();
        bins.iter()
            .map(|(&bin, &asset)| match binaries.get(bin).map(Vec::as_slice) {
                Some([package]) => Ok(*package),
                Some(packages) => Err(PackageError::AmbiguousBin {
                    bin: bin.to_owned(),
                    asset: asset.to_owned(),
                    packages: sorted(packages),
                }),
                None => Err(self.unknown(bin, asset, binaries.keys().copied())),
            })
            .collect()
    }

    /// The packages that have a binary target of each name.
    fn binaries(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut binaries = BTreeMap::<&str, Vec<&str>>::new();
        for package in &self.packages {
            for target in package.targets.iter().filter(|target| target.kind.iter().any(|kind| kind == "bin"))
            {
                binaries.entry(&target.name).or_default().push(&package.name);
            }
        }
        binaries
    }

    fn unknown<'a>(&self, bin: &str, asset: &str, known: impl Iterator<Item = &'a str>) -> PackageError {
        PackageError::UnknownBin {
            bin: bin.to_owned(),
            asset: asset.to_owned(),
            workspace: self.root.clone(),
            near: near(bin, known),
        }
    }
}

/// At most three of `known` that look like `name`, best first.
fn near<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut scored: Vec<_> = known.map(|other| (likeness(name, other), other)).collect();
    scored.retain(|(likeness, _)| *likeness >= LIKENESS);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, other)| other.to_owned()).collect()
}

/// How much alike the names are, or the wanted one and a part of the other between hyphens: `gat` is like `my-gate`.
fn likeness(name: &str, other: &str) -> f64 {
    let parts = other.split(['-', '_']).map(|part| PART * strsim::jaro_winkler(name, part));
    parts.fold(strsim::jaro_winkler(name, other), f64::max)
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    names.sort();
    names
}

/// A folder of the workspace's own within a target directory that others may share.
///
/// Cargo leaves remapped paths out of the names of what it makes, so that two workspaces would overwrite each other's
/// handlers, and build them anew each time.
fn separate(root: &Path, target_directory: PathBuf) -> PathBuf {
    if target_directory.starts_with(root) {
        return target_directory;
    }
    let hash = Sha256::digest(root.as_os_str().as_encoded_bytes());
    target_directory.join("handlers").join(&hexadecimal(&hash)[..16])
}

#[cfg(test)]
mod tests {
    use super::near;

    #[track_caller]
    fn check(name: &str, known: &[&str], expect: &[&str]) {
        assert_eq!(near(name, known.iter().copied()), expect);
    }

    #[test]
    fn shows_names_much_like_the_wanted_one() {
        check("notes-lst", &["notes-put", "notes-list", "login"], &["notes-list", "notes-put"]);
        check("lgoin", &["login", "home"], &["login"]);
        check("list", &["home", "xyz"], &[]);
        check("gat", &["big-gate", "login", "my-gate"], &["big-gate", "my-gate"]);
    }

    #[test]
    fn a_shared_target_directory_is_shared_out() {
        let own = |root: &str, target: &str| super::separate(root.as_ref(), target.into());
        assert_eq!(own("/w", "/w/target"), std::path::Path::new("/w/target"));
        let (one, other) = (own("/w", "/shared"), own("/v", "/shared"));
        assert!(one.starts_with("/shared/handlers") && other.starts_with("/shared/handlers"));
        assert_ne!(one, other);
    }
}
