//! `GetObject` and `HeadObject`.

use super::condition::Reading;
use super::{Answer, Operations, encryption, size, strong};
use crate::buckets::Bucket;
use crate::error::custom;
use crate::store::spool::refused;
use crate::store::sum::show_sum;
use crate::store::{Meta, Versioning, timestamp};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue};
use s3s::dto::{
    ChecksumMode, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, Range, StreamingBlob,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range as Span;
use std::sync::Arc;

/// Bytes that are read at once; what is shorter is read without leaving the thread.
const BATCH: u64 = 256 * 1024;

impl Operations {
    pub(super) fn get(&self, req: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        let input = &req.input;
        let bucket = self.bucket(&input.bucket)?;
        let version = input.version_id.as_deref().filter(|id| !id.is_empty());
        let opened = bucket.shelf.open_object(&input.key, version);
        let opened = opened.map_err(|absent| self.absent(&bucket, absent, version.is_some(), &req))?;
        let (meta, file) = opened.map_err(refused)?;
        reading(input).check(&meta)?;
        let part = Part::of(&meta, input.range, input.part_number)?;
        let mut output = describe(&bucket, &meta, &part, input.checksum_mode.as_ref());
        output.body = Some(content(file, &part.span)?);
        Ok(S3Response::new(output))
    }

    pub(super) fn head(&self, req: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        let input = &req.input;
        let bucket = self.bucket(&input.bucket)?;
        let version = input.version_id.as_deref().filter(|id| !id.is_empty());
        let found = bucket.shelf.find(&input.key, version);
        let meta = found.map_err(|absent| self.absent(&bucket, absent, version.is_some(), &req))?;
        let reading = Reading {
            matches: input.if_match.as_ref(),
            differs: input.if_none_match.as_ref(),
            modified: input.if_modified_since.as_ref(),
            unmodified: input.if_unmodified_since.as_ref(),
        };
        reading.check(&meta)?;
        let part = Part::of(&meta, input.range, input.part_number)?;
        let output = in_head(describe(&bucket, &meta, &part, input.checksum_mode.as_ref()));
        let headers = overridden(input)?;
        let mut response = S3Response::with_headers(output, headers);
        response.status =
            response.output.content_range.is_some().then_some(http::StatusCode::PARTIAL_CONTENT);
        Ok(response)
    }
}

fn reading(input: &GetObjectInput) -> Reading<'_> {
    Reading {
        matches: input.if_match.as_ref(),
        differs: input.if_none_match.as_ref(),
        modified: input.if_modified_since.as_ref(),
        unmodified: input.if_unmodified_since.as_ref(),
    }
}

/// What of an object is wanted.
struct Part {
    span: Span<u64>,
    /// Whether it is less than the whole, or asked for as a part.
    partial: bool,
    parts: Option<i32>,
}

impl Part {
    fn of(meta: &Meta, range: Option<Range>, number: Option<i32>) -> S3Result<Self> {
        if range.is_some() && number.is_some() {
            return Err(s3_error!(
                InvalidRequest,
                "Cannot specify both Range header and partNumber query parameter"
            ));
        }
        if let Some(number) = number {
            return Self::numbered(meta, number);
        }
        let Some(range) = range else { return Ok(Self { span: 0..meta.size, partial: false, parts: None }) };
        let span = range.check(meta.size).ok().filter(|span| !span.is_empty());
        let span = span.ok_or_else(|| unsatisfiable(meta))?;
        Ok(Self { span, partial: true, parts: None })
    }

    fn numbered(meta: &Meta, number: i32) -> S3Result<Self> {
        let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let place = place.ok_or_else(|| {
            s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive")
        })?;
        if meta.parts.is_empty() && place == 0 {
            return Ok(Self { span: 0..meta.size, partial: meta.size > 0, parts: None });
        }
        let length = meta.parts.get(place);
        let length = length.ok_or_else(|| {
            let message = "The requested partnumber is not satisfiable";
            custom(http::StatusCode::RANGE_NOT_SATISFIABLE, "InvalidPartNumber", message)
        })?;
        let start: u64 = meta.parts[..place].iter().sum();
        Ok(Self { span: start..start + length, partial: true, parts: i32::try_from(meta.parts.len()).ok() })
    }
}

fn unsatisfiable(meta: &Meta) -> s3s::S3Error {
    let mut error = s3_error!(InvalidRange, "The requested range is not satisfiable");
    if let Ok(range) = HeaderValue::from_str(&format!("bytes */{}", meta.size)) {
        error.set_headers(HeaderMap::from_iter([(http::header::CONTENT_RANGE, range)]));
    }
    error
}

fn describe(bucket: &Bucket, meta: &Arc<Meta>, part: &Part, mode: Option<&ChecksumMode>) -> GetObjectOutput {
    let Span { start, end } = part.span;
    let described = meta.described.clone();
    let mut output = GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        cache_control: described.cache_control,
        content_disposition: described.content_disposition,
        content_encoding: described.content_encoding,
        content_language: described.content_language,
        content_length: Some(size(end - start)),
        content_range: part.partial.then(|| format!("bytes {start}-{}/{}", end.saturating_sub(1), meta.size)),
        content_type: Some(described.content_type.unwrap_or_else(|| "binary/octet-stream".to_owned())),
        e_tag: Some(strong(&meta.etag)),
        expires: described.expires,
        last_modified: Some(timestamp(meta.modified)),
        metadata: Some(described.metadata.into_iter().collect()),
        parts_count: part.parts,
        server_side_encryption: Some(encryption()),
        tag_count: i32::try_from(meta.tags.len()).ok().filter(|count| *count > 0),
        version_id: shown_version(bucket, meta),
        website_redirect_location: described.redirect,
        ..GetObjectOutput::default()
    };
    if mode.is_some_and(|mode| mode.as_str() == ChecksumMode::ENABLED) && !part.partial {
        show_sum!(output, &meta.sum);
        output.checksum_type = meta.sum.as_ref().map(super::write::checksum_type);
    }
    output
}

/// The id of a version, in buckets that have or had versions.
pub(super) fn shown_version(bucket: &Bucket, meta: &Meta) -> Option<String> {
    let shown = bucket.settings.versioning != Versioning::Off || meta.version.is_some();
    shown.then(|| meta.version_id())
}

fn in_head(got: GetObjectOutput) -> HeadObjectOutput {
    HeadObjectOutput {
        accept_ranges: got.accept_ranges,
        cache_control: got.cache_control,
        checksum_crc32: got.checksum_crc32,
        checksum_crc32c: got.checksum_crc32c,
        checksum_crc64nvme: got.checksum_crc64nvme,
        checksum_sha1: got.checksum_sha1,
        checksum_sha256: got.checksum_sha256,
        checksum_type: got.checksum_type,
        content_disposition: got.content_disposition,
        content_encoding: got.content_encoding,
        content_language: got.content_language,
        content_length: got.content_length,
        content_range: got.content_range,
        content_type: got.content_type,
        e_tag: got.e_tag,
        expires: got.expires,
        last_modified: got.last_modified,
        metadata: got.metadata,
        parts_count: got.parts_count,
        server_side_encryption: got.server_side_encryption,
        version_id: got.version_id,
        website_redirect_location: got.website_redirect_location,
        ..HeadObjectOutput::default()
    }
}

/// The headers that a URL sets for its answer; for `GET`, `s3s` does this itself.
fn overridden(input: &HeadObjectInput) -> S3Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (http::header::CONTENT_TYPE, &input.response_content_type),
        (http::header::CACHE_CONTROL, &input.response_cache_control),
        (http::header::CONTENT_DISPOSITION, &input.response_content_disposition),
        (http::header::CONTENT_ENCODING, &input.response_content_encoding),
        (http::header::CONTENT_LANGUAGE, &input.response_content_language),
    ] {
        if let Some(value) = value {
            let value = HeaderValue::from_str(value);
            headers.insert(
                name,
                value.map_err(|error| {
                    s3_error!(error, InvalidArgument, "Header value cannot be represented using ISO-8859-1.")
                })?,
            );
        }
    }
    Ok(headers)
}

/// The bytes of a file as they are sent.
fn content(mut file: File, span: &Span<u64>) -> S3Result<StreamingBlob> {
    let length = span.end - span.start;
    if span.start > 0 {
        file.seek(SeekFrom::Start(span.start)).map_err(refused)?;
    }
    if length <= BATCH {
        let data = take(&mut file, length).map_err(refused)?;
        return Ok(StreamingBlob::from(s3s::Body::from(data)));
    }
    Ok(StreamingBlob::wrap(stream::try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok::<_, io::Error>(None);
        }
        let reading = tokio::task::spawn_blocking(move || {
            let data = take(&mut file, left.min(BATCH))?;
            Ok::<_, io::Error>((data, file))
        });
        let (data, file) = reading.await.map_err(io::Error::other)??;
        let left = left - data.len() as u64;
        Ok(Some((data, (file, left))))
    })))
}

fn take(file: &mut File, length: u64) -> io::Result<Bytes> {
    let mut data = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact(&mut data)?;
    Ok(data.into())
}
