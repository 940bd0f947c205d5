//! Where a service is, and under which name it checks signatures.

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    /// The SDKs' name for it, from which they derive the variable that names its endpoint.
    id: &'static str,
    /// The first part of its host names.
    host: &'static str,
    /// The name that signatures carry.
    pub(crate) signing_name: &'static str,
    /// The one region that it is in, for a service of the whole world.
    home: Option<&'static str>,
}

impl Service {
    pub(crate) const AMPLIFY: Self = Self::regional("Amplify", "amplify");
    pub(crate) const API_GATEWAY: Self = Self::regional("API Gateway", "apigateway");
    pub(crate) const COGNITO: Self = Self::regional("Cognito Identity Provider", "cognito-idp");
    pub(crate) const DYNAMODB: Self = Self::regional("DynamoDB", "dynamodb");
    pub(crate) const SECRETS: Self = Self::regional("Secrets Manager", "secretsmanager");
    /// See <https://docs.aws.amazon.com/general/latest/gr/cf_region.html>.
    pub(crate) const CLOUDFRONT: Self =
        Self { home: Some("us-east-1"), ..Self::regional("CloudFront", "cloudfront") };

    const fn regional(id: &'static str, name: &'static str) -> Self {
        Self { id, host: name, signing_name: name, home: None }
    }

    /// The region that signatures name when the environment is in `region`.
    pub(crate) fn region(&self, region: &str) -> String {
        match self.home {
            Some(_) if region.starts_with("cn-") => "cn-northwest-1".to_owned(),
            Some(home) => home.to_owned(),
            None => region.to_owned(),
        }
    }

    /// The URL without a final slash: that of the configuration, else the ordinary one.
    pub(crate) fn endpoint(&self, config: &SdkConfig, region: &str) -> String {
        let own = self.configured(config).or_else(|| config.endpoint_url().map(str::to_owned));
        let url = own.unwrap_or_else(|| self.ordinary(region, config.use_fips().unwrap_or_default()));
        url.trim_end_matches('/').to_owned()
    }

    /// What `AWS_ENDPOINT_URL_<SERVICE>` or the profile says.
    fn configured(&self, config: &SdkConfig) -> Option<String> {
        let key = ServiceConfigKey::builder().service_id(self.id).env("AWS_ENDPOINT_URL");
        config.service_config()?.load_config(key.profile("endpoint_url").build().ok()?)
    }

    fn ordinary(&self, region: &str, fips: bool) -> String {
        let host = if fips { format!("{}-fips", self.host) } else { self.host.to_owned() };
        let china = region.starts_with("cn-");
        match (self.home, china) {
            (Some(_), false) => format!("https://{host}.amazonaws.com"),
            (Some(_), true) => format!("https://{host}.cn-northwest-1.amazonaws.com.cn"),
            (None, false) => format!("https://{host}.{region}.amazonaws.com"),
            (None, true) => format!("https://{host}.{region}.amazonaws.com.cn"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_where_its_region_or_the_configuration_says() {
        let config = SdkConfig::builder().build();
        let endpoint = |service: &Service, region| service.endpoint(&config, region);
        assert_eq!(endpoint(&Service::DYNAMODB, "eu-west-1"), "https://dynamodb.eu-west-1.amazonaws.com");
        assert_eq!(
            endpoint(&Service::COGNITO, "cn-north-1"),
            "https://cognito-idp.cn-north-1.amazonaws.com.cn"
        );
        assert_eq!(endpoint(&Service::CLOUDFRONT, "eu-west-1"), "https://cloudfront.amazonaws.com");
        let config = config.into_builder().endpoint_url("http://127.0.0.1:4566/").build();
        assert_eq!(Service::CLOUDFRONT.endpoint(&config, "eu-west-1"), "http://127.0.0.1:4566");
        let config = SdkConfig::builder().use_fips(true).build();
        assert_eq!(
            Service::SECRETS.endpoint(&config, "us-west-2"),
            "https://secretsmanager-fips.us-west-2.amazonaws.com"
        );
    }

    #[test]
    fn cloudfront_checks_signatures_in_its_own_region() {
        assert_eq!(Service::CLOUDFRONT.region("eu-west-1"), "us-east-1");
        assert_eq!(Service::AMPLIFY.region("eu-west-1"), "eu-west-1");
    }
}
