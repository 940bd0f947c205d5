//! `CopyObject`, and finding what is copied.

use super::condition::Reading;
use super::read::shown_version;
use super::write::{checksum_type, encoding, metadata};
use super::{Answer, LARGEST, Operations, encryption, strong, tags};
use crate::buckets::Bucket;
use crate::store::spool::{copy, refused};
use crate::store::sum::{Expected, show_sum};
use crate::store::{Algorithm, Described, Meta, timestamp};
use s3s::dto::{CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource};
use s3s::{S3Request, S3Response, S3Result, s3_error};
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

/// An object that is copied.
pub(super) struct Source {
    pub(super) bucket: Arc<Bucket>,
    pub(super) meta: Arc<Meta>,
    pub(super) file: File,
    /// The version that was asked for.
    pub(super) version: Option<String>,
}

impl Operations {
    pub(super) async fn copy(&self, req: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
        let target = self.bucket(&req.input.bucket)?;
        let source = self.source(&req.input.copy_source, &req)?;
        source_conditions(&req.input).check_source(&source.meta)?;
        let meta = meta(&req.input, &target, &source)?;
        if source.meta.size > LARGEST {
            return Err(s3_error!(
                InvalidRequest,
                "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120"
            ));
        }
        let asked = Expected::of(&req.headers).algorithm;
        let kept = source.meta.sum.as_ref().map(|sum| sum.algorithm);
        let algorithm = if asked == Algorithm::default() { kept.unwrap_or_default() } else { asked };
        let from = source.file.take(source.meta.size);
        let spooled = copy(target.shelf.temporary(), from, algorithm).await?;
        let meta = Meta { etag: spooled.etag(), sum: Some(spooled.sum.clone()), ..meta };
        let meta = target.shelf.commit(spooled, meta, target.settings.versioning, self.now(), |_| Ok(()))?;
        let copy_source_version_id = shown_version(&source.bucket, &source.meta);
        let output = CopyObjectOutput {
            copy_object_result: Some(result(&meta)),
            copy_source_version_id,
            server_side_encryption: Some(encryption()),
            version_id: shown_version(&target, &meta),
            ..CopyObjectOutput::default()
        };
        Ok(S3Response::new(output))
    }

    /// Opens what is copied, when the caller may read it.
    pub(super) fn source<T>(&self, source: &CopySource, req: &S3Request<T>) -> S3Result<Source> {
        let CopySource::Bucket { bucket, key, version_id } = source else {
            return Err(s3_error!(NotImplemented, "Access points are not served here"));
        };
        let bucket = self.bucket(bucket)?;
        let action = crate::actions::action("GetObject", version_id.is_some());
        self.judge(&bucket, Some(key), &action, req)?;
        let opened = bucket.shelf.open_object(key, version_id.as_deref());
        let opened = opened.map_err(|absent| self.absent(&bucket, absent, version_id.is_some(), req))?;
        let (meta, file) = opened.map_err(refused)?;
        Ok(Source { bucket, meta, file, version: version_id.as_deref().map(str::to_owned) })
    }
}

fn source_conditions(input: &CopyObjectInput) -> Reading<'_> {
    Reading {
        matches: input.copy_source_if_match.as_ref(),
        differs: input.copy_source_if_none_match.as_ref(),
        modified: input.copy_source_if_modified_since.as_ref(),
        unmodified: input.copy_source_if_unmodified_since.as_ref(),
    }
}

/// What the copy is described by: as its source is, unless the request replaces that.
fn meta(input: &CopyObjectInput, target: &Bucket, source: &Source) -> S3Result<Meta> {
    let replaces = input.metadata_directive.as_ref().is_some_and(|directive| directive.as_str() == "REPLACE");
    let same = target.name == source.bucket.name && input.key == source.meta.key && source.version.is_none();
    if same
        && !replaces
        && input.website_redirect_location.is_none()
        && input.server_side_encryption.is_none()
    {
        return Err(s3_error!(
            InvalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes."
        ));
    }
    let described = if replaces {
        replaced(input)?
    } else {
        Described { redirect: input.website_redirect_location.clone(), ..source.meta.described.clone() }
    };
    let replaces = input.tagging_directive.as_ref().is_some_and(|directive| directive.as_str() == "REPLACE");
    let tags = if replaces { tags::of_header(input.tagging.as_deref())? } else { source.meta.tags.clone() };
    Ok(Meta { key: input.key.clone(), described, tags, ..Meta::default() })
}

fn replaced(input: &CopyObjectInput) -> S3Result<Described> {
    Ok(Described {
        content_type: input.content_type.clone(),
        cache_control: input.cache_control.clone(),
        content_disposition: input.content_disposition.clone(),
        content_encoding: encoding(input.content_encoding.clone()),
        content_language: input.content_language.clone(),
        expires: input.expires.clone(),
        redirect: input.website_redirect_location.clone(),
        metadata: metadata(input.metadata.clone())?,
    })
}

fn result(meta: &Meta) -> CopyObjectResult {
    let mut result = CopyObjectResult {
        e_tag: Some(strong(&meta.etag)),
        last_modified: Some(timestamp(meta.modified)),
        checksum_type: meta.sum.as_ref().map(checksum_type),
        ..CopyObjectResult::default()
    };
    show_sum!(result, &meta.sum);
    result
}
