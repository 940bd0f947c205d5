//! The assembly directory on disk.

use crate::manifest::MANIFEST;
use crate::{AssemblyError, AssetManifest, Manifest, PackagedAsset, StackArtifact, write_json};
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
        let manifest: Manifest = read_json(&path)?;
        let outside = |stack: &&StackArtifact| !is_plain(&stack.name) || !is_plain(&stack.template);
        if let Some(stack) = manifest.stacks.iter().find(outside) {
            return Err(malformed(path, &format!("the stack {:?} lies outside of the folder", stack.name)));
        }
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
        if !path.exists() {
            return Ok(AssetManifest::default());
        }
        let assets: AssetManifest = read_json(&path)?;
        match assets.assets.iter().find(|(_, asset)| !is_in_place(asset)) {
            None => Ok(assets),
            Some((name, _)) => {
                Err(malformed(path, &format!("the archive of {name:?} is not where its hash says")))
            }
        }
    }

    /// Records what `package` made.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write_assets(&self, assets: &AssetManifest) -> Result<(), AssemblyError> {
        write_json(&self.directory.join(ASSETS), assets)
    }
}

/// Whether `name` is one part of a path and no more.
fn is_plain(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|file| file == name)
}

/// Whether the archive is where its hash says, and the hash is one.
fn is_in_place(asset: &PackagedAsset) -> bool {
    let is_hash = asset.hash.len() == 64 && asset.hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash && asset.path == asset.object_key()
}

fn malformed(path: PathBuf, what: &str) -> AssemblyError {
    AssemblyError::Malformed { path, source: serde::de::Error::custom(what) }
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, AssemblyError> {
    let text = fs::read(path).map_err(|source| AssemblyError::Io { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| AssemblyError::Malformed { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_is_read() {
        for (name, inside) in
            [("notes", true), ("../notes", false), ("/notes", false), ("..", false), ("", false)]
        {
            assert_eq!(is_plain(name), inside, "{name:?}");
        }
    }

    #[test]
    fn an_archive_elsewhere_is_refused() {
        let folder = std::env::temp_dir().join(format!("assembly-{}", std::process::id()));
        Manifest::new("a", "dev").write(&folder).expect("a manifest");
        let assembly = CloudAssembly::open(&folder).expect("an assembly");
        let mut assets = AssetManifest::default();
        let zero = "0".repeat(64);
        let own = format!("assets/{zero}.zip");
        let cases =
            [(&*zero, &*own, true), (&zero, "/secret", false), ("../../etc", "assets/../../etc.zip", false)];
        for (hash, path, right) in cases {
            let asset = PackagedAsset {
                hash: hash.to_owned(),
                path: path.to_owned(),
                size: 1,
                sha256: String::new(),
            };
            assets.assets.insert("a".to_owned(), asset);
            assembly.write_assets(&assets).expect("assets");
            assert_eq!(assembly.assets().is_ok(), right, "{path}");
        }
        fs::remove_dir_all(folder).expect("gone again");
    }
}
