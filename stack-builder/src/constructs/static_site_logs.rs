//! The bucket that a distribution writes its access log to.

use super::LOG_RETENTION_DAYS;
use super::bucket::Bucket;
use stack_builder_cfn::s3::bucket as nested;

/// A private bucket whose objects go after [`LOG_RETENTION_DAYS`].
///
/// CloudFront hands its log over by an access control list, so that this bucket has to know them.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html>
#[track_caller]
pub(super) fn bucket() -> Bucket {
    Bucket::new().l1(|bucket| {
        bucket
            .ownership_controls_with(|controls| {
                controls
                    .add_rules(|rule| rule.object_ownership(nested::ObjectOwnership::BucketOwnerPreferred))
            })
            .lifecycle_configuration_with(|lifecycle| {
                lifecycle.add_rules(|rule| {
                    rule.id("Logs")
                        .status(nested::RuleStatus::Enabled)
                        .expiration_in_days(LOG_RETENTION_DAYS)
                        .noncurrent_version_expiration_with(|expiration| expiration.noncurrent_days(1))
                })
            })
    })
}
