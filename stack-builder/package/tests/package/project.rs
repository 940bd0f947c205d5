//! A workspace with handlers, and an assembly that wants them.

use serde_json::{Value, json};
use stack_builder_assembly::{
    Architecture, Asset, AssetPart, AssetSlot, CloudAssembly, Manifest, Site, SiteTarget, StackArtifact,
    asset_bucket_sub, write_json,
};
use stack_builder_package::{GlibcVersion, PackageError, PackageOptions, Packaged, Progress, package};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

#[cfg(target_arch = "x86_64")]
pub(crate) const HERE: Architecture = Architecture::X86_64;
#[cfg(target_arch = "aarch64")]
pub(crate) const HERE: Architecture = Architecture::Arm64;
#[cfg(target_arch = "x86_64")]
pub(crate) const ELSEWHERE: Architecture = Architecture::Arm64;
#[cfg(target_arch = "aarch64")]
pub(crate) const ELSEWHERE: Architecture = Architecture::X86_64;

/// Makes a function that knows the absolute path at which it was compiled.
const BUILD_SCRIPT: &str = r#"
fn main() {
    let text = "pub fn fail(n: usize) { assert!(n == 0, \"{n}\") }";
    std::fs::write(std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("made.rs"), text).unwrap();
}
"#;

/// A workspace with two handlers, and an assembly whose one stack uses them.
pub(crate) struct Project {
    pub(crate) root: TempDir,
    below: &'static str,
    pub(crate) slots: Vec<AssetSlot>,
    pub(crate) sites: Vec<Site>,
    pub(crate) assets: BTreeMap<String, Asset>,
    options: Vec<(&'static str, String)>,
    pub(crate) glibc: GlibcVersion,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self::below("workspace")
    }

    /// A project whose workspace lies in `below`, relative to a directory of its own.
    pub(crate) fn below(below: &'static str) -> Self {
        let root = TempDir::new().unwrap();
        let project = Self {
            root,
            below,
            slots: Vec::new(),
            sites: Vec::new(),
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

    pub(crate) fn source(self, path: &str, text: &str) -> Self {
        let path = self.workspace().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn asset(mut self, name: &str, bin: &str, architecture: Architecture) -> Self {
        self.assets.insert(name.to_owned(), Asset::RustFunction { bin: bin.to_owned(), architecture });
        self.slot(name, &format!("{name}Function"), "Code")
    }

    pub(crate) fn slot(mut self, asset: &str, logical_id: &str, property: &str) -> Self {
        let (asset, logical_id, property) = (asset.to_owned(), logical_id.to_owned(), property.to_owned());
        self.slots.push(AssetSlot { asset, logical_id, property, part: AssetPart::Location });
        self
    }

    /// An archive for the edge, and a version that wants its hash.
    pub(crate) fn edge(mut self, name: &str, bin: &str, config: Value) -> Self {
        self.assets.insert(name.to_owned(), Asset::EdgeFunction { bin: bin.to_owned(), config });
        self.slots.push(AssetSlot {
            asset: name.to_owned(),
            logical_id: "PutFunction".to_owned(),
            property: "CodeSha256".to_owned(),
            part: AssetPart::Sha256,
        });
        self
    }

    /// A site in the folder `site` of the workspace.
    pub(crate) fn site(mut self) -> Self {
        self.assets.insert("site".to_owned(), Asset::Site { folder: "site".to_owned() });
        let target = SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: None };
        self.sites.push(Site { asset: "site".to_owned(), target });
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.options.push((name, value.into()));
        self
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.root.path().join(self.below)
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.root.path().join("assembly")
    }

    /// What `synth` would have written.
    pub(crate) fn assembly(&self) -> CloudAssembly {
        let mut manifest = Manifest::new("app", "dev");
        manifest.assets = self.assets.clone();
        manifest.stacks = vec![StackArtifact {
            name: "notes".into(),
            stack_name: "notes-dev".into(),
            template: "notes.template.json".into(),
            asset_slots: self.slots.clone(),
            sites: self.sites.clone(),
            ..StackArtifact::default()
        }];
        write_json(&self.directory().join("notes.template.json"), &template()).unwrap();
        manifest.write(&self.directory()).unwrap();
        CloudAssembly::open(self.directory()).unwrap()
    }

    pub(crate) fn package(&self) -> (Result<Packaged, PackageError>, Vec<Progress>) {
        self.package_again(&self.assembly())
    }

    /// Packages what was synthesized before.
    pub(crate) fn package_again(
        &self,
        assembly: &CloudAssembly,
    ) -> (Result<Packaged, PackageError>, Vec<Progress>) {
        let options = self.options();
        let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
        let mut steps = Vec::new();
        (package(assembly, &stacks, &options, &mut |step| steps.push(step)), steps)
    }

    pub(crate) fn options(&self) -> PackageOptions {
        let mut options = PackageOptions::new(self.workspace())
            .variable("CARGO_TARGET_DIR", self.root.path().join("target"))
            .variable("CARGO_NET_OFFLINE", "true");
        options.glibc = self.glibc;
        for (name, value) in &self.options {
            options = options.variable(name, value);
        }
        options
    }

    #[track_caller]
    pub(crate) fn packaged(&self) -> Packaged {
        let (result, steps) = self.package();
        result.unwrap_or_else(|error| panic!("{error}\n{steps:#?}"))
    }

    /// The error's text, without this machine's directories.
    #[track_caller]
    pub(crate) fn refused(&self) -> String {
        let error = self.package().0.expect_err("packaging must fail").to_string();
        error.replace(self.root.path().to_str().unwrap(), "ROOT")
    }

    pub(crate) fn archives(&self) -> BTreeMap<String, Vec<u8>> {
        let read =
            |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
        let all = fs::read_dir(self.directory().join("assets")).unwrap().map(|entry| read(entry.unwrap()));
        all.filter(|(name, _)| Path::new(name).extension().is_some_and(|extension| extension == "zip"))
            .collect()
    }
}

/// Two functions, one more property than is filled in, and keys out of alphabetical order.
pub(crate) fn template() -> Value {
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
