//! `publish`: packaged archives into the asset bucket, each once.

use crate::asset_bucket::require_bucket;
use crate::{Environment, Error};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;
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
        /// The archive's size in bytes.
        size: u64,
    },
    /// It is in the bucket now.
    Uploaded {
        /// The asset's logical name.
        asset: String,
    },
    /// It was in the bucket before.
    AlreadyThere {
        /// The asset's logical name.
        asset: String,
    },
}

/// Uploads the archives that `stacks` need; what the bucket has already stays untouched.
///
/// `report` hears of each archive twice. No call when the stacks need no archive, else one to look at the bucket and
/// one or two for each archive.
///
/// # Errors
/// [`Error::NotBootstrapped`], [`Error::ForeignBucket`] or [`Error::AssetBucketGone`] for the bucket,
/// [`Error::NotPackaged`] for a missing archive, or what a call came back with.
pub async fn publish(
    environment: &Environment,
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
    mut report: impl FnMut(PublishStep),
) -> Result<(), Error> {
    let mut queue = needed(&assembly.assets()?, stacks)?.into_iter();
    if queue.len() == 0 {
        return Ok(());
    }
    require_bucket(environment).await?;
    let mut running = JoinSet::new();
    loop {
        while running.len() < PARALLEL
            && let Some((name, asset)) = queue.next()
        {
            report(PublishStep::Uploading { asset: name.clone(), size: asset.size });
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
    if exists(&environment, &key).await? {
        return Ok(PublishStep::AlreadyThere { asset });
    }
    let unreadable = |source| Error::Archive { path: path.display().to_string(), source };
    let bytes = std::fs::read(&path).map_err(unreadable)?;
    if bytes.len() as u64 != size {
        // Under a key that stands for the content, a damaged archive would stay for ever.
        return Err(unreadable(std::io::Error::other(format!("it has {} bytes, not {size}", bytes.len()))));
    }
    Upload { key, bytes }.put(&environment).await?;
    Ok(PublishStep::Uploaded { asset })
}

/// Bytes for the asset bucket.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
}

impl Upload {
    /// Puts the object unless it is there.
    pub(crate) async fn once(self, environment: &Environment) -> Result<(), Error> {
        if exists(environment, &self.key).await? { Ok(()) } else { self.put(environment).await }
    }

    async fn put(self, environment: &Environment) -> Result<(), Error> {
        let request = environment
            .s3
            .put_object()
            .bucket(environment.asset_bucket())
            .key(self.key)
            .expected_bucket_owner(&environment.account)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .body(ByteStream::from(self.bytes));
        request.send().await.map(drop).map_err(environment.failed("s3:PutObject"))
    }
}

async fn exists(environment: &Environment, key: &str) -> Result<bool, Error> {
    let request = environment
        .s3
        .head_object()
        .bucket(environment.asset_bucket())
        .key(key)
        .expected_bucket_owner(&environment.account);
    match request.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(false),
        Err(error) => Err(environment.failed("s3:GetObject")(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::AssetSlot;

    fn stack(assets: &[&str]) -> StackArtifact {
        let slot = |asset: &&str| AssetSlot {
            asset: (*asset).to_owned(),
            logical_id: "F".to_owned(),
            property: "Code".to_owned(),
        };
        StackArtifact {
            name: "s".to_owned(),
            stack_name: "s-dev".to_owned(),
            description: String::new(),
            template: "s.template.json".to_owned(),
            resources: BTreeMap::new(),
            asset_slots: assets.iter().map(slot).collect(),
            tags: BTreeMap::new(),
        }
    }

    fn manifest(assets: &[(&str, &str)]) -> AssetManifest {
        let packaged =
            |hash: &str| PackagedAsset { hash: hash.to_owned(), path: format!("assets/{hash}.zip"), size: 1 };
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
