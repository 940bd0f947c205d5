//! Deleting many objects of a bucket at once.

use crate::{Environment, Error};
use aws_sdk_s3::types::{ChecksumAlgorithm, Delete, ObjectIdentifier};

/// The most objects that one call takes.
pub(crate) const BATCH: usize = 1000;

/// Objects that S3 did not delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// How many.
    pub(crate) count: usize,
    /// The first of them.
    pub(crate) key: String,
    /// What S3 said about it.
    pub(crate) message: String,
}

/// Deletes up to [`BATCH`] objects with one call of `action`; one that is not there counts as deleted.
pub(crate) async fn delete(
    environment: &Environment,
    action: &'static str,
    bucket: &str,
    objects: Vec<ObjectIdentifier>,
) -> Result<Option<Refused>, Error> {
    let batch = Delete::builder().set_objects(Some(objects)).quiet(true).build();
    let batch = batch.map_err(|error| environment.not_aws(action, &error.to_string()))?;
    let request = environment
        .s3
        .delete_objects()
        .bucket(bucket)
        .expected_bucket_owner(&environment.account)
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .delete(batch);
    let answer = request.send().await.map_err(environment.failed(action))?;
    Ok(answer.errors().first().map(|first| Refused {
        count: answer.errors().len(),
        key: first.key().unwrap_or_default().to_owned(),
        message: first.message().or(first.code()).unwrap_or_default().to_owned(),
    }))
}
