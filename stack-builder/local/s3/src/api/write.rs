//! `PutObject`, and what all writes have in common.

use super::condition::check_write;
use super::read::shown_version;
use super::{Answer, LARGEST, Operations, encryption, strong};
use crate::api::tags;
use crate::store::spool::{receive, too_large};
use crate::store::sum::{Expected, show_sum};
use crate::store::{Described, Meta, Sum};
use bytes::Bytes;
use futures_util::stream;
use s3s::dto::{ChecksumType, PutObjectInput, PutObjectOutput, StreamingBlob};
use s3s::{S3Request, S3Response, S3Result, StdError, s3_error};
use std::collections::HashMap;

/// User-defined metadata: 2 KB of names and values
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>).
const MOST_METADATA: usize = 2048;

impl Operations {
    pub(super) async fn put(&self, req: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        let S3Request { mut input, headers, trailing_headers, .. } = req;
        let bucket = self.bucket(&input.bucket)?;
        let meta = meta(&mut input)?;
        if input.content_length.is_some_and(|length| length > super::size(LARGEST)) {
            return Err(too_large());
        }
        let expected = Expected::of(&headers);
        let body = body(input.body.take());
        let spooled = receive(bucket.shelf.temporary(), body, LARGEST, expected.algorithm).await?;
        spooled.verify(&expected, trailing_headers.and_then(|late| late.take()).as_ref())?;
        let meta = Meta { etag: spooled.etag(), sum: Some(spooled.sum.clone()), ..meta };
        let allow =
            |there: Option<&Meta>| check_write(input.if_match.as_ref(), input.if_none_match.as_ref(), there);
        let meta = bucket.shelf.commit(spooled, meta, bucket.settings.versioning, self.now(), allow)?;
        let mut output = PutObjectOutput {
            e_tag: Some(strong(&meta.etag)),
            server_side_encryption: Some(encryption()),
            version_id: shown_version(&bucket, &meta),
            checksum_type: meta.sum.as_ref().map(checksum_type),
            ..PutObjectOutput::default()
        };
        show_sum!(output, &meta.sum);
        Ok(S3Response::new(output))
    }
}

/// A body, empty when there is none.
pub(super) fn body(body: Option<StreamingBlob>) -> impl futures_util::Stream<Item = Result<Bytes, StdError>> {
    let nothing = || StreamingBlob::wrap(stream::empty::<Result<Bytes, std::io::Error>>());
    body.unwrap_or_else(nothing)
}

fn meta(input: &mut PutObjectInput) -> S3Result<Meta> {
    let described = Described {
        content_type: input.content_type.take(),
        cache_control: input.cache_control.take(),
        content_disposition: input.content_disposition.take(),
        content_encoding: encoding(input.content_encoding.take()),
        content_language: input.content_language.take(),
        expires: input.expires.take(),
        redirect: input.website_redirect_location.take(),
        metadata: metadata(input.metadata.take())?,
    };
    let tags = tags::of_header(input.tagging.as_deref())?;
    Ok(Meta { key: input.key.clone(), described, tags, ..Meta::default() })
}

/// Whether a checksum is of the whole or of its parts' checksums.
pub(super) fn checksum_type(sum: &Sum) -> ChecksumType {
    let name = if sum.composite { ChecksumType::COMPOSITE } else { ChecksumType::FULL_OBJECT };
    ChecksumType::from_static(name)
}

/// The encoding of the object: `aws-chunked` is one of the request.
pub(super) fn encoding(encoding: Option<String>) -> Option<String> {
    let encoding = encoding?;
    let kept: Vec<_> = encoding.split(',').map(str::trim).filter(|one| *one != "aws-chunked").collect();
    Some(kept.join(",")).filter(|kept| !kept.is_empty())
}

/// User-defined metadata, when there is not too much of it.
pub(crate) fn metadata(
    metadata: Option<HashMap<String, String>>,
) -> S3Result<std::collections::BTreeMap<String, String>> {
    let metadata = metadata.unwrap_or_default();
    let length: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if length > MOST_METADATA {
        return Err(s3_error!(
            MetadataTooLarge,
            "Your metadata headers exceed the maximum allowed metadata size"
        ));
    }
    Ok(metadata.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_of_the_request_is_not_kept() {
        assert_eq!(encoding(Some("aws-chunked".into())), None);
        assert_eq!(encoding(Some("aws-chunked, gzip".into())).as_deref(), Some("gzip"));
        assert_eq!(encoding(None), None);
    }

    #[test]
    fn metadata_is_limited() {
        let of = |length: usize| metadata(Some(HashMap::from([("a".to_owned(), "x".repeat(length))])));
        assert!(of(2047).is_ok());
        assert_eq!(of(2048).unwrap_err().code().as_str(), "MetadataTooLarge");
    }
}
