//! Uploads in parts: the parts, and what is under way.

use super::condition::Reading;
use super::list::{Encoding, max_keys};
use super::write::body;
use super::{Answer, LARGEST, Operations, encryption, size, strong};
use crate::store::spool::{copy, receive};
use crate::store::sum::{Expected, show_sum};
use crate::store::{Meta, timestamp};
use s3s::dto::{
    ChecksumAlgorithm, CopyPartResult, Initiator, ListMultipartUploadsInput, ListMultipartUploadsOutput,
    ListPartsInput, ListPartsOutput, MultipartUpload, Owner, Part, Range, StorageClass, UploadPartCopyInput,
    UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range as Span;

impl Operations {
    pub(super) async fn put_part(&self, req: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        let S3Request { mut input, headers, trailing_headers, .. } = req;
        let bucket = self.bucket(&input.bucket)?;
        let uploads = &bucket.shelf.uploads;
        let (begun, _) = uploads.find(&input.key, &input.upload_id)?;
        let number = part_number(input.part_number)?;
        let mut expected = Expected::of(&headers);
        if begun.asked && expected.value.is_none() {
            expected.algorithm = begun.algorithm;
        }
        let spooled =
            receive(bucket.shelf.temporary(), body(input.body.take()), LARGEST, expected.algorithm).await?;
        spooled.verify(&expected, trailing_headers.and_then(|late| late.take()).as_ref())?;
        let meta = uploads.keep(&input.key, &input.upload_id, number, spooled, self.now())?;
        let mut output = UploadPartOutput {
            e_tag: Some(strong(&meta.etag)),
            server_side_encryption: Some(encryption()),
            ..UploadPartOutput::default()
        };
        show_sum!(output, &meta.sum);
        Ok(S3Response::new(output))
    }

    pub(super) async fn copy_part(
        &self,
        req: S3Request<UploadPartCopyInput>,
    ) -> Answer<UploadPartCopyOutput> {
        let bucket = self.bucket(&req.input.bucket)?;
        let source = self.source(&req.input.copy_source, &req)?;
        let input = req.input;
        let uploads = &bucket.shelf.uploads;
        let (begun, _) = uploads.find(&input.key, &input.upload_id)?;
        let number = part_number(input.part_number)?;
        let conditions = Reading {
            matches: input.copy_source_if_match.as_ref(),
            differs: input.copy_source_if_none_match.as_ref(),
            modified: input.copy_source_if_modified_since.as_ref(),
            unmodified: input.copy_source_if_unmodified_since.as_ref(),
        };
        conditions.check_source(&source.meta)?;
        let span = span(input.copy_source_range.as_deref(), source.meta.size)?;
        let mut file = source.file;
        file.seek(SeekFrom::Start(span.start)).map_err(crate::store::spool::refused)?;
        let spooled =
            copy(bucket.shelf.temporary(), file.take(span.end - span.start), begun.algorithm).await?;
        let meta = uploads.keep(&input.key, &input.upload_id, number, spooled, self.now())?;
        let output = UploadPartCopyOutput {
            copy_part_result: Some(copied(&meta)),
            server_side_encryption: Some(encryption()),
            ..UploadPartCopyOutput::default()
        };
        Ok(S3Response::new(output))
    }

    pub(super) fn parts(&self, req: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let (begun, parts) = bucket.shelf.uploads.find(&input.key, &input.upload_id)?;
        let max = max_keys(input.max_parts)?;
        let marker = input.part_number_marker.unwrap_or(0);
        let mut rest = parts.range(marker.saturating_add(1)..);
        let page: Vec<_> = rest.by_ref().take(usize::try_from(max).unwrap_or(0)).collect();
        let output = ListPartsOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            is_truncated: Some(rest.next().is_some()),
            next_part_number_marker: Some(page.last().map_or(0, |(number, _)| **number)),
            part_number_marker: Some(marker),
            max_parts: Some(max),
            parts: Some(page.iter().map(|(number, meta)| part(**number, meta)).collect()),
            checksum_algorithm: begun
                .asked
                .then(|| ChecksumAlgorithm::from(begun.algorithm.name().to_owned())),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            owner: Some(Owner { display_name: None, id: Some(self.0.world.account.clone()) }),
            initiator: Some(Initiator { display_name: None, id: Some(self.0.world.account.clone()) }),
            ..ListPartsOutput::default()
        };
        Ok(S3Response::new(output))
    }

    pub(super) fn uploads(
        &self,
        req: S3Request<ListMultipartUploadsInput>,
    ) -> Answer<ListMultipartUploadsOutput> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let show = Encoding::of(input.encoding_type.as_ref());
        let max = max_keys(input.max_uploads)?;
        let prefix = input.prefix.clone().unwrap_or_default();
        let key_marker = input.key_marker.clone().unwrap_or_default();
        let id_marker = input.upload_id_marker.clone();
        let after = |key: &str, id: &str| match &id_marker {
            Some(marker) if key == key_marker => id > marker.as_str(),
            _ => key > key_marker.as_str(),
        };
        let all = bucket.shelf.uploads.list();
        let mut rest = all.iter().filter(|(key, id, _)| key.starts_with(&prefix) && after(key, id));
        let page: Vec<_> = rest.by_ref().take(usize::try_from(max).unwrap_or(0)).collect();
        let truncated = rest.next().is_some();
        let last = page.last().filter(|_| truncated);
        let upload = |(key, id, at): &&(String, String, u64)| MultipartUpload {
            key: Some(show.text(key)),
            upload_id: Some(id.clone()),
            initiated: Some(timestamp(*at)),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            ..MultipartUpload::default()
        };
        let output = ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            is_truncated: Some(truncated),
            key_marker: Some(show.text(&key_marker)),
            max_uploads: Some(max),
            next_key_marker: last.map(|(key, _, _)| show.text(key)),
            next_upload_id_marker: last.map(|(_, id, _)| id.clone()),
            prefix: Some(show.text(&prefix)),
            uploads: Some(page.iter().map(upload).collect()),
            encoding_type: input.encoding_type,
            ..ListMultipartUploadsOutput::default()
        };
        Ok(S3Response::new(output))
    }
}

fn part_number(number: i32) -> S3Result<i32> {
    if (1..=10_000).contains(&number) {
        return Ok(number);
    }
    Err(s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive"))
}

fn span(range: Option<&str>, whole: u64) -> S3Result<Span<u64>> {
    let Some(range) = range else { return Ok(0..whole) };
    let parsed = Range::parse(range).ok().filter(|range| matches!(range, Range::Int { last: Some(_), .. }));
    let parsed = parsed.ok_or_else(|| {
        s3_error!(
            InvalidArgument,
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy"
        )
    })?;
    parsed
        .check(whole)
        .map_err(|error| s3_error!(error, InvalidRange, "The requested range is not satisfiable"))
}

fn copied(meta: &Meta) -> CopyPartResult {
    let mut result = CopyPartResult {
        e_tag: Some(strong(&meta.etag)),
        last_modified: Some(timestamp(meta.modified)),
        ..CopyPartResult::default()
    };
    show_sum!(result, &meta.sum);
    result
}

fn part(number: i32, meta: &Meta) -> Part {
    let mut part = Part {
        part_number: Some(number),
        e_tag: Some(strong(&meta.etag)),
        last_modified: Some(timestamp(meta.modified)),
        size: Some(size(meta.size)),
        ..Part::default()
    };
    show_sum!(part, &meta.sum);
    part
}
