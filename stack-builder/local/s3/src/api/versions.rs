//! `ListObjectVersions`.

use super::list::{Encoding, max_keys, prefixes};
use super::{Answer, Operations, size, strong};
use crate::store::listing::{self, Query};
use crate::store::{Meta, timestamp};
use s3s::dto::{
    DeleteMarkerEntry, ListObjectVersionsInput, ListObjectVersionsOutput, ObjectVersion,
    ObjectVersionStorageClass, Owner,
};
use s3s::{S3Request, S3Response, s3_error};
use std::sync::Arc;

impl Operations {
    pub(super) fn list_versions(
        &self,
        req: S3Request<ListObjectVersionsInput>,
    ) -> Answer<ListObjectVersionsOutput> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let max = max_keys(input.max_keys)?;
        let after_version = input.version_id_marker.as_deref().filter(|id| !id.is_empty());
        if after_version.is_some() && input.key_marker.as_deref().unwrap_or_default().is_empty() {
            return Err(s3_error!(
                InvalidArgument,
                "A version-id marker cannot be specified without a key marker."
            ));
        }
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().unwrap_or_default(),
            after: input.key_marker.clone().unwrap_or_default(),
            limit: usize::try_from(max).unwrap_or(0),
        };
        let page = match query.limit {
            0 => listing::VersionPage::default(),
            _ => listing::versions(&bucket.shelf.index(), &query, after_version),
        };
        let show = Encoding::of(input.encoding_type.as_ref());
        let owner = Owner { display_name: None, id: Some(self.0.world.account.clone()) };
        let (markers, versions): (Vec<_>, Vec<_>) = page.versions.iter().partition(|(meta, _)| meta.marker);
        let next = page.next.as_ref();
        let output = ListObjectVersionsOutput {
            common_prefixes: Some(prefixes(&page.prefixes, show)),
            delete_markers: Some(markers.into_iter().map(|entry| marker(entry, show, &owner)).collect()),
            delimiter: input.delimiter.map(|delimiter| show.text(&delimiter)),
            encoding_type: input.encoding_type,
            is_truncated: Some(next.is_some()),
            key_marker: Some(show.text(&query.after)),
            max_keys: Some(max),
            name: Some(input.bucket),
            next_key_marker: next.map(|(key, _)| show.text(key)),
            next_version_id_marker: next.and_then(|(_, version)| version.clone()),
            prefix: Some(show.text(&query.prefix)),
            version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
            versions: Some(versions.into_iter().map(|entry| version(entry, show, &owner)).collect()),
            request_charged: None,
        };
        Ok(S3Response::new(output))
    }
}

fn marker((meta, latest): &(Arc<Meta>, bool), show: Encoding, owner: &Owner) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        is_latest: Some(*latest),
        key: Some(show.text(&meta.key)),
        last_modified: Some(timestamp(meta.modified)),
        owner: Some(owner.clone()),
        version_id: Some(meta.version_id()),
    }
}

fn version((meta, latest): &(Arc<Meta>, bool), show: Encoding, owner: &Owner) -> ObjectVersion {
    ObjectVersion {
        e_tag: Some(strong(&meta.etag)),
        is_latest: Some(*latest),
        key: Some(show.text(&meta.key)),
        last_modified: Some(timestamp(meta.modified)),
        owner: Some(owner.clone()),
        size: Some(size(meta.size)),
        storage_class: Some(ObjectVersionStorageClass::from_static(ObjectVersionStorageClass::STANDARD)),
        version_id: Some(meta.version_id()),
        ..ObjectVersion::default()
    }
}
