//! Assets: what a template needs beside itself, named by the description and filled in by `package`.

use crate::version::SCHEMA_VERSION;
#[cfg(feature = "read")]
use crate::version::supported;
use std::collections::BTreeMap;

/// What to build for one logical asset name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "read",
    derive(serde::Deserialize),
    serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")
)]
#[non_exhaustive]
pub enum Asset {
    /// A Cargo binary target of the workspace, archived as the `bootstrap` of a custom runtime.
    RustFunction {
        /// Name of the binary target, unique in the workspace.
        bin: String,
        /// Instruction set of the function.
        architecture: Architecture,
    },
    /// A Cargo binary target of the workspace for Lambda@Edge, which knows neither custom runtimes nor environment
    /// variables: the archive holds the binary, a module of a managed runtime that starts it, and its configuration.
    EdgeFunction {
        /// Name of the binary target, unique in the workspace.
        bin: String,
        /// What the handler is to know, archived as `config.json`.
        config: serde_json::Value,
    },
    /// A folder of files for browsers. Those named `*.hbs` are Handlebars templates, rendered when it is published.
    Site {
        /// The folder, relative to the workspace's root.
        folder: String,
    },
}

/// A Lambda instruction set, as CloudFormation spells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "read", derive(serde::Deserialize))]
pub enum Architecture {
    /// `x86_64`, the default.
    #[default]
    #[cfg_attr(feature = "read", serde(rename = "x86_64"))]
    X86_64,
    /// `arm64` (Graviton).
    #[cfg_attr(feature = "read", serde(rename = "arm64"))]
    Arm64,
}

/// A place in a template that is to receive the location of a packaged asset.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct AssetSlot {
    /// The asset's logical name, a key of [`Manifest::assets`](crate::Manifest::assets).
    pub asset: String,
    /// The resource that uses it.
    pub logical_id: String,
    /// The property of that resource, such as `Code`.
    pub property: String,
    /// What the property receives.
    #[cfg_attr(feature = "read", serde(default))]
    pub part: AssetPart,
}

/// What of a packaged asset goes into a template.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub enum AssetPart {
    /// Its object key, as the `S3Key` of the structure in the property.
    #[default]
    Location,
    /// The SHA-256 of the archive in base64, as the property itself: the `CodeSha256` of a Lambda version.
    Sha256,
}

/// What `package` made: `assets.json` in the assembly directory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct AssetManifest {
    /// See [`SCHEMA_VERSION`].
    #[cfg_attr(feature = "read", serde(deserialize_with = "supported"))]
    pub schema_version: String,
    /// Packaged assets by logical name.
    pub assets: BTreeMap<String, PackagedAsset>,
}

impl Default for AssetManifest {
    fn default() -> Self {
        Self { schema_version: SCHEMA_VERSION.to_owned(), assets: BTreeMap::new() }
    }
}

/// One archive, addressed by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct PackagedAsset {
    /// Lower-case hexadecimal SHA-256 over the sorted (name, mode, SHA-256 of content) of the archive's files.
    pub hash: String,
    /// The archive, relative to the assembly directory: `assets/<hash>.zip`.
    pub path: String,
    /// Size of the archive in bytes.
    pub size: u64,
    /// SHA-256 of the archive itself in base64, by which Lambda knows code.
    pub sha256: String,
}

impl PackagedAsset {
    /// The object key under which the archive is published, the same in every asset bucket.
    pub fn object_key(&self) -> String {
        format!("assets/{}.zip", self.hash)
    }
}

/// Name of the asset bucket that `bootstrap` makes, one per account and region.
pub fn asset_bucket_name(account: &str, region: &str) -> String {
    format!("stack-builder-assets-{account}-{region}")
}

/// The same name as the text of an `Fn::Sub`, so that a template fits every account and region.
pub fn asset_bucket_sub() -> String {
    asset_bucket_name("${AWS::AccountId}", "${AWS::Region}")
}
