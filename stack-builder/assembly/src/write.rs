//! The assembly as JSON.
//!
//! By hand, and with `serde_core` alone: whoever describes stacks builds this crate, and a derive macro with the
//! parser that it needs would cost them a quarter of their first build. Reading, which only the acting side does, is
//! derived behind the feature `read`; a test holds the two together.

use crate::{
    Architecture, AssemblyError, Asset, AssetManifest, AssetPart, AssetSlot, Diagnostic, Manifest,
    PackagedAsset, Severity, Site, SiteTarget, SourceLocation, StackArtifact, StackInput,
};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

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

/// Writes an object with these entries; those under a condition only when it holds.
macro_rules! object {
    ($serializer:expr, $($key:literal $(if $given:expr)? => $value:expr),* $(,)?) => {{
        let mut map = $serializer.serialize_map(None)?;
        $(object!(@entry map, $key, $value $(, $given)?);)*
        map.end()
    }};
    (@entry $map:ident, $key:literal, $value:expr) => { $map.serialize_entry($key, $value)? };
    (@entry $map:ident, $key:literal, $value:expr, $given:expr) => {
        if $given {
            $map.serialize_entry($key, $value)?;
        }
    };
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer,
            "schemaVersion" => &self.schema_version,
            "app" => &self.app,
            "stage" => &self.stage,
            "region" if self.region.is_some() => &self.region,
            "stacks" => &self.stacks,
            "assets" if !self.assets.is_empty() => &self.assets,
            "diagnostics" if !self.diagnostics.is_empty() => &self.diagnostics,
        )
    }
}

impl Serialize for StackArtifact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer,
            "name" => &self.name,
            "stackName" => &self.stack_name,
            "description" if !self.description.is_empty() => &self.description,
            "template" => &self.template,
            "resources" => &self.resources,
            "assetSlots" if !self.asset_slots.is_empty() => &self.asset_slots,
            "tags" if !self.tags.is_empty() => &self.tags,
            "region" if self.region.is_some() => &self.region,
            "inputs" if !self.inputs.is_empty() => &self.inputs,
            "sites" if !self.sites.is_empty() => &self.sites,
            "seed" if self.seed.is_some() => &self.seed,
            "sources" if !self.sources.is_empty() => &self.sources,
        )
    }
}

impl Serialize for StackInput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "stack" => &self.stack, "output" => &self.output)
    }
}

impl Serialize for Site {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "asset" => &self.asset, "target" => &self.target)
    }
}

impl Serialize for SiteTarget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bucket { bucket, distribution } => object!(serializer,
                "kind" => "bucket",
                "bucket" => bucket,
                "distribution" if distribution.is_some() => distribution,
            ),
            Self::Amplify { app, branch } => object!(serializer,
                "kind" => "amplify",
                "app" => app,
                "branch" => branch,
            ),
        }
    }
}

impl Serialize for Asset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::RustFunction { bin, architecture } => object!(serializer,
                "kind" => "rustFunction",
                "bin" => bin,
                "architecture" => architecture,
            ),
            Self::EdgeFunction { bin, config } => object!(serializer,
                "kind" => "edgeFunction",
                "bin" => bin,
                "config" => config,
            ),
            Self::Site { folder } => object!(serializer, "kind" => "site", "folder" => folder),
        }
    }
}

impl Serialize for Architecture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        })
    }
}

impl Serialize for AssetSlot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer,
            "asset" => &self.asset,
            "logicalId" => &self.logical_id,
            "property" => &self.property,
            "part" if self.part != AssetPart::Location => &self.part,
        )
    }
}

impl Serialize for AssetPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Location => "location",
            Self::Sha256 => "sha256",
        })
    }
}

impl Serialize for AssetManifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "schemaVersion" => &self.schema_version, "assets" => &self.assets)
    }
}

impl Serialize for PackagedAsset {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer,
            "hash" => &self.hash,
            "path" => &self.path,
            "size" => &self.size,
            "sha256" => &self.sha256,
        )
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer,
            "severity" => &self.severity,
            "code" => &self.code,
            "message" => &self.message,
            "stack" if self.stack.is_some() => &self.stack,
            "path" if self.path.is_some() => &self.path,
            "source" if self.source.is_some() => &self.source,
            "hint" if self.hint.is_some() => &self.hint,
        )
    }
}

impl Serialize for Severity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for SourceLocation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        object!(serializer, "file" => &self.file, "line" => &self.line, "column" => &self.column)
    }
}

#[cfg(test)]
#[cfg(feature = "read")]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[track_caller]
    fn check<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    }

    fn stack() -> StackArtifact {
        StackArtifact {
            name: "notes".to_owned(),
            stack_name: "notes-dev".to_owned(),
            description: "Notes".to_owned(),
            template: "notes.template.json".to_owned(),
            resources: [("AWS::S3::Bucket".to_owned(), 2)].into(),
            asset_slots: vec![AssetSlot {
                asset: "a".to_owned(),
                logical_id: "F".to_owned(),
                property: "Code".to_owned(),
                part: AssetPart::Location,
            }],
            tags: [("k".to_owned(), "v".to_owned())].into(),
            ..StackArtifact::default()
        }
    }

    /// A stack that uses everything that is seldom used.
    fn edge() -> StackArtifact {
        let slot = |part| AssetSlot {
            asset: "e".to_owned(),
            logical_id: "V".to_owned(),
            property: "CodeSha256".to_owned(),
            part,
        };
        let bucket = |distribution| SiteTarget::Bucket { bucket: "B".to_owned(), distribution };
        let amplify = SiteTarget::Amplify { app: "A".to_owned(), branch: "main".to_owned() };
        let targets = [bucket(None), bucket(Some("D".to_owned())), amplify];
        StackArtifact {
            asset_slots: [AssetPart::Location, AssetPart::Sha256].map(slot).into(),
            region: Some("us-east-1".to_owned()),
            inputs: [("P".to_owned(), StackInput { stack: "s".to_owned(), output: "O".to_owned() })].into(),
            sites: targets.map(|target| Site { asset: "site".to_owned(), target }).into(),
            seed: Some("seed.json".to_owned()),
            sources: [("B".to_owned(), SourceLocation { file: "f.rs".to_owned(), line: 1, column: 2 })]
                .into(),
            ..stack()
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut manifest = Manifest::new("app", "dev");
        check(&manifest);
        manifest.region = Some("eu-west-1".to_owned());
        manifest.stacks.extend([stack(), edge()]);
        for (name, architecture) in [("x", Architecture::X86_64), ("a", Architecture::Arm64)] {
            let asset = Asset::RustFunction { bin: name.to_owned(), architecture };
            manifest.assets.insert(name.to_owned(), asset);
        }
        let config = serde_json::json!({"region": "eu-west-1", "paths": [1, null]});
        manifest.assets.insert("e".to_owned(), Asset::EdgeFunction { bin: "e".to_owned(), config });
        manifest.assets.insert("site".to_owned(), Asset::Site { folder: "site/a".to_owned() });
        let here = std::panic::Location::caller();
        manifest.diagnostics.push(Diagnostic::error("c", "m").at("P").caused_by(here).hint("h"));
        manifest.diagnostics.push(Diagnostic::warning("w", "m"));
        manifest.diagnostics[1].stack = Some("notes".to_owned());
        check(&manifest);
    }

    #[test]
    fn packaged_assets_are_read_back() {
        let asset = PackagedAsset {
            hash: "0".to_owned(),
            path: "assets/0.zip".to_owned(),
            size: 1,
            sha256: "AA==".to_owned(),
        };
        check(&AssetManifest {
            assets: BTreeMap::from([("a".to_owned(), asset)]),
            ..AssetManifest::default()
        });
    }

    #[test]
    fn a_newer_major_is_refused() {
        let newer = r#"{"schemaVersion":"2.0","app":"a","stage":"dev","stacks":[]}"#;
        let refusal = serde_json::from_str::<Manifest>(newer).unwrap_err().to_string();
        assert!(refusal.contains("upgrade the stack-builder command"), "{refusal}");
    }
}
