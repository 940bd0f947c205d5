//! Packaging from end to end: a small workspace that is made here, the machine's own cargo, no network.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic as the test itself may")]

use serde_json::{Value, json};
use stack_builder_assembly::{
    Architecture, Asset, AssetSlot, CloudAssembly, Manifest, StackArtifact, asset_bucket_sub, write_json,
};
use stack_builder_package::{GlibcVersion, PackageError, PackageOptions, Packaged, Progress, package};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use tempfile::TempDir;

#[cfg(target_arch = "x86_64")]
const HERE: Architecture = Architecture::X86_64;
#[cfg(target_arch = "aarch64")]
const HERE: Architecture = Architecture::Arm64;
#[cfg(target_arch = "x86_64")]
const ELSEWHERE: Architecture = Architecture::Arm64;
#[cfg(target_arch = "aarch64")]
const ELSEWHERE: Architecture = Architecture::X86_64;

/// Makes a function that knows the absolute path at which it was compiled.
const BUILD_SCRIPT: &str = r#"
fn main() {
    let text = "pub fn fail(n: usize) { assert!(n == 0, \"{n}\") }";
    std::fs::write(std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("made.rs"), text).unwrap();
}
"#;

/// A workspace with two handlers, and an assembly whose one stack uses them.
struct Project {
    root: TempDir,
    below: &'static str,
    slots: Vec<AssetSlot>,
    assets: BTreeMap<String, Asset>,
    options: Vec<(&'static str, String)>,
    glibc: GlibcVersion,
}

impl Project {
    fn new() -> Self {
        Self::below("workspace")
    }

    /// A project whose workspace lies in `below`, relative to a directory of its own.
    fn below(below: &'static str) -> Self {
        let root = TempDir::new().unwrap();
        let project = Self {
            root,
            below,
            slots: Vec::new(),
            assets: BTreeMap::new(),
            options: Vec::new(),
            glibc: GlibcVersion::AL2023,
        };
        project
            .source("Cargo.toml", "[workspace]\nmembers = [\"handlers\", \"shared\"]\nresolver = \"3\"\n")
            .source(
                "handlers/Cargo.toml",
                "[package]\nname = \"handlers\"\nedition = \"2024\"\n[dependencies]\nshared.path = \"../shared\"\n",
            )
            .source("handlers/src/bin/list.rs", "fn main() { shared::fail(std::env::args().count()) }\n")
            .source("handlers/src/bin/put.rs", "fn main() { println!(\"{}\", file!()) }\n")
            .source("shared/Cargo.toml", "[package]\nname = \"shared\"\nedition = \"2024\"\n")
            .source(
                "shared/src/lib.rs",
                "include!(concat!(env!(\"OUT_DIR\"), \"/made.rs\"));\n",
            )
            .source("shared/build.rs", BUILD_SCRIPT)
            .asset("List", "list", HERE)
            .asset("Put", "put", HERE)
    }

    fn source(self, path: &str, text: &str) -> Self {
        let path = self.workspace().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    fn asset(mut self, name: &str, bin: &str, architecture: Architecture) -> Self {
        self.assets.insert(name.to_owned(), Asset::RustFunction { bin: bin.to_owned(), architecture });
        self.slot(name, &format!("{name}Function"), "Code")
    }

    fn slot(mut self, asset: &str, logical_id: &str, property: &str) -> Self {
        let (asset, logical_id, property) = (asset.to_owned(), logical_id.to_owned(), property.to_owned());
        self.slots.push(AssetSlot { asset, logical_id, property });
        self
    }

    fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.options.push((name, value.into()));
        self
    }

    fn workspace(&self) -> PathBuf {
        self.root.path().join(self.below)
    }

    fn directory(&self) -> PathBuf {
        self.root.path().join("assembly")
    }

    /// What `synth` would have written.
    fn assembly(&self) -> CloudAssembly {
        let mut manifest = Manifest::new("app", "dev");
        manifest.assets = self.assets.clone();
        manifest.stacks = vec![StackArtifact {
            name: "notes".into(),
            stack_name: "notes-dev".into(),
            description: String::new(),
            template: "notes.template.json".into(),
            resources: BTreeMap::new(),
            asset_slots: self.slots.clone(),
            tags: BTreeMap::new(),
        }];
        write_json(&self.directory().join("notes.template.json"), &template()).unwrap();
        CloudAssembly::write(self.directory(), manifest).unwrap()
    }

    fn package(&self) -> (Result<Packaged, PackageError>, Vec<Progress>) {
        self.package_again(&self.assembly())
    }

    /// Packages what was synthesized before.
    fn package_again(&self, assembly: &CloudAssembly) -> (Result<Packaged, PackageError>, Vec<Progress>) {
        let mut options = PackageOptions::new(self.workspace())
            .variable("CARGO_TARGET_DIR", self.root.path().join("target"))
            .variable("CARGO_NET_OFFLINE", "true");
        options.glibc = self.glibc;
        for (name, value) in &self.options {
            options = options.variable(name, value);
        }
        let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
        let mut steps = Vec::new();
        (package(assembly, &stacks, &options, &mut |step| steps.push(step)), steps)
    }

    #[track_caller]
    fn packaged(&self) -> Packaged {
        let (result, steps) = self.package();
        result.unwrap_or_else(|error| panic!("{error}\n{steps:#?}"))
    }

    /// The error's text, without this machine's directories.
    #[track_caller]
    fn refused(&self) -> String {
        let error = self.package().0.expect_err("packaging must fail").to_string();
        error.replace(self.root.path().to_str().unwrap(), "ROOT")
    }

    fn archives(&self) -> BTreeMap<String, Vec<u8>> {
        let read =
            |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
        let all = fs::read_dir(self.directory().join("assets")).unwrap().map(|entry| read(entry.unwrap()));
        all.filter(|(name, _)| Path::new(name).extension().is_some_and(|extension| extension == "zip"))
            .collect()
    }
}

/// Two functions, one more property than is filled in, and keys out of alphabetical order.
fn template() -> Value {
    let function = |timeout: u32| {
        json!({
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Timeout": timeout,
                "Code": { "S3Bucket": { "Fn::Sub": asset_bucket_sub() }, "S3Key": "" },
                "Architectures": ["x86_64"]
            }
        })
    };
    json!({ "Resources": { "PutFunction": function(3), "ListFunction": function(5) }, "Conditions": {} })
}

fn hashes(packaged: &Packaged) -> [&str; 2] {
    ["List", "Put"].map(|name| packaged.manifest.assets[name].hash.as_str())
}

fn modified(directory: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), path.metadata().unwrap().modified().unwrap()))
        .collect()
}

#[test]
fn an_archive_holds_an_executable_bootstrap_of_1980() {
    let project = Project::new();
    let packaged = project.packaged();
    let asset = &packaged.manifest.assets["List"];
    assert_eq!(asset.path, format!("assets/{}.zip", asset.hash));
    let file = fs::File::open(project.directory().join(&asset.path)).unwrap();
    assert_eq!(file.metadata().unwrap().len(), asset.size);

    let mut archive = zip::ZipArchive::new(file).unwrap();
    assert_eq!(archive.len(), 1);
    let mut entry = archive.by_index(0).unwrap();
    assert_eq!(entry.name().unwrap(), "bootstrap");
    assert_eq!(entry.unix_mode(), Some(0o100_755));
    let date = entry.last_modified().unwrap();
    assert_eq!((date.year(), date.month(), date.day()), (1980, 1, 1));
    assert_eq!(entry.compression(), zip::CompressionMethod::Deflated);
    let mut content = Vec::new();
    entry.read_to_end(&mut content).unwrap();
    assert!(content.starts_with(b"\x7fELF"));
}

#[test]
fn the_packaged_template_differs_only_in_the_keys() {
    let project = Project::new();
    let packaged = project.packaged();
    let mut expect = template();
    for name in ["List", "Put"] {
        let key = &mut expect["Resources"][format!("{name}Function")]["Properties"]["Code"]["S3Key"];
        *key = packaged.manifest.assets[name].object_key().into();
    }
    let expect = serde_json::to_string_pretty(&expect).unwrap() + "\n";
    let found = fs::read_to_string(project.directory().join("notes.packaged.json")).unwrap();
    assert_eq!(found, expect);
    assert_eq!(project.assembly().assets().unwrap(), packaged.manifest);
}

#[test]
fn a_second_run_makes_and_writes_nothing() {
    let project = Project::new();
    let first = project.packaged();
    assert_eq!(first.rebuilt, ["list", "put"]);
    assert_eq!(first.archived, ["List", "Put"]);
    assert_eq!(first.templates, ["notes"]);

    let outputs = || {
        let mut files = modified(&project.directory().join("assets"));
        files.extend(modified(&project.directory()));
        files.retain(|path, _| !path.ends_with("manifest.json") && !path.ends_with("notes.template.json"));
        files.retain(|path, _| !path.ends_with(".lock"));
        files
    };
    let before = outputs();
    assert_eq!(before.len(), 5, "{before:?}");
    let second = project.packaged();
    assert_eq!(outputs(), before);
    assert_eq!((second.rebuilt.len(), second.archived.len(), second.templates.len()), (0, 0, 0));
    assert_eq!(second.reused, ["List", "Put"]);
    assert_eq!(second.manifest, first.manifest);
}

#[test]
fn an_archive_survives_the_loss_of_every_note_about_it() {
    let project = Project::new();
    let first = project.packaged();
    fs::remove_file(project.directory().join("assets/stamps.json")).unwrap();
    fs::write(project.directory().join("assets.json"), "{ half").unwrap();
    let second = project.packaged();
    assert_eq!(second.reused, ["List", "Put"]);
    assert_eq!(second.manifest, first.manifest);
}

#[test]
fn a_lost_archive_is_made_again_with_the_same_bytes() {
    let project = Project::new();
    let first = project.packaged();
    let before = project.archives();
    let archive = project.directory().join(&first.manifest.assets["Put"].path);
    // As a run would leave them that was killed half-way.
    fs::rename(&archive, archive.with_extension("partial")).unwrap();
    let partial = fs::OpenOptions::new().append(true).open(archive.with_extension("partial")).unwrap();
    partial.set_len(1_000_000).unwrap();
    let second = project.packaged();
    assert_eq!((second.archived, second.reused), (vec!["Put".to_owned()], vec!["List".to_owned()]));
    assert_eq!(project.archives(), before);
    assert!(!archive.with_extension("partial").exists());
}

#[test]
fn a_clone_elsewhere_gives_the_same_bytes() {
    let (one, other) = (Project::new(), Project::below("quite/another/place, with spaces"));
    one.packaged();
    other.packaged();
    assert_eq!(one.archives(), other.archives());
}

#[test]
fn a_clone_elsewhere_gives_the_same_bytes_with_the_users_flags_too() {
    let flags = |project: Project| project.variable("RUSTFLAGS", "--cfg notes -Cdebuginfo=0");
    let (one, other) = (flags(Project::new()), flags(Project::below("a/b")));
    let source = "#[cfg(notes)]\nfn main() { println!(\"noted {}\", file!()) }\n";
    let (one, other) =
        (one.source("handlers/src/bin/put.rs", source), other.source("handlers/src/bin/put.rs", source));
    one.packaged();
    other.packaged();
    assert_eq!(one.archives(), other.archives());
}

#[test]
fn flags_of_a_configuration_file_are_kept() {
    let project = Project::new()
        .source(".cargo/config.toml", "[build]\nrustflags = [\"--cfg\", \"notes\"]\n")
        .source("handlers/src/bin/put.rs", "#[cfg(notes)]\nfn main() {}\n");
    project.packaged();
}

#[test]
fn an_edit_changes_one_address() {
    let project = Project::new();
    let first = project.packaged();
    let project = project.source("handlers/src/bin/put.rs", "fn main() { println!(\"edited\") }\n");
    let second = project.packaged();
    assert_eq!(second.rebuilt, ["put"]);
    assert_eq!((&second.archived[..], &second.reused[..]), (&["Put".into()][..], &["List".into()][..]));
    assert_eq!(second.templates, ["notes"]);
    assert_eq!(hashes(&first)[0], hashes(&second)[0]);
    assert_ne!(hashes(&first)[1], hashes(&second)[1]);
}

#[test]
fn the_users_own_profile_wins() {
    let manifest = "[workspace]\nmembers = [\"handlers\", \"shared\"]\nresolver = \"3\"\n";
    let loose = "[profile.lambda]\ninherits = \"dev\"\ndebug = true\n";
    let ours = Project::new().packaged();
    let theirs = Project::new().source("Cargo.toml", &format!("{manifest}{loose}")).packaged();
    let size = |packaged: &Packaged| packaged.manifest.assets["List"].size;
    assert!(size(&theirs) > 2 * size(&ours), "{} and {}", size(&theirs), size(&ours));
}

#[test]
fn progress_is_told_in_order() {
    let (result, steps) = Project::new().package();
    result.unwrap();
    let kinds: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Progress::Building { bins, .. } => Some(format!("building {}", bins.join(" "))),
            Progress::Built { rebuilt, .. } => Some(format!("built {}", rebuilt.join(" "))),
            Progress::Archiving { asset, .. } => Some(format!("archiving {asset}")),
            Progress::Archived { asset, reused, .. } => Some(format!("archived {asset} {reused}")),
            Progress::TemplateWritten { stack, .. } => Some(format!("template {stack}")),
            _ => None,
        })
        .collect();
    // How many archives are written at a time depends on the machine, so their two steps may interleave.
    assert_eq!(kinds[..2], ["building list put", "built list put"]);
    assert_eq!(kinds.last().unwrap(), "template notes");
    assert!(kinds.contains(&"archived List false".to_owned()) && kinds.len() == 7, "{kinds:?}");
    let compiling =
        |step: &Progress| matches!(step, Progress::Cargo { line } if line.contains("Compiling handlers"));
    assert!(steps.iter().any(compiling), "{steps:?}");
}

#[test]
fn an_unknown_binary_is_named_with_its_likes() {
    let mut project = Project::new().slot("Typo", "PutFunction", "Code");
    project.assets.insert("Typo".into(), Asset::RustFunction { bin: "lits".into(), architecture: HERE });
    assert_eq!(
        project.refused(),
        "no binary target `lits` in the workspace at `ROOT/workspace`, wanted by asset `Typo`; there is `list`\n\
         hint: write `src/bin/lits.rs` in one of its packages, or correct the name in the stack"
    );
}

#[test]
fn an_ambiguous_binary_is_named_with_its_packages() {
    let project = Project::new().source("shared/src/bin/put.rs", "fn main() {}\n");
    assert_eq!(
        project.refused(),
        "binary target `put`, wanted by asset `Put`, is ambiguous: packages `handlers`, `shared` each have one\n\
         hint: rename all but one"
    );
}

#[test]
fn a_compile_error_is_passed_on_whole() {
    let project = Project::new().source("handlers/src/bin/put.rs", "fn main() { let n: u8 = \"seven\"; }\n");
    let (result, steps) = project.package();
    let lines = steps.iter().filter_map(|step| match step {
        Progress::Cargo { line } => Some(line.as_str()),
        _ => None,
    });
    let output = lines.collect::<Vec<_>>().join("\n");
    assert!(output.contains("error[E0308]: mismatched types"), "{output}");
    assert!(output.contains("src/bin/put.rs:1:25"), "{output}");
    let error = result.unwrap_err().to_string();
    assert!(error.starts_with("cargo could not build `list`, `put` for "), "{error}");
    assert!(!project.directory().join("assets.json").exists());
    assert!(project.archives().is_empty());
}

#[test]
fn a_broken_manifest_is_told_in_cargos_words() {
    let error = Project::new().source("Cargo.toml", "[workspace\n").refused();
    assert!(error.starts_with("`cargo metadata` failed in `ROOT/workspace`: error: "), "{error}");
}

#[test]
fn a_directory_without_a_manifest_is_named() {
    let project = Project::new();
    fs::remove_file(project.workspace().join("Cargo.toml")).unwrap();
    assert_eq!(
        project.refused(),
        "no `Cargo.toml` in `ROOT/workspace`, where the handlers should be\n\
         hint: run the command in the workspace that holds them"
    );
}

#[test]
fn a_missing_cargo_is_named() {
    let project = Project::new();
    let assembly = project.assembly();
    let mut options = PackageOptions::new(project.workspace());
    options.cargo = "no-such-cargo".into();
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    let error = package(&assembly, &stacks, &options, &mut |_| {}).unwrap_err().to_string();
    assert!(error.starts_with("cannot run `no-such-cargo`: "), "{error}");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_too_new_library_is_told_with_its_symbols() {
    let mut project = Project::new().variable("PATH", path_without_zigbuild());
    project.glibc = GlibcVersion { major: 2, minor: 2 };
    let error = project.refused();
    assert!(error.starts_with("`list` needs glibc 2."), "{error}");
    assert!(error.contains("@GLIBC_2."), "{error}");
    assert!(error.contains("but `provided.al2023` has 2.2\nhint: `cargo install cargo-zigbuild`"), "{error}");
    assert!(project.archives().is_empty());
    // The state of the binary is noted only with what it was allowed.
    project.glibc = GlibcVersion { major: 2, minor: 99 };
    project.packaged();
    project.glibc = GlibcVersion { major: 2, minor: 2 };
    assert_eq!(project.refused(), error);
}

/// The directories of the linker and of rustc, but nothing that `cargo install` brought.
fn path_without_zigbuild() -> String {
    let path = std::env::var_os("PATH").unwrap();
    let kept = std::env::split_paths(&path).filter(|directory| !directory.join("cargo-zigbuild").exists());
    std::env::join_paths(kept).unwrap().into_string().unwrap()
}

#[test]
fn another_machine_takes_tools_that_are_told_and_not_installed() {
    let rustc = std::process::Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    let sysroot = String::from_utf8(rustc.stdout).unwrap();
    let empty = TempDir::new().unwrap();
    let project = Project::new()
        .asset("Put", "put", ELSEWHERE)
        .variable("RUSTC", format!("{}/bin/rustc", sysroot.trim()))
        .variable("CARGO_HOME", empty.path().to_str().unwrap())
        .variable("PATH", "/nowhere");
    let error = project.refused();
    assert!(error.starts_with("cannot build for "), "{error}");
    assert!(error.contains("`cargo-zigbuild`, `zig` missing\nhint: run `"), "{error}");
    assert!(error.ends_with("`cargo install cargo-zigbuild`, then `pip install ziglang`"), "{error}");
    assert!(!project.root.path().join("target").exists(), "nothing is compiled before");
}

#[test]
fn a_slot_that_points_nowhere_stops_the_run_before_cargo() {
    let nowhere = [("Lost", "Code"), ("ListFunction", "Handler"), ("ListFunction", "Timeout")];
    for (logical_id, property) in nowhere {
        let (result, steps) = Project::new().slot("List", logical_id, property).package();
        let error = result.unwrap_err().to_string();
        let expect = format!(
            "stack `notes`: the template has no object at `Resources.{logical_id}.Properties.{property}` \
             to receive the location of asset `List`\n"
        );
        assert!(error.starts_with(&expect), "{error}");
        assert_eq!(steps, []);
    }
}

#[test]
fn a_slot_of_no_asset_stops_the_run_before_cargo() {
    let mut project = Project::new();
    project.assets.remove("Put");
    let error = project.refused();
    assert!(
        error.starts_with("stack `notes`: resource `PutFunction` wants the asset `Put`, which the assembly"),
        "{error}"
    );
}

#[test]
fn a_stack_without_assets_takes_no_cargo() {
    let mut project = Project::new().variable("PATH", "/nowhere");
    (project.slots, project.assets) = (Vec::new(), BTreeMap::new());
    let packaged = project.packaged();
    assert_eq!(packaged.templates, ["notes"]);
    let text = |name: &str| fs::read_to_string(project.directory().join(name)).unwrap();
    assert_eq!(text("notes.packaged.json"), text("notes.template.json"));
}

#[test]
fn runs_at_the_same_time_wait_for_one_another() {
    let project = Project::new();
    let assembly = project.assembly();
    let all: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..3).map(|_| scope.spawn(|| project.package_again(&assembly).0)).collect();
        running.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    assert!(all.iter().all(|packaged| packaged.manifest == all[0].manifest));
    assert_eq!(all.iter().filter(|packaged| !packaged.archived.is_empty()).count(), 1);
    assert!(project.archives().values().all(|archive| archive.starts_with(b"PK")));
}
