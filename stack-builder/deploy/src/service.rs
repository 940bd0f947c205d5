//! Where a service is, and under which name it checks signatures.

use crate::partition::Partition;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    /// The SDKs' name for it, from which they derive the variable that names its endpoint.
    id: &'static str,
    /// The first part of its host names, which is also the name that signatures carry.
    pub(crate) name: &'static str,
    /// Where it answers over IPv6 too.
    dual_stack: DualStack,
    /// Whether it is in no region but in the whole partition.
    is_global: bool,
}

/// Where a service answers over IPv6 too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DualStack {
    /// Under a name of its own.
    OwnName,
    /// Under its ordinary name.
    OrdinaryName,
}

impl Service {
    pub(crate) const AMPLIFY: Self = Self::regional("Amplify", "amplify");
    pub(crate) const API_GATEWAY: Self = Self::regional("API Gateway", "apigateway");
    pub(crate) const COGNITO: Self = Self {
        dual_stack: DualStack::OrdinaryName,
        ..Self::regional("Cognito Identity Provider", "cognito-idp")
    };
    pub(crate) const DYNAMODB: Self = Self::regional("DynamoDB", "dynamodb");
    pub(crate) const S3: Self = Self::regional("S3", "s3");
    pub(crate) const SECRETS: Self =
        Self { dual_stack: DualStack::OrdinaryName, ..Self::regional("Secrets Manager", "secretsmanager") };
    /// See <https://docs.aws.amazon.com/general/latest/gr/cf_region.html>.
    pub(crate) const CLOUDFRONT: Self =
        Self { is_global: true, ..Self::regional("CloudFront", "cloudfront") };

    const fn regional(id: &'static str, name: &'static str) -> Self {
        Self { id, name, dual_stack: DualStack::OwnName, is_global: false }
    }

    /// The region that signatures name when the environment is in `region`.
    pub(crate) fn region(&self, region: &str) -> String {
        let region = if self.is_global { Partition::of(region).central } else { region };
        region.to_owned()
    }

    /// The URL without a final slash: that of the configuration, else the ordinary one.
    pub(crate) fn endpoint(&self, config: &SdkConfig, region: &str) -> String {
        let url = self.configured(config).unwrap_or_else(|| self.ordinary(config, region));
        url.trim_end_matches('/').to_owned()
    }

    /// What `AWS_ENDPOINT_URL_<SERVICE>`, the profile or the configuration as a whole says.
    pub(crate) fn configured(&self, config: &SdkConfig) -> Option<String> {
        let key = ServiceConfigKey::builder().service_id(self.id).env("AWS_ENDPOINT_URL");
        let key = key.profile("endpoint_url").build().ok();
        let own = key.and_then(|key| config.service_config()?.load_config(key));
        own.or_else(|| config.endpoint_url().map(str::to_owned))
    }

    fn ordinary(&self, config: &SdkConfig, region: &str) -> String {
        let partition = Partition::of(region);
        let fips = if config.use_fips().unwrap_or_default() { "-fips" } else { "" };
        let dual = config.use_dual_stack().unwrap_or_default() && self.dual_stack == DualStack::OwnName;
        let domain = if dual { partition.dual_stack } else { partition.domain };
        let place = match (self.is_global, region.starts_with("cn-")) {
            (false, _) => format!(".{region}"),
            (true, true) if !dual => format!(".{}", partition.central),
            (true, _) if dual && partition.is_commercial() => ".global".to_owned(),
            (true, _) => String::new(),
        };
        format!("https://{}{fips}{place}.{domain}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(service: &Service, region: &str, (fips, dual_stack): (bool, bool), expect: &str) {
        let config = SdkConfig::builder().use_fips(fips).use_dual_stack(dual_stack).build();
        assert_eq!(service.endpoint(&config, region), format!("https://{expect}"));
    }

    #[test]
    fn a_service_is_where_its_region_is() {
        let ordinary = (false, false);
        check(&Service::DYNAMODB, "eu-west-1", ordinary, "dynamodb.eu-west-1.amazonaws.com");
        check(&Service::COGNITO, "cn-north-1", ordinary, "cognito-idp.cn-north-1.amazonaws.com.cn");
        check(&Service::AMPLIFY, "eusc-de-east-1", ordinary, "amplify.eusc-de-east-1.amazonaws.eu");
        check(&Service::CLOUDFRONT, "eu-west-1", ordinary, "cloudfront.amazonaws.com");
        check(&Service::CLOUDFRONT, "cn-north-1", ordinary, "cloudfront.cn-northwest-1.amazonaws.com.cn");
        check(&Service::CLOUDFRONT, "us-gov-west-1", ordinary, "cloudfront.amazonaws.com");
    }

    #[test]
    fn validated_cryptography_and_ipv6_have_names_of_their_own() {
        let (fips, dual, both) = ((true, false), (false, true), (true, true));
        check(&Service::SECRETS, "us-west-2", fips, "secretsmanager-fips.us-west-2.amazonaws.com");
        check(&Service::SECRETS, "us-west-2", dual, "secretsmanager.us-west-2.amazonaws.com");
        check(&Service::DYNAMODB, "eu-west-1", dual, "dynamodb.eu-west-1.api.aws");
        check(&Service::API_GATEWAY, "us-east-1", both, "apigateway-fips.us-east-1.api.aws");
        check(&Service::CLOUDFRONT, "eu-west-1", fips, "cloudfront-fips.amazonaws.com");
        check(&Service::CLOUDFRONT, "eu-west-1", both, "cloudfront-fips.global.api.aws");
        check(&Service::CLOUDFRONT, "cn-north-1", dual, "cloudfront.api.amazonwebservices.com.cn");
    }

    #[test]
    fn a_configured_endpoint_comes_first() {
        let config = SdkConfig::builder().endpoint_url("http://127.0.0.1:4566/").build();
        assert_eq!(Service::CLOUDFRONT.endpoint(&config, "eu-west-1"), "http://127.0.0.1:4566");
    }

    #[test]
    fn cloudfront_checks_signatures_in_the_central_region() {
        assert_eq!(Service::CLOUDFRONT.region("eu-west-1"), "us-east-1");
        assert_eq!(Service::CLOUDFRONT.region("cn-north-1"), "cn-northwest-1");
        assert_eq!(Service::AMPLIFY.region("eu-west-1"), "eu-west-1");
    }
}
