//! Parts of a distribution that belong to no behaviour: its origins, its certificate, its error pages.

use super::domain::Domain;
use stack_builder_cfn::cloudfront::{self, distribution as nested};
use stack_builder_cfn::{Node, Value, intrinsic, pseudo, s3};

/// The oldest TLS that a site with a certificate of its own speaks. Without one, `cloudfront.net` speaks whatever
/// CloudFront lets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsFloor {
    /// TLS 1.2 with the ciphers of 2021.
    #[default]
    Tls12Of2021,
    /// TLS 1.2 with the ciphers of 2025.
    Tls12Of2025,
    /// TLS 1.3.
    Tls13Of2025,
}

/// Where a distribution's copies are kept: fewer places cost less and are farther from some.
pub use nested::PriceClass;

/// The settings that every site shares; the behaviour of the files comes later.
#[track_caller]
pub(super) fn config() -> nested::DistributionConfig {
    nested::DistributionConfig::new()
        .enabled(true)
        // What the console lists it by.
        .comment(pseudo::stack_name())
        .http_version(nested::HttpVersion::Http2and3)
        .ipv6_enabled(true)
        // Taken by the files' behaviour once the site is added.
        .default_cache_behavior(Value::from_node(Node::Null))
}

/// Lets a distribution sign what it asks of a bucket.
pub(super) fn origin_access(name: Value<String>) -> cloudfront::OriginAccessControl {
    use cloudfront::origin_access_control as nested;
    cloudfront::OriginAccessControl::new().origin_access_control_config_with(|config| {
        config
            .name(name)
            .origin_access_control_origin_type(nested::OriginAccessControlOriginType::S3)
            .signing_behavior(nested::SigningBehavior::Always)
            .signing_protocol(nested::SigningProtocol::Sigv4)
    })
}

/// The bucket of a site, asked with signed requests.
pub(super) fn bucket_origin(id: &str, bucket: &s3::BucketRef, access: &Value<String>) -> nested::Origin {
    nested::Origin::new()
        .id(id)
        .domain_name(bucket.regional_domain_name())
        .origin_access_control_id(access)
        // Empty, and yet asked for: it belongs to the older way of access.
        .s3_origin_config_with(|origin| origin.origin_access_identity(""))
}

/// The name and the certificate of `domain`.
pub(super) fn at(
    config: nested::DistributionConfig,
    domain: &Domain,
    floor: TlsFloor,
) -> nested::DistributionConfig {
    use nested::MinimumProtocolVersion as Floor;
    config.aliases([&domain.name]).viewer_certificate_with(|certificate| {
        certificate
            .acm_certificate_arn(domain.certificate.arn())
            .ssl_support_method(nested::SslSupportMethod::SniOnly)
            .minimum_protocol_version(match floor {
                TlsFloor::Tls12Of2021 => Floor::TLSv1_2_2021,
                TlsFloor::Tls12Of2025 => Floor::TLSv1_2_2025,
                TlsFloor::Tls13Of2025 => Floor::TLSv1_3_2025,
            })
    })
}

/// Shows `page` for what is forbidden or absent, with the status that it has.
pub(super) fn error_page(config: nested::DistributionConfig, page: &str) -> nested::DistributionConfig {
    [403, 404].into_iter().fold(config, |config, status| {
        config.add_custom_error_responses(|error| {
            error.error_code(status).response_code(status).response_page_path(page)
        })
    })
}

/// Keeps no error beyond its request: CloudFront would keep these for 10 seconds, even where a behaviour keeps nothing
/// and the answer says `no-store`, and show one user's error of an API to whoever asks for the path next.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html> and
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html>
pub(super) fn keep_no_errors(config: nested::DistributionConfig) -> nested::DistributionConfig {
    [404, 414, 500, 501, 502, 503, 504].into_iter().fold(config, |config, status| {
        config.add_custom_error_responses(|error| error.error_code(status).error_caching_min_ttl(0))
    })
}

/// Writes a line for each request into `logs`, without cookies.
pub(super) fn log_to(config: nested::DistributionConfig, logs: &s3::BucketRef) -> nested::DistributionConfig {
    config.logging_with(|logging| logging.bucket(logs.domain_name()).include_cookies(false))
}

/// The ARN of the distribution `id` in this account.
pub(super) fn arn(distribution: &cloudfront::DistributionRef) -> Value<String> {
    intrinsic::sub(
        "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${id}",
        [("id", distribution.reference())],
    )
}
