//! What stops packaging, where, and what to do next.

use crate::GlibcVersion;
use stack_builder_assembly::{Architecture, AssemblyError};
use std::io;
use std::path::PathBuf;

/// Why [`package`](crate::package) gave up; nothing half-written is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// A file of the assembly cannot be read or written.
    #[error(transparent)]
    Assembly(#[from] AssemblyError),
    /// A slot names an asset that the manifest does not list.
    #[error(
        "stack `{stack}`: resource `{logical_id}` wants the asset `{asset}`, which the assembly does not list\n\
         hint: the assembly is damaged; run `stack-builder synth` again"
    )]
    UnknownAsset {
        /// The stack.
        stack: String,
        /// The resource.
        logical_id: String,
        /// The missing name.
        asset: String,
    },
    /// A slot points at nothing that could receive a location.
    #[error(
        "stack `{stack}`: the template has no object at `{path}` to receive the location of asset `{asset}`\n\
         hint: the template does not belong to its manifest; run `stack-builder synth` again"
    )]
    SlotNowhere {
        /// The stack.
        stack: String,
        /// The place in the template: `Resources.Api.Properties.Code`.
        path: String,
        /// Logical name of the asset.
        asset: String,
    },
    /// The assembly asks for a kind of asset that this build cannot make.
    #[error(
        "asset `{asset}` is of a kind that this stack-builder cannot package\n\
         hint: upgrade the stack-builder command"
    )]
    UnsupportedAsset {
        /// Logical name of the asset.
        asset: String,
    },
    /// The directory that should hold the handlers has no manifest.
    #[error(
        "no `Cargo.toml` in `{}`, where the handlers should be\n\
         hint: run the command in the workspace that holds them",
        directory.display()
    )]
    NoWorkspace {
        /// The directory.
        directory: PathBuf,
    },
    /// A program did not start.
    #[error(
        "cannot run `{program}`: {source}\nhint: install Rust from <https://rustup.rs>, or set `{variable}`"
    )]
    Run {
        /// The program.
        program: String,
        /// The environment variable that names another one.
        variable: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A program answered something else than it should.
    #[error("`{command}` failed in `{}`: {message}", directory.display())]
    Tool {
        /// The command line, shortened.
        command: String,
        /// Where it ran.
        directory: PathBuf,
        /// Its standard error, or what was wrong with its answer.
        message: String,
    },
    /// No binary target of that name.
    #[error(
        "no binary target `{bin}` in the workspace at `{}`, wanted by asset `{asset}`{}\n\
         hint: write `src/bin/{bin}.rs` in one of its packages, or correct the name in the stack",
        workspace.display(), near_matches(near)
    )]
    UnknownBin {
        /// The wanted name.
        bin: String,
        /// Logical name of the asset that wants it.
        asset: String,
        /// Where it was looked for.
        workspace: PathBuf,
        /// Names much like it, best first.
        near: Vec<String>,
    },
    /// Several binary targets of that name.
    #[error(
        "binary target `{bin}`, wanted by asset `{asset}`, is ambiguous: packages `{}` each have one\n\
         hint: rename all but one",
        packages.join("`, `")
    )]
    AmbiguousBin {
        /// The name.
        bin: String,
        /// Logical name of the asset that wants it.
        asset: String,
        /// The packages, sorted.
        packages: Vec<String>,
    },
    /// Tools for building for another machine are missing. They are never installed unasked.
    #[error(
        "cannot build for {} (`{target}`) on this machine: {} missing\nhint: run {}",
        spelled(*architecture), missing.join(", "), commands(install)
    )]
    MissingTools {
        /// What to build for.
        architecture: Architecture,
        /// Rust's name for it.
        target: String,
        /// What is not there.
        missing: Vec<String>,
        /// The commands that install it, one a missing thing.
        install: Vec<String>,
    },
    /// Cargo failed; its messages have all been passed on as [`Progress::Cargo`](crate::Progress::Cargo).
    #[error(
        "cargo could not build `{}` for {} ({status})\nhint: cargo's messages above say where",
        bins.join("`, `"), spelled(*architecture)
    )]
    Build {
        /// What was to be built.
        bins: Vec<String>,
        /// For which architecture.
        architecture: Architecture,
        /// How cargo ended.
        status: std::process::ExitStatus,
    },
    /// Cargo failed for this machine; its messages have all been passed on as
    /// [`Progress::Cargo`](crate::Progress::Cargo).
    #[error("cargo could not build `{}` ({status})\nhint: cargo's messages above say where", bins.join("`, `"))]
    LocalBuild {
        /// What was to be built.
        bins: Vec<String>,
        /// How cargo ended.
        status: std::process::ExitStatus,
    },
    /// The binary is nothing that Lambda can start.
    #[error(
        "Lambda cannot run `{bin}` (`{}`): {reason}\n\
         hint: remove settings that change the output, such as `linker` or `rustflags` in `.cargo/config.toml`",
        path.display()
    )]
    NotRunnable {
        /// The binary target.
        bin: String,
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The binary needs a newer C library than Lambda's runtime has.
    #[error(
        "`{bin}` needs glibc {needed} for `{}`, but `provided.al2023` has {allowed}\n\
         hint: `cargo install cargo-zigbuild` and `pip install ziglang`; packaging then links for glibc {allowed}",
        symbols.join("`, `")
    )]
    TooNewGlibc {
        /// The binary target.
        bin: String,
        /// The newest version it needs.
        needed: GlibcVersion,
        /// The newest version it may need.
        allowed: GlibcVersion,
        /// What it needs too new versions of, sorted: `arc4random@GLIBC_2.36`.
        symbols: Vec<String>,
    },
    /// The unpacked archive exceeds Lambda's quota.
    #[error(
        "asset `{asset}` unpacks to {size} bytes, more than the {limit} that Lambda takes\n\
         hint: look for large embedded files (`include_bytes!`) or unstripped symbols in `[profile.lambda]`"
    )]
    TooLarge {
        /// Logical name of the asset.
        asset: String,
        /// Its size in bytes.
        size: u64,
        /// The most there may be.
        limit: u64,
    },
    /// The archive exceeds the quota of functions at the edge.
    #[error(
        "asset `{asset}` has {size} bytes, more than the {limit} that Lambda@Edge takes\n\
         hint: leave crates out of the binary, or turn off their default features"
    )]
    EdgeTooLarge {
        /// Logical name of the asset.
        asset: String,
        /// Size of the archive in bytes.
        size: u64,
        /// The most there may be.
        limit: u64,
    },
    /// A site's folder holds something that cannot be published.
    #[error("the site `{asset}` cannot be published from `{}`: {reason}\nhint: {hint}", path.display())]
    Site {
        /// Logical name of the asset.
        asset: String,
        /// The folder, or what is wrong in it.
        path: PathBuf,
        /// What is wrong.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// The file system refused.
    #[error("cannot access `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl PackageError {
    /// For `map_err` on what was done to `path`.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

/// The architecture as CloudFormation spells it.
fn spelled(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64",
        Architecture::Arm64 => "arm64",
    }
}

fn near_matches(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; there is `{}`", near.join("`, `")) }
}

fn commands(install: &[String]) -> String {
    format!("`{}`", install.join("`, then `"))
}
