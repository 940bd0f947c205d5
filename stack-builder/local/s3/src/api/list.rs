//! `ListObjects` in both versions.

use super::{Answer, Operations, size, strong};
use crate::store::listing::{self, Page, Query};
use crate::store::{Meta, timestamp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    ChecksumAlgorithm, CommonPrefix, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, ObjectStorageClass, Owner,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};
use std::sync::Arc;

/// Entries of a page.
const PAGE: i32 = 1000;

/// What `encoding-type=url` leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b'/');

impl Operations {
    pub(super) fn list_v2(&self, req: S3Request<ListObjectsV2Input>) -> Answer<ListObjectsV2Output> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let show = Encoding::of(input.encoding_type.as_ref());
        let max = max_keys(input.max_keys)?;
        let token = input.continuation_token.as_deref().map(from_token).transpose()?;
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().unwrap_or_default(),
            after: token.or_else(|| input.start_after.clone()).unwrap_or_default(),
            limit: usize::try_from(max).unwrap_or(0),
        };
        let page = page(&bucket.shelf.index(), &query);
        let owner = (input.fetch_owner == Some(true))
            .then(|| Owner { display_name: None, id: Some(self.0.world.account.clone()) });
        let count = page.objects.len() + page.prefixes.len();
        let output = ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: Some(show.text(&query.prefix)),
            max_keys: Some(max),
            key_count: i32::try_from(count).ok(),
            continuation_token: input.continuation_token,
            is_truncated: Some(page.next.is_some()),
            next_continuation_token: page.next.as_deref().map(|next| STANDARD.encode(next)),
            contents: Some(page.objects.iter().map(|meta| object(meta, show, owner.clone())).collect()),
            common_prefixes: Some(prefixes(&page.prefixes, show)),
            delimiter: input.delimiter.map(|delimiter| show.text(&delimiter)),
            encoding_type: input.encoding_type,
            start_after: input.start_after.map(|after| show.text(&after)),
            request_charged: None,
        };
        Ok(S3Response::new(output))
    }

    pub(super) fn list(&self, req: S3Request<ListObjectsInput>) -> Answer<ListObjectsOutput> {
        let input = req.input;
        let bucket = self.bucket(&input.bucket)?;
        let show = Encoding::of(input.encoding_type.as_ref());
        let max = max_keys(input.max_keys)?;
        let query = Query {
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().unwrap_or_default(),
            after: input.marker.clone().unwrap_or_default(),
            limit: usize::try_from(max).unwrap_or(0),
        };
        let page = page(&bucket.shelf.index(), &query);
        let owner = Owner { display_name: None, id: Some(self.0.world.account.clone()) };
        let output = ListObjectsOutput {
            name: Some(input.bucket),
            prefix: Some(show.text(&query.prefix)),
            marker: Some(show.text(&query.after)),
            max_keys: Some(max),
            is_truncated: Some(page.next.is_some()),
            contents: Some(page.objects.iter().map(|meta| object(meta, show, Some(owner.clone()))).collect()),
            common_prefixes: Some(prefixes(&page.prefixes, show)),
            // Without a delimiter the last key says where to go on.
            next_marker: page.next.filter(|_| input.delimiter.is_some()).map(|next| show.text(&next)),
            delimiter: input.delimiter.map(|delimiter| show.text(&delimiter)),
            encoding_type: input.encoding_type,
            request_charged: None,
        };
        Ok(S3Response::new(output))
    }
}

fn page(index: &crate::store::index::Index, query: &Query) -> Page {
    if query.limit == 0 { Page::default() } else { listing::objects(index, query) }
}

/// A number of entries as the request asks, 1,000 at most.
pub(super) fn max_keys(asked: Option<i32>) -> S3Result<i32> {
    match asked {
        Some(number) if number < 0 => {
            Err(s3_error!(InvalidArgument, "Argument maxKeys must be an integer between 0 and 2147483647"))
        }
        other => Ok(other.unwrap_or(PAGE).min(PAGE)),
    }
}

fn from_token(token: &str) -> S3Result<String> {
    let text = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))
}

/// How keys are written in a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    pub(super) fn of(asked: Option<&EncodingType>) -> Self {
        if asked.is_some_and(|asked| asked.as_str() == EncodingType::URL) { Self::Url } else { Self::Plain }
    }

    pub(super) fn text(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Url => utf8_percent_encode(text, PLAIN).to_string().replace("%20", "+"),
        }
    }
}

fn object(meta: &Arc<Meta>, show: Encoding, owner: Option<Owner>) -> Object {
    Object {
        key: Some(show.text(&meta.key)),
        last_modified: Some(timestamp(meta.modified)),
        e_tag: Some(strong(&meta.etag)),
        size: Some(size(meta.size)),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        checksum_algorithm: meta
            .sum
            .as_ref()
            .map(|sum| vec![ChecksumAlgorithm::from(sum.algorithm.name().to_owned())]),
        checksum_type: meta.sum.as_ref().map(super::write::checksum_type),
        owner,
        ..Object::default()
    }
}

pub(super) fn prefixes(prefixes: &[String], show: Encoding) -> Vec<CommonPrefix> {
    prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(show.text(prefix)) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_encoded_as_in_urls() {
        assert_eq!(Encoding::Url.text("a b/ü(1)+.txt"), "a+b/%C3%BC%281%29%2B.txt");
        assert_eq!(Encoding::Plain.text("a b"), "a b");
    }

    #[test]
    fn tokens_that_were_never_given_are_refused() {
        assert_eq!(from_token(&STANDARD.encode("a/b")).unwrap(), "a/b");
        assert!(from_token("§").is_err());
        assert!(max_keys(Some(-1)).is_err());
        assert_eq!(max_keys(Some(5000)).unwrap(), 1000);
    }
}
