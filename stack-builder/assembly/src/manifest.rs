//! The manifest: what `synth` made, stack by stack.

use crate::version::SCHEMA_VERSION;
#[cfg(feature = "read")]
use crate::version::supported;
use crate::{AssemblyError, Asset, AssetSlot, Diagnostic, Severity, Site, SourceLocation, write_json};
use std::collections::BTreeMap;
use std::path::Path;

/// The manifest's file in the assembly directory.
pub(crate) const MANIFEST: &str = "manifest.json";

/// `manifest.json` of an assembly directory.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Manifest {
    /// See [`SCHEMA_VERSION`].
    #[cfg_attr(feature = "read", serde(deserialize_with = "supported"))]
    pub schema_version: String,
    /// The application's name.
    pub app: String,
    /// The stage that was synthesized, such as `dev`.
    pub stage: String,
    /// The region that the application was made for, when a stack asked for it: what `package` bakes into archives
    /// may name it, so the application must not be deployed to another.
    #[cfg_attr(feature = "read", serde(default))]
    pub region: Option<String>,
    /// The stacks, in the order in which the application describes them.
    pub stacks: Vec<StackArtifact>,
    /// What the stacks' templates need built, by logical name.
    #[cfg_attr(feature = "read", serde(default))]
    pub assets: BTreeMap<String, Asset>,
    /// Everything found wrong; an error here means that the templates must not be used.
    #[cfg_attr(feature = "read", serde(default))]
    pub diagnostics: Vec<Diagnostic>,
}

impl Manifest {
    /// An empty manifest of this build's format.
    pub fn new(app: impl Into<String>, stage: impl Into<String>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION.to_owned(),
            app: app.into(),
            stage: stage.into(),
            region: None,
            stacks: Vec::new(),
            assets: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Writes `manifest.json` into `directory`, which is made if need be.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn write(&self, directory: &Path) -> Result<(), AssemblyError> {
        write_json(&directory.join(MANIFEST), self)
    }

    /// Whether a diagnostic forbids the use of the templates.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// The stack that goes by `name`, the name used on the command line.
    pub fn stack(&self, name: &str) -> Option<&StackArtifact> {
        self.stacks.iter().find(|stack| stack.name == name)
    }
}

/// One synthesized stack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct StackArtifact {
    /// The name in the application and on the command line, such as `uploads`.
    pub name: String,
    /// The name in CloudFormation, which carries the stage: `uploads-dev`.
    pub stack_name: String,
    /// What the stack is for, in one line; empty when the description says nothing.
    #[cfg_attr(feature = "read", serde(default))]
    pub description: String,
    /// The template's file, relative to the assembly directory: `uploads.template.json`.
    pub template: String,
    /// Number of resources by CloudFormation type.
    pub resources: BTreeMap<String, usize>,
    /// Where the template wants an asset's location.
    #[cfg_attr(feature = "read", serde(default))]
    pub asset_slots: Vec<AssetSlot>,
    /// Tags that the engine sets on the CloudFormation stack, and that CloudFormation passes on to its resources.
    #[cfg_attr(feature = "read", serde(default))]
    pub tags: BTreeMap<String, String>,
    /// The only region that the stack can go to, such as `us-east-1` for what CloudFront needs there; the region
    /// chosen on the command line when unset.
    #[cfg_attr(feature = "read", serde(default))]
    pub region: Option<String>,
    /// Parameters that receive an output of another stack of the application, by the parameter's name.
    #[cfg_attr(feature = "read", serde(default))]
    pub inputs: BTreeMap<String, StackInput>,
    /// Sites to publish once the stack is up.
    #[cfg_attr(feature = "read", serde(default))]
    pub sites: Vec<Site>,
    /// File of demonstration data for the stack's tables, secrets and user pools, relative to the workspace's root.
    #[cfg_attr(feature = "read", serde(default))]
    pub seed: Option<String>,
    /// The line of the user's own source that added each resource or parameter, by logical id.
    #[cfg_attr(feature = "read", serde(default))]
    pub sources: BTreeMap<String, SourceLocation>,
}

/// An output of another stack of the same application.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct StackInput {
    /// The other stack's [`name`](StackArtifact::name).
    pub stack: String,
    /// The name of its output.
    pub output: String,
}

impl StackArtifact {
    /// File of the template with its assets filled in, which `package` writes beside the synthesized one.
    pub fn packaged_template(&self) -> String {
        format!("{}.packaged.json", self.name)
    }
}
