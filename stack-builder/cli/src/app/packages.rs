//! Which folders of this machine a program is made from.

use super::cargo::{self, Metadata, Package, Target};
use crate::failure::Failure;
use crate::session::Session;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The packages of the workspace.
#[derive(Debug)]
pub(crate) struct Packages(Metadata);

impl Packages {
    /// Those of the workspace in `root`.
    pub(crate) fn read(session: &Session, root: &Path) -> Result<Self, Failure> {
        cargo::metadata(session, Some(root)).map(Self)
    }

    /// Folders of every package.
    pub(crate) fn folders(&self) -> BTreeSet<PathBuf> {
        self.0.packages.iter().map(Package::folder).collect()
    }

    /// Folders of the package called `name`, and of what it depends on by path.
    pub(crate) fn behind(&self, name: &str) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        self.0.packages.iter().filter(|p| p.name == name).for_each(|p| self.add(p, &mut found));
        found
    }

    /// The same for the packages that hold these binaries.
    pub(crate) fn behind_bins(&self, bins: &BTreeSet<&str>) -> BTreeSet<PathBuf> {
        let wanted = |target: &Target| target.is_bin() && bins.contains(target.name.as_str());
        let holds = |package: &&Package| package.targets.iter().any(wanted);
        let mut found = BTreeSet::new();
        self.0.packages.iter().filter(holds).for_each(|package| self.add(package, &mut found));
        found
    }

    fn add(&self, package: &Package, found: &mut BTreeSet<PathBuf>) {
        if !found.insert(package.folder()) {
            return;
        }
        // What only tests need does not change the program.
        let of_program = package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev"));
        for path in of_program.filter_map(|dependency| dependency.path.as_ref()) {
            let folder = path.canonicalize().unwrap_or_else(|_| path.clone());
            match self.0.packages.iter().find(|package| package.folder() == folder) {
                Some(member) => self.add(member, found),
                None => drop(found.insert(folder)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_program_is_made_from() {
        let package = |name: &str, bin: &str, dependencies: serde_json::Value| {
            json!({
                "id": name, "name": name, "manifest_path": format!("/w/{name}/Cargo.toml"),
                "dependencies": dependencies, "targets": [{"name": bin, "kind": ["bin"]}],
            })
        };
        let on = |name: &str, kind: Option<&str>| json!({"name": name, "kind": kind, "path": format!("/w/{name}")});
        let packages = [
            package("stacks", "stacks", json!([on("shared", None), on("tests", Some("dev"))])),
            package("shared", "none", json!([on("outside", None), {"name": "serde", "kind": null}])),
            package("handlers", "list", json!([on("shared", Some("build"))])),
        ];
        let metadata = json!({"packages": packages, "workspace_root": "/w"});
        let packages = Packages(serde_json::from_value(metadata).unwrap());
        let folders = |names: &[&str]| names.iter().map(|name| PathBuf::from(format!("/w/{name}"))).collect();
        assert_eq!(packages.behind("stacks"), folders(&["outside", "shared", "stacks"]));
        assert_eq!(packages.behind_bins(&["list"].into()), folders(&["handlers", "outside", "shared"]));
    }
}
