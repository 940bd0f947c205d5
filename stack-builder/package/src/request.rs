//! What the given stacks need packaged, checked against their templates before anything is compiled.

use crate::PackageError;
use crate::template::Template;
use stack_builder_assembly::{Architecture, Asset, CloudAssembly, StackArtifact};
use std::collections::{BTreeMap, BTreeSet};

/// A binary to build, of one architecture.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Handler {
    pub(crate) architecture: Architecture,
    pub(crate) bin: String,
}

/// Everything a run is to make.
pub(crate) struct Request<'a> {
    /// What each asset consists of, by logical name.
    pub(crate) assets: BTreeMap<String, Handler>,
    /// The templates to fill in.
    pub(crate) templates: Vec<Template<'a>>,
}

impl<'a> Request<'a> {
    pub(crate) fn read(assembly: &CloudAssembly, stacks: &[&'a StackArtifact]) -> Result<Self, PackageError> {
        let mut request = Self { assets: BTreeMap::new(), templates: Vec::new() };
        for stack in stacks {
            request.assets.extend(handlers(assembly, stack)?);
            request.templates.push(Template::read(assembly, stack)?);
        }
        Ok(request)
    }

    /// The binaries to build for each architecture, and an asset that wants each.
    pub(crate) fn builds(&self) -> BTreeMap<Architecture, BTreeMap<&str, &str>> {
        let mut builds = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (asset, handler) in &self.assets {
            builds
                .entry(handler.architecture)
                .or_default()
                .entry(handler.bin.as_str())
                .or_insert(asset.as_str());
        }
        builds
    }
}

fn handlers(
    assembly: &CloudAssembly,
    stack: &StackArtifact,
) -> Result<BTreeMap<String, Handler>, PackageError> {
    let wanted: BTreeSet<_> = stack.asset_slots.iter().map(|slot| (&slot.asset, &slot.logical_id)).collect();
    let handler = |(asset, logical_id): (&String, &String)| {
        let described = assembly.manifest.assets.get(asset).ok_or_else(|| PackageError::UnknownAsset {
            stack: stack.name.clone(),
            logical_id: logical_id.clone(),
            asset: asset.clone(),
        })?;
        match described {
            Asset::RustFunction { bin, architecture } => {
                Ok((asset.clone(), Handler { architecture: *architecture, bin: bin.clone() }))
            }
            _ => Err(PackageError::UnsupportedAsset { asset: asset.clone() }),
        }
    };
    wanted.into_iter().map(handler).collect()
}
