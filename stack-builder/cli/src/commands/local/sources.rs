//! Which file belongs to which part of the application.

use super::pending::Pending;
use crate::app::{Packages, Workspace};
use stack_builder_assembly::{Asset, CloudAssembly};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Files of the workspace that matter to everything cargo builds there.
const SETTINGS: [&str; 4] = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"];
/// Folders of a package that do not become part of its binaries.
const BESIDE: [&str; 4] = ["tests", "benches", "examples", "target"];

/// What the application is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// Folders of every package, for one can lie within another.
    packages: BTreeSet<PathBuf>,
    stacks: Made,
    handlers: Made,
    sites: BTreeSet<PathBuf>,
    data: BTreeSet<PathBuf>,
}

/// What a program is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Made {
    /// Folders of its packages.
    packages: BTreeSet<PathBuf>,
    /// Files and folders that cargo has read, wherever they are.
    read: BTreeSet<PathBuf>,
}

impl Sources {
    /// Of the `program` that describes the stacks, and of the `handlers` that were built.
    pub(super) fn of(
        workspace: &Workspace,
        packages: &Packages,
        assembly: &CloudAssembly,
        program: &Path,
        handlers: &[PathBuf],
    ) -> Self {
        let root = &workspace.root;
        let settings: BTreeSet<_> = SETTINGS.iter().map(|file| root.join(file)).collect();
        let read = |programs: &[PathBuf]| {
            programs.iter().flat_map(|program| dependencies(program)).chain(settings.clone()).collect()
        };
        let program = [program.to_owned()];
        let mut sources = Self {
            packages: packages.folders(),
            stacks: Made { packages: packages.behind(&workspace.package), read: read(&program) },
            handlers: Made { packages: packages.behind_bins(&bins(assembly)), read: read(handlers) },
            ..Self::default()
        };
        for asset in assembly.manifest.assets.values() {
            if let Asset::Site { folder } = asset {
                sources.sites.insert(root.join(folder));
            }
        }
        let data = assembly.manifest.stacks.iter().filter_map(|stack| stack.seed.as_ref());
        sources.data = data.map(|file| root.join(file)).collect();
        sources
    }

    /// Of a site and nothing else.
    #[cfg(test)]
    pub(super) fn of_site(folder: &Path) -> Self {
        Self { sites: BTreeSet::from([folder.to_owned()]), ..Self::default() }
    }

    /// What has to be made again when the file at `path` changes.
    pub(super) fn concerned(&self, path: &Path) -> Pending {
        if is_transient(path) || self.data.contains(path) {
            return Pending::default();
        }
        let sites = self.sites.iter().any(|folder| is_visible_below(folder, path));
        let could_read =
            |made: &Made| !sites && self.package_of(path).is_some_and(|it| made.could_read(it, path));
        let made_from = |made: &Made| made.has_read(path) || could_read(made);
        Pending { stacks: made_from(&self.stacks), handlers: made_from(&self.handlers), sites }
    }

    /// The folder of the innermost package that `path` is in.
    fn package_of(&self, path: &Path) -> Option<&Path> {
        let all = self.packages.iter().chain(&self.stacks.packages).chain(&self.handlers.packages);
        all.filter(|folder| is_visible_below(folder, path)).max().map(PathBuf::as_path)
    }

    /// Folders to watch, those below them too.
    pub(super) fn trees(&self) -> BTreeSet<&Path> {
        let packages = self.stacks.packages.iter().chain(&self.handlers.packages);
        packages.chain(&self.sites).map(PathBuf::as_path).collect()
    }

    /// Whether sources may lie in `folder`.
    pub(super) fn may_hold(&self, folder: &Path) -> bool {
        let made = |part: &std::ffi::OsStr| part == "target" || part == "node_modules";
        !folder.iter().any(made) && self.trees().iter().any(|tree| is_visible_below(tree, folder))
    }

    /// Further folders to watch, for files that lie in them.
    pub(super) fn folders(&self) -> BTreeSet<&Path> {
        let trees = self.trees();
        let read = self.stacks.read.iter().chain(&self.handlers.read);
        let folders = read.filter_map(|file| file.parent());
        folders.filter(|folder| !trees.iter().any(|tree| folder.starts_with(tree))).collect()
    }
}

impl Made {
    /// Whether cargo has read this file, or looks into the folder that it is in.
    fn has_read(&self, path: &Path) -> bool {
        path.ancestors().any(|part| self.read.contains(part))
    }

    /// Whether the file, which is in `package`, is where cargo may read it next time.
    fn could_read(&self, package: &Path, path: &Path) -> bool {
        let inside = path.strip_prefix(package).ok().filter(|_| self.packages.contains(package));
        let Some(inside) = inside else { return false };
        let first = inside.iter().next().unwrap_or_default();
        let is_source = inside.extension().is_some_and(|ending| ending == "rs" || ending == "toml");
        first == "src" || is_source && !BESIDE.iter().any(|beside| first == *beside)
    }
}

/// Whether `path` is below `folder`, and no part of the way hidden.
fn is_visible_below(folder: &Path, path: &Path) -> bool {
    let hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".") && part != ".well-known";
    path.strip_prefix(folder).is_ok_and(|inside| !inside.iter().any(hidden))
}

/// Whether an editor has put the file there for a moment.
pub(super) fn is_transient(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    name.ends_with('~')
        || name.starts_with(".#")
        || name.starts_with('#')
        || name == "4913"
        || ["swp", "swo", "swx", "tmp", "part"].contains(&&*ending)
}

fn bins(assembly: &CloudAssembly) -> BTreeSet<&str> {
    let bin = |asset| match asset {
        &Asset::RustFunction { ref bin, .. } | &Asset::EdgeFunction { ref bin, .. } => Some(bin.as_str()),
        _ => None,
    };
    assembly.manifest.assets.values().filter_map(bin).collect()
}

/// What cargo notes beside a program: the files of this workspace that it was made from.
fn dependencies(program: &Path) -> Vec<PathBuf> {
    let note = fs::read_to_string(program.with_extension("d")).unwrap_or_default();
    let Some((_, files)) = note.lines().next().and_then(|line| line.split_once(": ")) else {
        return Vec::new();
    };
    let files = files.replace("\\ ", "\0");
    files.split(' ').filter(|file| !file.is_empty()).map(|file| file.replace('\0', " ").into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> BTreeSet<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[track_caller]
    fn check(path: &str, expect: &str) {
        let sources = Sources {
            packages: paths(&["/w", "/w/handlers", "/w/shared", "/w/tool"]),
            stacks: Made {
                packages: paths(&["/w", "/w/shared"]),
                read: paths(&["/w/src/main.rs", "/w/site/error.html", "/w/Cargo.lock", "/w/shared/facts"]),
            },
            handlers: Made {
                packages: paths(&["/w/handlers", "/w/shared"]),
                read: paths(&["/w/Cargo.lock"]),
            },
            sites: paths(&["/w/site"]),
            data: paths(&["/w/src/seed.json"]),
        };
        let Pending { stacks, handlers, sites } = sources.concerned(Path::new(path));
        let marks = [(stacks, 'S'), (handlers, 'H'), (sites, 'W')];
        let found: String = marks.into_iter().filter(|(is, _)| *is).map(|(_, mark)| mark).collect();
        assert_eq!(found, expect, "{path}");
    }

    #[test]
    fn a_file_concerns_what_is_made_from_it() {
        check("/w/src/main.rs", "S");
        check("/w/src/new.rs", "S");
        check("/w/build.rs", "S");
        check("/w/Cargo.lock", "SH");
        check("/w/shared/src/lib.rs", "SH");
        check("/w/shared/facts/new.json", "S");
        check("/w/site/app.js", "W");
        check("/w/site/.well-known/x", "W");
        check("/w/site/error.html", "SW");
    }

    #[test]
    fn nothing_else_does() {
        for path in [
            "/w/README.md",
            "/w/tool/src/main.rs",
            "/w/target/debug/build/x/out/made.rs",
            "/w/tests/all.rs",
            "/w/src/.main.rs.swp",
            "/w/src/main.rs~",
            "/w/src/4913",
            "/w/src/seed.json",
            "/w/.git/src/x.rs",
            "/w/site/.hidden",
            "/elsewhere/src/main.rs",
        ] {
            check(path, "");
        }
    }

    #[test]
    fn what_cargo_notes() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("notes");
        fs::write(program.with_extension("d"), "/t/notes: /w/a\\ b.rs /w/c.rs\n\n/w/c.rs:\n").unwrap();
        assert_eq!(dependencies(&program), [PathBuf::from("/w/a b.rs"), PathBuf::from("/w/c.rs")]);
        assert!(dependencies(&folder.path().join("none")).is_empty());
    }
}
