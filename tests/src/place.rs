//! Where things are.

use std::path::{Path, PathBuf};

/// The repository's root folder.
pub fn repository_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's target directory, which every build of the tests shares.
pub fn target() -> PathBuf {
    let configured = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    repository_root().join(configured.unwrap_or_else(|| "target".into()))
}

/// A file in the folder of pinned tools.
///
/// # Panics
/// When it is not there.
pub(crate) fn tool(path: &str) -> PathBuf {
    let tool = repository_root().join("target/tools").join(path);
    assert!(tool.exists(), "`{}` is missing\nhint: run `cargo xtask tools`", tool.display());
    tool
}

/// A program of the pinned Python environment, such as `cfn-lint`.
///
/// # Panics
/// When the environment is not installed.
pub fn python_tool(name: &str) -> PathBuf {
    tool(&format!("python/bin/{name}"))
}

/// A program of this package's `clients` folder.
pub fn client(name: &str) -> PathBuf {
    repository_root().join("tests/clients").join(name)
}
