//! `publish`: packaged archives into the asset bucket, each once.

use crate::asset_bucket::require_buckets;
use crate::template::TemplateSource;
use crate::upload::{Upload, exists};
use crate::{Environment, Error, Regions};
use stack_builder_assembly::{AssetManifest, CloudAssembly, PackagedAsset, StackArtifact};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tokio::task::JoinSet;

/// Archives on their way at one time; each is held in memory.
const PARALLEL: usize = 4;

/// What happens to one archive.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishStep {
    /// It is being looked for, and uploaded if it is missing.
    Uploading {
        /// The asset's logical name.
        asset: String,
        /// The region of the bucket.
        region: String,
        /// The archive's size in bytes.
        size: u64,
    },
    /// It is in the bucket now.
    Uploaded {
        /// The asset's logical name.
        asset: String,
        /// The region of the bucket.
        region: String,
    },
    /// It was in the bucket before.
    AlreadyThere {
        /// The asset's logical name.
        asset: String,
        /// The region of the bucket.
        region: String,
    },
}

/// Uploads the archives that `stacks` need, each to the region of its stack; what a bucket has already stays
/// untouched.
///
/// `report` hears of each archive twice. No call for a region whose stacks need no bucket, else one to look at the
/// bucket, all of them before the first upload, and one or two for each archive.
///
/// # Errors
/// [`Error::NotBootstrapped`], [`Error::ForeignBucket`] or [`Error::AssetBucketGone`] for a bucket,
/// [`Error::NotPackaged`] for a missing archive, or what a call came back with.
pub async fn publish(
    regions: &Regions,
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
    mut report: impl FnMut(PublishStep),
) -> Result<(), Error> {
    let packaged = assembly.assets()?;
    let (mut uploads, mut buckets) = (Vec::new(), Vec::new());
    for environment in regions.all() {
        let here: Vec<_> =
            stacks.iter().copied().filter(|s| regions.of(s).region == environment.region).collect();
        let needed = needed(&packaged, &here)?;
        if !needed.is_empty() || any_long_template(assembly, &here)? {
            buckets.push(environment);
        }
        uploads.extend(needed.into_iter().map(|(name, asset)| (environment, name, asset)));
    }
    require_buckets(&buckets).await?;
    upload_all(assembly, uploads, &mut report).await
}

async fn upload_all(
    assembly: &CloudAssembly,
    uploads: Vec<(&Environment, String, PackagedAsset)>,
    report: &mut impl FnMut(PublishStep),
) -> Result<(), Error> {
    let mut queue = uploads.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < PARALLEL
            && let Some((environment, name, asset)) = queue.next()
        {
            let region = environment.region.clone();
            report(PublishStep::Uploading { asset: name.clone(), region, size: asset.size });
            let path = assembly.directory().join(&asset.path);
            running.spawn(archive(environment.clone(), name, asset.object_key(), path, asset.size));
        }
        match running.join_next().await {
            Some(Ok(step)) => report(step?),
            Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
            None => return Ok(()),
        }
    }
}

/// Whether a template will have to go through the bucket.
fn any_long_template(assembly: &CloudAssembly, stacks: &[&StackArtifact]) -> Result<bool, Error> {
    for stack in stacks {
        // Packaging makes a template longer, and then there are archives anyway.
        if TemplateSource::is_long(&assembly.template(stack)?.to_string()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The archives by logical name, each content once.
fn needed(
    manifest: &AssetManifest,
    stacks: &[&StackArtifact],
) -> Result<Vec<(String, PackagedAsset)>, Error> {
    let mut by_hash = BTreeMap::new();
    for stack in stacks {
        for slot in &stack.asset_slots {
            let absent = || Error::NotPackaged { stack: stack.name.clone(), asset: slot.asset.clone() };
            let asset = manifest.assets.get(&slot.asset).ok_or_else(absent)?;
            by_hash.entry(asset.hash.clone()).or_insert_with(|| (slot.asset.clone(), asset.clone()));
        }
    }
    let mut assets: Vec<_> = by_hash.into_values().collect();
    assets.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(assets)
}

async fn archive(
    environment: Environment,
    asset: String,
    key: String,
    path: PathBuf,
    size: u64,
) -> Result<PublishStep, Error> {
    let region = environment.region.clone();
    if exists(&environment, &key).await? {
        return Ok(PublishStep::AlreadyThere { asset, region });
    }
    let unreadable = |source| Error::Archive { path: path.display().to_string(), source };
    let bytes = std::fs::read(&path).map_err(unreadable)?;
    if bytes.len() as u64 != size {
        // Under a key that stands for the content, a damaged archive would stay for ever.
        return Err(unreadable(std::io::Error::other(format!("it has {} bytes, not {size}", bytes.len()))));
    }
    Upload { key, bytes }.put(&environment).await?;
    Ok(PublishStep::Uploaded { asset, region })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::{AssetPart, AssetSlot};

    fn stack(assets: &[&str]) -> StackArtifact {
        let slot = |asset: &&str| AssetSlot {
            asset: (*asset).to_owned(),
            logical_id: "F".to_owned(),
            property: "Code".to_owned(),
            part: AssetPart::Location,
        };
        StackArtifact {
            name: "s".to_owned(),
            stack_name: "s-dev".to_owned(),
            template: "s.template.json".to_owned(),
            asset_slots: assets.iter().map(slot).collect(),
            ..StackArtifact::default()
        }
    }

    fn manifest(assets: &[(&str, &str)]) -> AssetManifest {
        let packaged = |hash: &str| PackagedAsset {
            hash: hash.to_owned(),
            path: format!("assets/{hash}.zip"),
            size: 1,
            sha256: String::new(),
        };
        AssetManifest {
            assets: assets.iter().map(|(name, hash)| ((*name).to_owned(), packaged(hash))).collect(),
            ..AssetManifest::default()
        }
    }

    #[test]
    fn one_archive_goes_up_once_however_many_functions_use_it() {
        let manifest = manifest(&[("a", "1"), ("b", "2"), ("c", "1"), ("unused", "3")]);
        let found = needed(&manifest, &[&stack(&["c", "b"]), &stack(&["a", "b"])]).expect("all packaged");
        let names: Vec<_> = found.iter().map(|(name, asset)| (name.as_str(), asset.hash.as_str())).collect();
        assert_eq!(names, [("b", "2"), ("c", "1")]);
    }

    #[test]
    fn an_asset_that_is_not_packaged_is_named() {
        let error = needed(&manifest(&[]), &[&stack(&["notes-list"])]).expect_err("nothing is packaged");
        assert_eq!(error.to_string(), "stack `s` needs the asset `notes-list`, which is not packaged");
    }
}
