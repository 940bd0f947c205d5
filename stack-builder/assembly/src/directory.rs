//! The assembly directory on disk.

use crate::manifest::MANIFEST;
use crate::{AssemblyError, AssetManifest, Manifest, StackArtifact, write_json};
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};

const ASSETS: &str = "assets.json";

/// An assembly that has been read.
#[derive(Clone, Debug)]
pub struct CloudAssembly {
    directory: PathBuf,
    /// What `manifest.json` says.
    pub manifest: Manifest,
}

impl CloudAssembly {
    /// Reads the manifest in `directory`.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or its format is of a newer major version.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, AssemblyError> {
        let directory = directory.into();
        let path = directory.join(MANIFEST);
        if !path.exists() {
            return Err(AssemblyError::Absent(directory));
        }
        let manifest = read_json(&path)?;
        Ok(Self { directory, manifest })
    }

    /// The directory of this assembly.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The synthesized template of `stack`, properties in the order of the file.
    ///
    /// # Errors
    /// When the file is missing or no JSON.
    pub fn template(&self, stack: &StackArtifact) -> Result<serde_json::Value, AssemblyError> {
        read_json(&self.directory.join(&stack.template))
    }

    /// The template of `stack` with its assets filled in.
    ///
    /// # Errors
    /// When `package` has not written it, or it is no JSON.
    pub fn packaged_template(&self, stack: &StackArtifact) -> Result<serde_json::Value, AssemblyError> {
        read_json(&self.directory.join(stack.packaged_template()))
    }

    /// Writes the template of `stack` with its assets filled in.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_packaged_template(
        &self,
        stack: &StackArtifact,
        template: &serde_json::Value,
    ) -> Result<(), AssemblyError> {
        write_json(&self.directory.join(stack.packaged_template()), template)
    }

    /// What `package` made, or an empty manifest when it has not run.
    ///
    /// # Errors
    /// When the file exists but cannot be read.
    pub fn assets(&self) -> Result<AssetManifest, AssemblyError> {
        let path = self.directory.join(ASSETS);
        if path.exists() { read_json(&path) } else { Ok(AssetManifest::default()) }
    }

    /// Records what `package` made.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_assets(&self, assets: &AssetManifest) -> Result<(), AssemblyError> {
        write_json(&self.directory.join(ASSETS), assets)
    }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, AssemblyError> {
    let text = fs::read(path).map_err(|source| AssemblyError::Io { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| AssemblyError::Malformed { path: path.to_owned(), source })
}
