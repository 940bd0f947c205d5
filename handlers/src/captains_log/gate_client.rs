//! The client through which the gate asks, patient enough for the far side of the world and no more.

use aws_config::{BehaviorVersion, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::{Client, config};
use edge_config::Region;
use std::time::Duration;

/// How long one try may take, so that a second one can follow: a connection that was frozen with the execution
/// environment is often dead.
const TRY: Duration = Duration::from_millis(1500);
/// Before the second try.
const PAUSE: Duration = Duration::from_millis(25);

/// A client of the table's region: the environment names the one in which the function happens to run.
pub(crate) async fn dynamodb(region: &Region, deadline: Duration) -> Client {
    let timeouts = TimeoutConfig::builder().operation_timeout(deadline).operation_attempt_timeout(TRY);
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .region(config::Region::new(region.as_str().to_owned()))
        .timeout_config(timeouts.build())
        .retry_config(RetryConfig::standard().with_max_attempts(2).with_initial_backoff(PAUSE))
        .load()
        .await;
    Client::new(&sdk)
}
