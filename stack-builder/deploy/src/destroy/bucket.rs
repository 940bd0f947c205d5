//! Buckets that must be empty before they can go: all versions, all delete markers, all unfinished uploads.

use crate::object_deletion::{self, Refused};
use crate::{Environment, Error};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::list_object_versions::ListObjectVersionsOutput;
use aws_sdk_s3::types::{MultipartUpload, ObjectIdentifier};

/// Pages of up to 1,000 versions that are counted for a plan.
const COUNTED_PAGES: usize = 10;

/// A bucket that goes with its stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketToEmpty {
    /// Its name.
    pub name: String,
    /// Versions and delete markers in it.
    pub objects: usize,
    /// Whether there are more than were counted.
    pub and_more: bool,
}

impl BucketToEmpty {
    /// Counts what is in the bucket, up to 10,000; one call for each 1,000.
    pub(crate) async fn count(environment: &Environment, name: &str) -> Result<Self, Error> {
        let mut bucket = Self { name: name.to_owned(), objects: 0, and_more: false };
        let (mut key, mut version) = (None, None);
        for _ in 0..COUNTED_PAGES {
            let page = list(environment, name, key, version).await?;
            bucket.objects += page.versions().len() + page.delete_markers().len();
            bucket.and_more = page.is_truncated().unwrap_or_default();
            if !bucket.and_more {
                break;
            }
            (key, version) = (page.next_key_marker, page.next_version_id_marker);
        }
        Ok(bucket)
    }
}

/// Deletes everything in the bucket and says how much it was; two calls for each 1,000 versions, and two more.
///
/// A bucket that is gone already is empty.
pub(crate) async fn empty(environment: &Environment, bucket: &str) -> Result<usize, Error> {
    let mut deleted = 0;
    loop {
        let page = list(environment, bucket, None, None).await?;
        let objects = identifiers(page)?;
        if objects.is_empty() {
            break;
        }
        deleted += objects.len();
        delete(environment, bucket, objects).await?;
    }
    abort_uploads(environment, bucket).await?;
    Ok(deleted)
}

async fn list(
    environment: &Environment,
    bucket: &str,
    key: Option<String>,
    version: Option<String>,
) -> Result<ListObjectVersionsOutput, Error> {
    let request = environment
        .s3
        .list_object_versions()
        .bucket(bucket)
        .expected_bucket_owner(&environment.account)
        .set_key_marker(key)
        .set_version_id_marker(version);
    match request.send().await {
        Err(error) if is_gone(&error) => Ok(ListObjectVersionsOutput::builder().build()),
        answer => answer.map_err(environment.failed("s3:ListBucketVersions")),
    }
}

fn identifiers(page: ListObjectVersionsOutput) -> Result<Vec<ObjectIdentifier>, Error> {
    let versions = page.versions.into_iter().flatten().map(|v| (v.key, v.version_id));
    let markers = page.delete_markers.into_iter().flatten().map(|m| (m.key, m.version_id));
    versions.chain(markers).map(|(key, version)| identifier(key, version)).collect()
}

fn identifier(key: Option<String>, version: Option<String>) -> Result<ObjectIdentifier, Error> {
    ObjectIdentifier::builder()
        .set_key(key)
        .set_version_id(version)
        .build()
        .map_err(|error| malformed(&error))
}

fn malformed(error: &aws_sdk_s3::error::BuildError) -> Error {
    Error::Service {
        action: "s3:ListBucketVersions",
        code: "MalformedAnswer".to_owned(),
        message: error.to_string(),
        request_id: "unknown".to_owned(),
    }
}

async fn delete(
    environment: &Environment,
    bucket: &str,
    objects: Vec<ObjectIdentifier>,
) -> Result<(), Error> {
    let deletion = object_deletion::delete(environment, "s3:DeleteObjectVersion", bucket, objects);
    let Some(Refused { count: failed, key, message }) = deletion.await? else { return Ok(()) };
    Err(Error::NotEmptied { bucket: bucket.to_owned(), failed, key, message })
}

/// Of a page of up to 1,000, as many pages as there are.
async fn abort_uploads(environment: &Environment, bucket: &str) -> Result<(), Error> {
    loop {
        let request = environment.s3.list_multipart_uploads().bucket(bucket);
        let page = match request.expected_bucket_owner(&environment.account).send().await {
            Err(error) if is_gone(&error) => return Ok(()),
            page => page.map_err(environment.failed("s3:ListBucketMultipartUploads"))?,
        };
        for upload in page.uploads() {
            abort(environment, bucket, upload).await?;
        }
        if page.uploads().is_empty() || !page.is_truncated().unwrap_or_default() {
            return Ok(());
        }
    }
}

/// One that has ended meanwhile is no more in the way than an aborted one.
async fn abort(environment: &Environment, bucket: &str, upload: &MultipartUpload) -> Result<(), Error> {
    let request = environment.s3.abort_multipart_upload().bucket(bucket);
    let request = request.expected_bucket_owner(&environment.account).set_key(upload.key.clone());
    match request.set_upload_id(upload.upload_id.clone()).send().await {
        Err(error) if error.code() == Some("NoSuchUpload") => Ok(()),
        aborted => aborted.map(drop).map_err(environment.failed("s3:AbortMultipartUpload")),
    }
}

fn is_gone<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("NoSuchBucket")
}
