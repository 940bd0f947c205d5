//! Which action of IAM an operation needs, on what, and under which conditions.
//!
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>

use http::{HeaderMap, Uri};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// The action that an operation on a key, or on a version of one, needs. Actions of deletion by document and of forms
/// are asked key by key elsewhere.
pub(crate) fn action(operation: &str, of_version: bool) -> String {
    let name = match (operation, of_version) {
        ("GetObject" | "HeadObject", true) => "GetObjectVersion",
        ("GetObject" | "HeadObject", false) => "GetObject",
        (
            "PutObject"
            | "PostObject"
            | "CopyObject"
            | "CreateMultipartUpload"
            | "UploadPart"
            | "UploadPartCopy"
            | "CompleteMultipartUpload",
            _,
        ) => "PutObject",
        ("DeleteObject", true) => "DeleteObjectVersion",
        ("GetObjectTagging", true) => "GetObjectVersionTagging",
        ("PutObjectTagging", true) => "PutObjectVersionTagging",
        ("DeleteObjectTagging", true) => "DeleteObjectVersionTagging",
        ("ListObjects" | "ListObjectsV2" | "HeadBucket", _) => "ListBucket",
        ("ListObjectVersions", _) => "ListBucketVersions",
        ("ListMultipartUploads", _) => "ListBucketMultipartUploads",
        ("ListParts", _) => "ListMultipartUploadParts",
        ("ListBuckets", _) => "ListAllMyBuckets",
        ("GetBucketCors", _) => "GetBucketCORS",
        ("PutBucketCors" | "DeleteBucketCors", _) => "PutBucketCORS",
        (other, _) => other,
    };
    format!("s3:{name}")
}

/// What else a write needs because of its headers.
pub(crate) fn further(operation: &str, headers: &HeaderMap) -> Vec<&'static str> {
    let mut further = Vec::new();
    if matches!(operation, "PutObject" | "CopyObject" | "CreateMultipartUpload") {
        if headers.contains_key("x-amz-tagging") {
            further.push("s3:PutObjectTagging");
        }
        if headers.contains_key("x-amz-acl") {
            further.push("s3:PutObjectAcl");
        }
    }
    further
}

/// The ARN of a bucket or of an object in it.
pub(crate) fn arn(bucket: &str, key: Option<&str>) -> String {
    match key {
        None => format!("arn:aws:s3:::{bucket}"),
        Some(key) => format!("arn:aws:s3:::{bucket}/{key}"),
    }
}

/// The conditions that a request meets.
pub(crate) fn context(uri: &Uri, headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    // Whoever asks for TLS in a policy means the network, which is not used here.
    let mut context = BTreeMap::from([("aws:securetransport".to_owned(), vec!["true".to_owned()])]);
    let queries = [
        ("prefix", "s3:prefix"),
        ("delimiter", "s3:delimiter"),
        ("max-keys", "s3:max-keys"),
        ("versionId", "s3:versionid"),
    ];
    for (name, key) in queries {
        if let Some(value) = query(uri, name) {
            context.insert(key.to_owned(), vec![value]);
        }
    }
    for name in ["x-amz-acl", "x-amz-copy-source", "x-amz-server-side-encryption", "x-amz-storage-class"] {
        if let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) {
            context.insert(format!("s3:{name}"), vec![value.to_owned()]);
        }
    }
    for (name, key) in [("user-agent", "aws:useragent"), ("referer", "aws:referer")] {
        if let Some(value) = headers.get(name).and_then(|value| value.to_str().ok()) {
            context.insert(key.to_owned(), vec![value.to_owned()]);
        }
    }
    let signed = if query(uri, "X-Amz-Signature").is_some() { "REST-QUERY-STRING" } else { "REST-HEADER" };
    context.insert("s3:authtype".to_owned(), vec![signed.to_owned()]);
    context
}

/// A parameter of the query, decoded.
pub(crate) fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
    Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_need_the_documented_actions() {
        assert_eq!(action("HeadObject", false), "s3:GetObject");
        assert_eq!(action("GetObject", true), "s3:GetObjectVersion");
        assert_eq!(action("UploadPart", false), "s3:PutObject");
        assert_eq!(action("HeadBucket", false), "s3:ListBucket");
        assert_eq!(action("AbortMultipartUpload", false), "s3:AbortMultipartUpload");
        assert_eq!(action("GetBucketPolicy", false), "s3:GetBucketPolicy");
    }

    #[test]
    fn conditions_are_read_from_query_and_headers() {
        let uri: Uri = "/b?list-type=2&prefix=a%2Fb+c&delimiter=%2F".parse().unwrap();
        let context = context(&uri, &HeaderMap::new());
        assert_eq!(context["s3:prefix"], ["a/b c"]);
        assert_eq!(context["s3:delimiter"], ["/"]);
        assert_eq!(context["s3:authtype"], ["REST-HEADER"]);
    }
}
