//! AWS clients, configured by the standard environment.

use crate::StartUpError;
use aws_config::{BehaviorVersion, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_s3::config::RequestChecksumCalculation;
use std::{env, time::Duration};

/// How long one try of a call may take, so that another one can follow: a connection that was frozen with the execution
/// environment is often dead, and the SDK alone would wait for it without end.
const TRY: Duration = Duration::from_secs(4);

/// What the standard environment variables and profiles say: region, credentials, endpoints.
pub(crate) async fn configuration() -> Result<SdkConfig, StartUpError> {
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(TRY).build();
    let config = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts).load().await;
    if config.region().is_some() { Ok(config) } else { Err(StartUpError::NoRegion) }
}

/// A DynamoDB client.
pub(crate) fn dynamodb(config: &SdkConfig) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(config)
}

/// An S3 client that addresses buckets so that the configured endpoint can be reached.
pub(crate) fn s3(config: &SdkConfig) -> aws_sdk_s3::Client {
    let own_endpoint = config.endpoint_url().is_some() || env::var_os("AWS_ENDPOINT_URL_S3").is_some();
    s3_client(config, own_endpoint)
}

/// Virtual-host addressing (`bucket.host`) needs a name for every bucket, which only AWS's public endpoints promise;
/// path addressing (`host/bucket`) works wherever the host does, AWS's private endpoints included. So an endpoint of
/// the user's own, whichever of the standard settings names it, gets path addressing, and no setting of ours is needed.
///
/// A presigned upload comes from a page that cannot add the SDK's optional checksum headers.
fn s3_client(config: &SdkConfig, own_endpoint: bool) -> aws_sdk_s3::Client {
    let builder = aws_sdk_s3::config::Builder::from(config)
        .force_path_style(own_endpoint)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
    aws_sdk_s3::Client::from_conf(builder.build())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use aws_sdk_s3::config::{Credentials, Region, SharedCredentialsProvider};

    fn offline(endpoint: Option<&str>) -> SdkConfig {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", None, None, "test");
        let mut builder = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials));
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        builder.build()
    }

    /// A client that can sign but never connects.
    pub(crate) fn offline_s3(endpoint: Option<&str>) -> aws_sdk_s3::Client {
        s3(&offline(endpoint))
    }

    /// A client that never connects.
    pub(crate) fn offline_dynamodb() -> aws_sdk_dynamodb::Client {
        dynamodb(&offline(None))
    }
}
