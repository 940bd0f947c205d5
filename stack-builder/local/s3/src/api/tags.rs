//! Tags of objects.

use super::{Answer, Operations};
use crate::error::bad;
use crate::store::Meta;
use percent_encoding::percent_decode_str;
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};
use s3s::{S3Request, S3Response, S3Result, s3_error};
use std::collections::BTreeSet;
use std::sync::Arc;

type Tags = Vec<(String, String)>;

impl Operations {
    pub(super) fn get_tags(&self, req: S3Request<GetObjectTaggingInput>) -> Answer<GetObjectTaggingOutput> {
        let input = &req.input;
        let meta = self.tagged(&input.bucket, &input.key, input.version_id.as_deref(), &req)?;
        let tag =
            |(key, value): &(String, String)| Tag { key: Some(key.clone()), value: Some(value.clone()) };
        let tag_set = meta.tags.iter().map(tag).collect();
        Ok(S3Response::new(GetObjectTaggingOutput { tag_set, version_id: meta.version.clone() }))
    }

    pub(super) fn put_tags(&self, req: S3Request<PutObjectTaggingInput>) -> Answer<PutObjectTaggingOutput> {
        let input = &req.input;
        let meta = self.tagged(&input.bucket, &input.key, input.version_id.as_deref(), &req)?;
        let tag = |tag: &Tag| (tag.key.clone().unwrap_or_default(), tag.value.clone().unwrap_or_default());
        let tags = checked(input.tagging.tag_set.iter().map(tag).collect())?;
        self.bucket(&input.bucket)?.shelf.tag(&meta, tags)?;
        Ok(S3Response::new(PutObjectTaggingOutput { version_id: meta.version.clone() }))
    }

    pub(super) fn delete_tags(
        &self,
        req: S3Request<DeleteObjectTaggingInput>,
    ) -> Answer<DeleteObjectTaggingOutput> {
        let input = &req.input;
        let meta = self.tagged(&input.bucket, &input.key, input.version_id.as_deref(), &req)?;
        self.bucket(&input.bucket)?.shelf.tag(&meta, Vec::new())?;
        Ok(S3Response::new(DeleteObjectTaggingOutput { version_id: meta.version.clone() }))
    }

    fn tagged<T>(
        &self,
        bucket: &str,
        key: &str,
        version: Option<&str>,
        req: &S3Request<T>,
    ) -> S3Result<Arc<Meta>> {
        let bucket = self.bucket(bucket)?;
        let version = version.filter(|id| !id.is_empty());
        let found = bucket.shelf.find(key, version);
        found.map_err(|absent| self.absent(&bucket, absent, version.is_some(), req))
    }
}

/// Tags as the header `x-amz-tagging` has them: `a=b&c=d`.
pub(crate) fn of_header(header: Option<&str>) -> S3Result<Tags> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = header.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let tag = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key), decode(value))
    };
    checked(pairs.map(tag).collect())
}

/// Ten tags, keys of 128 characters, values of 256
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html>).
pub(crate) fn checked(tags: Tags) -> S3Result<Tags> {
    if tags.len() > 10 {
        return Err(bad("BadRequest", "Object tags cannot be greater than 10"));
    }
    let mut keys = BTreeSet::new();
    for (key, value) in &tags {
        if key.is_empty() || key.chars().count() > 128 {
            return Err(s3_error!(InvalidTag, "The TagKey you have provided is invalid"));
        }
        if value.chars().count() > 256 {
            return Err(s3_error!(InvalidTag, "The TagValue you have provided is invalid"));
        }
        if !keys.insert(key) {
            return Err(s3_error!(InvalidTag, "Cannot provide multiple Tags with the same key"));
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_and_limited() {
        let tags = of_header(Some("a=b&c%20d=e+f&g")).unwrap();
        let expected = [("a", "b"), ("c d", "e f"), ("g", "")];
        assert_eq!(tags, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(of_header(None).unwrap(), []);
        for wrong in ["a=1&a=2", "=x", &format!("k={}", "v".repeat(257)), &"a=1&".repeat(11)] {
            assert!(of_header(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
