//! An object on its way into the asset bucket.

use crate::{Environment, Error};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;

/// Bytes for the asset bucket.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
}

impl Upload {
    /// Puts the object unless it is there.
    pub(crate) async fn once(self, environment: &Environment) -> Result<(), Error> {
        if exists(environment, &self.key).await? { Ok(()) } else { self.put(environment).await }
    }

    /// Puts the object, in the place of any other.
    pub(crate) async fn put(self, environment: &Environment) -> Result<(), Error> {
        let request = environment
            .s3
            .put_object()
            .bucket(environment.asset_bucket())
            .key(self.key)
            .expected_bucket_owner(&environment.account)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .body(ByteStream::from(self.bytes));
        request.send().await.map(drop).map_err(environment.failed("s3:PutObject"))
    }
}

/// Whether the asset bucket has an object of this key; one call.
pub(crate) async fn exists(environment: &Environment, key: &str) -> Result<bool, Error> {
    let request = environment
        .s3
        .head_object()
        .bucket(environment.asset_bucket())
        .key(key)
        .expected_bucket_owner(&environment.account);
    match request.send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(false),
        Err(error) => Err(environment.failed("s3:GetObject")(error)),
    }
}
