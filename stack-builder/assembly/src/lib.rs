//! The cloud assembly: the directory that passes from the side that describes a stack to the side that acts on it.
//!
//! `synth` writes [`Manifest`] and one template a stack; `package` adds [`AssetManifest`], the archives, and one
//! packaged template a stack; `deploy` reads both. Nothing else passes between the two sides.
//!
//! The describing side only writes; reading is behind the feature `read`.

mod asset;
mod diagnostic;
#[cfg(feature = "read")]
mod directory;
mod error;
#[cfg(feature = "read")]
mod lock;
mod manifest;
mod site;
mod version;
mod write;

pub use asset::{
    Architecture, Asset, AssetManifest, AssetPart, AssetSlot, PackagedAsset, asset_bucket_name,
    asset_bucket_sub,
};
pub use diagnostic::{Diagnostic, Severity, SourceLocation};
#[cfg(feature = "read")]
pub use directory::CloudAssembly;
pub use error::AssemblyError;
#[cfg(feature = "read")]
pub use lock::Lock;
pub use manifest::{Manifest, StackArtifact, StackInput};
pub use site::{Site, SiteTarget};
pub use version::SCHEMA_VERSION;
pub use write::write_json;

/// The protocol by which the CLI runs a user's stacks crate: environment variables, because a user's `main` keeps its
/// own command line.
pub mod environment {
    /// The directory that receives the assembly; `target/assembly` when unset.
    pub const OUTPUT: &str = "STACK_BUILDER_OUTPUT";
    /// The stage to synthesize; `dev` when unset.
    pub const STAGE: &str = "STACK_BUILDER_STAGE";
    /// Comma-separated names of the stacks to synthesize; all when unset or empty.
    pub const STACKS: &str = "STACK_BUILDER_STACKS";
    /// The region that the application goes to, as far as the CLI knows it.
    pub const REGION: &str = "STACK_BUILDER_REGION";
    /// Set by the CLI, which then reports the diagnostics itself.
    pub const DRIVEN: &str = "STACK_BUILDER_DRIVEN";
}
