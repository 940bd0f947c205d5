//! The assembly directory on disk.

use crate::{AssetManifest, Manifest, StackArtifact};
use serde::{Serialize, de::DeserializeOwned};
use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const MANIFEST: &str = "manifest.json";
const ASSETS: &str = "assets.json";

/// An assembly that has been read.
#[derive(Clone, Debug)]
pub struct CloudAssembly {
    directory: PathBuf,
    /// What `manifest.json` says.
    pub manifest: Manifest,
}

/// Why an assembly could not be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum AssemblyError {
    /// The directory holds no manifest.
    Absent(PathBuf),
    /// The file system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the assembly is not what it should be.
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
}

// By hand: every user builds this crate, and the derive costs them more than all of it.
impl fmt::Display for AssemblyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(directory) => write!(f, "no assembly in `{}`", directory.display()),
            Self::Io { path, source } => write!(f, "cannot access `{}`: {source}", path.display()),
            Self::Malformed { path, source } => write!(f, "cannot read `{}`: {source}", path.display()),
        }
    }
}

impl Error for AssemblyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Absent(_) => None,
            Self::Io { source, .. } => Some(source),
            Self::Malformed { source, .. } => Some(source),
        }
    }
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

    /// Writes `manifest` into `directory`, which is made if need be.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write(directory: impl Into<PathBuf>, manifest: Manifest) -> Result<Self, AssemblyError> {
        let directory = directory.into();
        write_json(&directory.join(MANIFEST), &manifest)?;
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

/// Writes pretty JSON with a final newline; a reader never sees half a file.
///
/// # Errors
/// When the file system refuses.
pub fn write_json<T: Serialize + ?Sized>(path: &Path, value: &T) -> Result<(), AssemblyError> {
    let attempt = || -> io::Result<()> {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        // Of a name of its own, so that two runs at once cannot tear each other's file.
        let partial = path.with_extension(format!("partial-{}", std::process::id()));
        let mut file = BufWriter::new(File::create(&partial)?);
        serde_json::to_writer_pretty(&mut file, value)?;
        file.write_all(b"\n")?;
        file.flush()?;
        drop(file);
        fs::rename(&partial, path)
    };
    attempt().map_err(|source| AssemblyError::Io { path: path.to_owned(), source })
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, AssemblyError> {
    let text = fs::read(path).map_err(|source| AssemblyError::Io { path: path.to_owned(), source })?;
    serde_json::from_slice(&text).map_err(|source| AssemblyError::Malformed { path: path.to_owned(), source })
}
