//! What the given stacks need packaged, checked against their templates before anything is compiled.

use crate::PackageError;
use crate::template::Template;
use stack_builder_assembly::{Architecture, Asset, CloudAssembly, SiteTarget, StackArtifact};
use std::collections::{BTreeMap, BTreeSet};

/// A binary to build, of one architecture.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Handler {
    pub(crate) architecture: Architecture,
    pub(crate) bin: String,
}

/// A function's archive: its binary, and what lies beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Function {
    pub(crate) handler: Handler,
    /// What a function at the edge is to know.
    pub(crate) config: Option<serde_json::Value>,
}

/// Everything a run is to make.
pub(crate) struct Request<'a> {
    /// The archives of functions, by logical name.
    pub(crate) functions: BTreeMap<String, Function>,
    /// The folders of sites, by logical name.
    pub(crate) sites: BTreeMap<String, String>,
    /// The templates to fill in.
    pub(crate) templates: Vec<Template<'a>>,
}

impl<'a> Request<'a> {
    pub(crate) fn read(assembly: &CloudAssembly, stacks: &[&'a StackArtifact]) -> Result<Self, PackageError> {
        let mut request = assets_of(assembly, stacks)?;
        for stack in stacks {
            request.templates.push(Template::read(assembly, stack)?);
        }
        Ok(request)
    }

    fn want(
        &mut self,
        assembly: &CloudAssembly,
        stack: &StackArtifact,
        asset: &str,
        logical_id: &str,
    ) -> Result<(), PackageError> {
        let described = assembly.manifest.assets.get(asset).ok_or_else(|| PackageError::UnknownAsset {
            stack: stack.name.clone(),
            logical_id: logical_id.to_owned(),
            asset: asset.to_owned(),
        })?;
        let function = |bin: &String, architecture| Handler { architecture, bin: bin.clone() };
        match described {
            Asset::RustFunction { bin, architecture } => {
                let function = Function { handler: function(bin, *architecture), config: None };
                self.functions.insert(asset.to_owned(), function);
            }
            Asset::EdgeFunction { bin, config } => {
                // Lambda@Edge runs on nothing else.
                let handler = function(bin, Architecture::X86_64);
                let function = Function { handler, config: Some(config.clone()) };
                self.functions.insert(asset.to_owned(), function);
            }
            Asset::Site { folder } => {
                self.sites.insert(asset.to_owned(), folder.clone());
            }
            _ => return Err(PackageError::UnsupportedAsset { asset: asset.to_owned() }),
        }
        Ok(())
    }

    /// The binaries to build for each architecture, and an asset that wants each.
    pub(crate) fn builds(&self) -> BTreeMap<Architecture, BTreeMap<&str, &str>> {
        let mut builds = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (asset, Function { handler, .. }) in &self.functions {
            builds
                .entry(handler.architecture)
                .or_default()
                .entry(handler.bin.as_str())
                .or_insert(asset.as_str());
        }
        builds
    }
}

/// The functions alone, for a run without templates.
pub(crate) fn functions_of(
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
) -> Result<BTreeMap<String, Function>, PackageError> {
    Ok(assets_of(assembly, stacks)?.functions)
}

/// The sites alone.
pub(crate) fn sites_of(
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
) -> Result<BTreeMap<String, String>, PackageError> {
    Ok(assets_of(assembly, stacks)?.sites)
}

fn assets_of<'a>(
    assembly: &CloudAssembly,
    stacks: &[&'a StackArtifact],
) -> Result<Request<'a>, PackageError> {
    let mut request = Request { functions: BTreeMap::new(), sites: BTreeMap::new(), templates: Vec::new() };
    for stack in stacks {
        for (asset, logical_id) in wanted(stack) {
            request.want(assembly, stack, asset, logical_id)?;
        }
    }
    Ok(request)
}

/// The logical names of what a stack needs, each with a resource that wants it.
fn wanted(stack: &StackArtifact) -> BTreeSet<(&str, &str)> {
    let slots = stack.asset_slots.iter().map(|slot| (slot.asset.as_str(), slot.logical_id.as_str()));
    let sites = stack.sites.iter().map(|site| match &site.target {
        SiteTarget::Bucket { bucket, .. } => (site.asset.as_str(), bucket.as_str()),
        SiteTarget::Amplify { app, .. } => (site.asset.as_str(), app.as_str()),
        _ => (site.asset.as_str(), "a site"),
    });
    slots.chain(sites).collect()
}
