//! The Rust toolchain on this machine, and how it can build for Lambda.

use crate::{GlibcVersion, PackageError, PackageOptions};
use stack_builder_assembly::Architecture;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// What rustc says about itself.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// The triple it runs on.
    pub(crate) host: String,
    /// The commit it was built from, part of the paths that the standard library carries.
    pub(crate) commit: Option<String>,
    /// Where it is installed.
    pub(crate) sysroot: PathBuf,
}

/// How binaries of one architecture are built.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Builder {
    /// Plain cargo and the machine's own linker.
    Native,
    /// `cargo zigbuild`, which links against the C library of the given version.
    Zig(GlibcVersion),
}

impl Toolchain {
    pub(crate) fn read(options: &PackageOptions) -> Result<Self, PackageError> {
        let rustc = options.lookup("RUSTC").unwrap_or_else(|| "rustc".into());
        let (version, sysroot) = both(
            || ask(options, &rustc, "RUSTC", &[OsStr::new("-vV")]),
            || ask(options, &rustc, "RUSTC", &["--print", "sysroot"].map(OsStr::new)),
        );
        let (version, sysroot) = (version?, sysroot?);
        let line = |name: &str| version.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        Ok(Self {
            host: line("host: ").unwrap_or_default(),
            commit: line("commit-hash: ").filter(|commit| commit != "unknown"),
            sysroot: sysroot.trim_end().into(),
        })
    }

    /// Chooses how to build for `architecture`.
    ///
    /// # Errors
    /// When that takes tools that are not installed.
    pub(crate) fn builder(
        &self,
        architecture: Architecture,
        options: &PackageOptions,
    ) -> Result<Builder, PackageError> {
        let zigbuild = find_program("cargo-zigbuild", options);
        if self.host == triple(architecture) {
            let newer = zigbuild.is_some() && host_glibc(options).is_some_and(|host| host > options.glibc);
            let usable = newer && has_zig(options);
            return Ok(if usable { Builder::Zig(options.glibc) } else { Builder::Native });
        }
        let checks = [
            (
                self.has_target(triple(architecture)),
                "the Rust target",
                format!("rustup target add {}", triple(architecture)),
            ),
            (zigbuild.is_some(), "`cargo-zigbuild`", "cargo install cargo-zigbuild".to_owned()),
            (has_zig(options), "`zig`", "pip install ziglang".to_owned()),
        ];
        let lacking: Vec<_> = checks.into_iter().filter(|(present, ..)| !present).collect();
        if lacking.is_empty() {
            return Ok(Builder::Zig(options.glibc));
        }
        Err(PackageError::MissingTools {
            architecture,
            target: triple(architecture).to_owned(),
            missing: lacking.iter().map(|(_, what, _)| (*what).to_owned()).collect(),
            install: lacking.into_iter().map(|(.., command)| command).collect(),
        })
    }

    fn has_target(&self, triple: &str) -> bool {
        self.sysroot.join("lib/rustlib").join(triple).join("lib").is_dir()
    }
}

/// Rust's name for what Lambda runs.
pub(crate) fn triple(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::X86_64 => "x86_64-unknown-linux-gnu",
        Architecture::Arm64 => "aarch64-unknown-linux-gnu",
    }
}

/// A command in the workspace's directory, where cargo and rustup look for their settings.
pub(crate) fn command(options: &PackageOptions, program: &OsStr) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&options.workspace).stdin(Stdio::null());
    command.envs(options.variables.iter().map(|(name, value)| (name, value)));
    command
}

/// Runs a program to its end and gives its standard output; `variable` is what names another program.
pub(crate) fn ask(
    options: &PackageOptions,
    program: &OsStr,
    variable: &'static str,
    arguments: &[&OsStr],
) -> Result<String, PackageError> {
    let output = command(options, program).args(arguments).output().map_err(|source| PackageError::Run {
        program: program.to_string_lossy().into_owned(),
        variable,
        source,
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let name = Path::new(program).file_stem().unwrap_or(program).to_string_lossy();
    let first = arguments.first().map(|argument| argument.to_string_lossy()).unwrap_or_default();
    Err(PackageError::Tool {
        command: format!("{name} {first}"),
        directory: options.workspace.clone(),
        message: String::from_utf8_lossy(&output.stderr).trim_end().to_owned(),
    })
}

/// Does two things at the same time; starting a program through rustup takes some 30 ms.
pub(crate) fn both<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let running = scope.spawn(a);
        let b = b();
        (running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), b)
    })
}

/// Cargo's home, where it also keeps the programs that `cargo install` brings.
pub(crate) fn cargo_home(options: &PackageOptions) -> Option<PathBuf> {
    let default = || std::env::home_dir().map(|home| home.join(".cargo"));
    options.lookup("CARGO_HOME").map(PathBuf::from).or_else(default)
}

/// The program where a shell or cargo would find it.
fn find_program(name: &str, options: &PackageOptions) -> Option<PathBuf> {
    let path = options.lookup("PATH").unwrap_or_default();
    let installed = cargo_home(options).map(|home| home.join("bin"));
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path)
        .chain(installed)
        .map(|directory| directory.join(&file))
        .find(|program| program.is_file())
}

/// Whether `cargo zigbuild` will find zig: in its own variable, on the path, or as Python's `ziglang`.
fn has_zig(options: &PackageOptions) -> bool {
    let module = |python: &str| {
        let arguments: [&OsStr; 3] = ["-m", "ziglang", "version"].map(OsStr::new);
        ask(options, OsStr::new(python), "PATH", &arguments).is_ok()
    };
    options.lookup("CARGO_ZIGBUILD_ZIG_PATH").is_some_and(|zig: OsString| !zig.is_empty())
        || find_program("zig", options).is_some()
        || module("python3")
        || module("python")
}

/// The C library that plain linking on this machine uses; `None` where it is not glibc.
fn host_glibc(options: &PackageOptions) -> Option<GlibcVersion> {
    let answer = ask(options, OsStr::new("getconf"), "PATH", &[OsStr::new("GNU_LIBC_VERSION")]).ok()?;
    GlibcVersion::parse(answer.trim().strip_prefix("glibc ")?)
}
