//! Which package holds the stacks?

use super::cargo::{self, Metadata, Package};
use crate::failure::Failure;
use crate::session::Session;
use anyhow::Result;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The crate that a package of stacks depends on, and the table that may name the package.
const TOOLKIT: &str = "stack-builder";

/// The user's program, found but not built.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Workspace {
    /// Its workspace's root.
    pub(crate) root: PathBuf,
    /// Its package's name.
    pub(crate) package: String,
    /// Its package's id, which no dependency of the same name can shadow.
    pub(super) package_id: String,
    /// Its package's manifest.
    pub(super) manifest: PathBuf,
    /// Its binary target.
    pub(super) bin: String,
}

/// Finds the program by `--app`, the current package, the workspace's metadata, or its being the only one.
pub(crate) fn locate(session: &Session) -> Result<Workspace> {
    let folder = session.app.as_deref().filter(|app| names_a_folder(app)).map(Path::new);
    if let Some(folder) = folder.filter(|folder| !folder.join("Cargo.toml").is_file()) {
        return Err(no_manifest(folder).into());
    }
    let metadata = cargo::metadata(session, folder)?;
    let here = match folder {
        Some(folder) => folder.canonicalize()?,
        None => std::env::current_dir()?.canonicalize()?,
    };
    let named = if folder.is_some() { None } else { session.app.as_deref() };
    let package = match folder.and_then(|_| package_of(&metadata, &here)) {
        Some(package) => package,
        None => choose(&metadata, named, &here)?,
    };
    Ok(Workspace {
        root: metadata.workspace_root.clone(),
        package: package.name.clone(),
        package_id: package.id.clone(),
        manifest: package.manifest_path.clone(),
        bin: bin(package)?,
    })
}

/// `./notes`, `examples/notes` and `..` are folders; a bare word is a package first.
fn names_a_folder(app: &str) -> bool {
    app.contains(['/', '\\']) || app.starts_with('.')
}

fn no_manifest(folder: &Path) -> Failure {
    Failure::new(format!("there is no `Cargo.toml` in `{}`", folder.display()))
        .hint("`--app` takes the name of a package, or the path of its folder")
        .usage()
}

/// The package whose manifest lies in `folder` itself.
fn package_of<'a>(metadata: &'a Metadata, folder: &Path) -> Option<&'a Package> {
    metadata.packages.iter().find(|package| package.folder() == folder)
}

fn choose<'a>(metadata: &'a Metadata, named: Option<&str>, here: &Path) -> Result<&'a Package, Failure> {
    if let Some(name) = named {
        return by_name(metadata, name).map_err(Failure::usage);
    }
    if let Some(package) = package_around(metadata, here).filter(|package| describes_stacks(package)) {
        return Ok(package);
    }
    if let Some(name) =
        configured(&metadata.settings).or_else(|| metadata.packages.iter().find_map(configured_by))
    {
        return by_name(metadata, name).map_err(|failure| {
            Failure::new(format!("`app` in the metadata of `{TOOLKIT}` is out of date")).because(failure)
        });
    }
    only_one(metadata)
}

fn by_name<'a>(metadata: &'a Metadata, name: &str) -> Result<&'a Package, Failure> {
    metadata.packages.iter().find(|package| package.name == name).ok_or_else(|| {
        let candidates = candidates(metadata);
        let hint = match candidates.as_slice() {
            [] => format!("no package of the workspace depends on `{TOOLKIT}`"),
            candidates => format!("these describe stacks: {}", names(candidates)),
        };
        Failure::new(format!("the workspace has no package `{name}`")).hint(hint)
    })
}

/// The innermost package around `here`.
fn package_around<'a>(metadata: &'a Metadata, here: &Path) -> Option<&'a Package> {
    let around = |package: &&Package| here.starts_with(package.folder());
    metadata.packages.iter().filter(around).max_by_key(|package| package.manifest_path.as_os_str().len())
}

/// `app = "…"` in the toolkit's table of a workspace's or package's metadata.
fn configured(metadata: &Value) -> Option<&str> {
    metadata.get(TOOLKIT)?.get("app")?.as_str()
}

/// A package may name another, or by an empty table itself.
fn configured_by(package: &Package) -> Option<&str> {
    let table = package.metadata.get(TOOLKIT)?;
    Some(table.get("app").and_then(Value::as_str).unwrap_or(&package.name))
}

fn only_one(metadata: &Metadata) -> Result<&Package, Failure> {
    let manifest = metadata.workspace_root.join("Cargo.toml");
    match candidates(metadata).as_slice() {
        [package] => Ok(package),
        [] => Err(Failure::new(format!("no package of `{}` describes stacks", manifest.display()))
            .hint(format!("a package of stacks has a binary and depends on `{TOOLKIT}`"))),
        several => Err(Failure::new(format!("several packages describe stacks: {}", names(several))).hint(format!(
            "choose one with `--app {first}`, or write `[workspace.metadata.{TOOLKIT}]` with `app = \"{first}\"` in `{}`",
            manifest.display(),
            first = several[0].name,
        ))),
    }
}

fn candidates(metadata: &Metadata) -> Vec<&Package> {
    metadata.packages.iter().filter(|package| describes_stacks(package)).collect()
}

fn describes_stacks(package: &Package) -> bool {
    let depends = package.dependencies.iter().any(|d| d.name == TOOLKIT && d.kind.is_none());
    depends && package.targets.iter().any(cargo::Target::is_bin)
}

fn names(packages: &[&Package]) -> String {
    packages.iter().map(|package| format!("`{}`", package.name)).collect::<Vec<_>>().join(", ")
}

/// What `cargo run` would run.
fn bin(package: &Package) -> Result<String, Failure> {
    let bins: Vec<_> =
        package.targets.iter().filter(|target| target.is_bin()).map(|target| &target.name).collect();
    let chosen =
        package.default_run.as_ref().or_else(|| bins.iter().copied().find(|bin| **bin == package.name));
    match (chosen, bins.as_slice()) {
        (Some(bin), _) => Ok(bin.clone()),
        (None, [bin]) => Ok((*bin).clone()),
        (None, []) => Err(Failure::new(format!("the package `{}` has no program to run", package.name))
            .hint("a package of stacks has a `src/main.rs`")),
        (None, _) => Err(Failure::new(format!("the package `{}` has several programs", package.name))
            .hint("set `default-run` in its Cargo.toml to the one that describes the stacks")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, depends: bool) -> Value {
        let dependencies = if depends { json!([{"name": "stack-builder", "kind": null}]) } else { json!([]) };
        json!({
            "id": format!("path+file:///w/{name}#0.1.0"), "name": name, "manifest_path": format!("/w/{name}/Cargo.toml"),
            "dependencies": dependencies, "targets": [{"name": name, "kind": ["bin"]}],
        })
    }

    fn workspace(packages: &[Value], metadata: &Value) -> Metadata {
        serde_json::from_value(json!({"packages": packages, "workspace_root": "/w", "metadata": metadata}))
            .unwrap()
    }

    #[track_caller]
    fn check(metadata: &Metadata, named: Option<&str>, here: &str, expect: Result<&str, &str>) {
        let chosen = choose(metadata, named, Path::new(here));
        let chosen = chosen.map(|package| package.name.as_str()).map_err(|failure| failure.to_string());
        assert_eq!(chosen, expect.map_err(str::to_owned));
    }

    #[test]
    fn the_only_one() {
        let metadata = workspace(&[package("tool", false), package("notes", true)], &Value::Null);
        check(&metadata, None, "/w", Ok("notes"));
        check(&metadata, Some("tool"), "/w", Ok("tool"));
        check(&metadata, Some("nope"), "/w", Err("the workspace has no package `nope`"));
    }

    #[test]
    fn several() {
        let packages = [package("a", true), package("b", true)];
        let metadata = workspace(&packages, &Value::Null);
        check(&metadata, None, "/w", Err("several packages describe stacks: `a`, `b`"));
        check(&metadata, None, "/w/b/src", Ok("b"));
        let metadata = workspace(&packages, &json!({"stack-builder": {"app": "b"}}));
        check(&metadata, None, "/w", Ok("b"));
        check(&metadata, None, "/w/a", Ok("a"));
    }

    #[test]
    fn a_setting_that_is_out_of_date() {
        let metadata = workspace(&[package("a", true)], &json!({"stack-builder": {"app": "b"}}));
        check(&metadata, None, "/w", Err("`app` in the metadata of `stack-builder` is out of date"));
    }

    #[test]
    fn a_package_names_itself() {
        let mut chosen = package("b", true);
        chosen["metadata"] = json!({"stack-builder": {}});
        let metadata = workspace(&[package("a", true), chosen], &Value::Null);
        check(&metadata, None, "/w", Ok("b"));
    }

    #[test]
    fn none() {
        let mut dev = package("tests", true);
        dev["dependencies"][0]["kind"] = json!("dev");
        let mut library = package("helpers", true);
        library["targets"][0]["kind"] = json!(["lib"]);
        let metadata = workspace(&[dev, library], &Value::Null);
        check(&metadata, None, "/w", Err("no package of `/w/Cargo.toml` describes stacks"));
    }

    #[track_caller]
    fn check_bin(bins: &[&str], default_run: Option<&str>, expect: Result<&str, &str>) {
        let targets =
            bins.iter().map(|bin| cargo::Target { name: (*bin).into(), kind: vec!["bin".into()] }).collect();
        let default_run = default_run.map(Into::into);
        let package = Package { name: "notes".into(), targets, default_run, ..Package::default() };
        assert_eq!(
            bin(&package).map_err(|f| f.to_string()),
            expect.map(str::to_owned).map_err(str::to_owned)
        );
    }

    #[test]
    fn which_program() {
        check_bin(&["x"], None, Ok("x"));
        check_bin(&["seed", "notes"], None, Ok("notes"));
        check_bin(&["seed", "notes"], Some("seed"), Ok("seed"));
        check_bin(&["seed", "x"], None, Err("the package `notes` has several programs"));
        check_bin(&[], None, Err("the package `notes` has no program to run"));
    }
}
