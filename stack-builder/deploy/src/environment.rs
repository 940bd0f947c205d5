//! Where the engine acts: one account, one region, and the clients for it.

use crate::Error;
use crate::classify::innermost;
use crate::http_client::http_client;
use crate::partition::Partition;
use crate::service::Service;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::config::ProvideCredentials as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the first byte of an answer may take.
const READ: Duration = Duration::from_secs(30);
/// The same for S3, where the body of the request must have gone up before.
const READ_AFTER_UPLOAD: Duration = Duration::from_mins(10);
/// The same for the very first call, which tells whether anybody is there.
const READ_AT_FIRST: Duration = Duration::from_secs(10);
/// Variables that may name an endpoint; the SDK does not survive an empty one.
const ENDPOINTS: [&str; 13] = [
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_AMPLIFY",
    "AWS_ENDPOINT_URL_API_GATEWAY",
    "AWS_ENDPOINT_URL_CLOUDFORMATION",
    "AWS_ENDPOINT_URL_CLOUDFRONT",
    "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_STS",
];
/// Calls before the engine gives up; polling meets throttling now and then.
const ATTEMPTS: u32 = 5;

/// What overrides the ordinary AWS environment (variables, profile files, container and instance roles).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentOptions {
    /// The region; from `AWS_REGION` or the profile when absent.
    pub region: Option<String>,
    /// The profile; from `AWS_PROFILE` or `default` when absent.
    pub profile: Option<String>,
}

/// A resolved account and region. Cheap to clone.
#[derive(Clone)]
pub struct Environment {
    /// The account's twelve digits.
    pub account: String,
    /// The region, such as `eu-central-1`.
    pub region: String,
    /// What every client here is made of; its cache of credentials is shared.
    pub(crate) config: Arc<SdkConfig>,
    pub(crate) cloudformation: aws_sdk_cloudformation::Client,
    pub(crate) logs: aws_sdk_cloudwatchlogs::Client,
    pub(crate) s3: aws_sdk_s3::Client,
}

impl Environment {
    /// Resolves region, credentials and account; one call, `sts:GetCallerIdentity`.
    ///
    /// `AWS_ENDPOINT_URL` is honoured; when its host is `localhost` or an IP address, buckets go into the path.
    ///
    /// # Errors
    /// When no region or no credentials can be found, or the call fails.
    pub async fn load(options: EnvironmentOptions) -> Result<Self, Error> {
        refuse_empty_endpoints()?;
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
        if let Some(region) = options.region.or_else(region_beside_an_empty_one) {
            loader = loader.region(Region::new(region));
        }
        if let Some(profile) = &options.profile {
            // Whoever names a profile means it, whatever keys the environment holds.
            let named = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
            loader = loader.profile_name(profile).credentials_provider(named);
        }
        let profile = options.profile.or_else(|| std::env::var("AWS_PROFILE").ok());
        Self::from_config(&loader.load().await).await.map_err(|error| name_profile(error, profile))
    }

    /// The same from a configuration that has been loaded.
    ///
    /// # Errors
    /// See [`Environment::load`].
    pub async fn from_config(config: &SdkConfig) -> Result<Self, Error> {
        let region = config.region().map(ToString::to_string).filter(|region| !region.is_empty());
        let region = region.ok_or(Error::NoRegion)?;
        credentials(config).await?;
        let mut builder = config
            .to_builder()
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(READ).build());
        builder.set_http_client(config.http_client().or_else(http_client));
        let mut environment = Self::with(builder.build(), String::new(), region);
        environment.account = environment.caller().await?;
        Ok(environment)
    }

    /// The account at `endpoint`, such as a server on this machine, in `region` and with these keys.
    ///
    /// No call, and nothing else is looked at: no variable, no profile. Every service is asked at this one endpoint.
    pub fn at(endpoint: &str, account: &str, region: &str, access_key: &str, secret_key: &str) -> Self {
        let keys = Credentials::new(access_key, secret_key, None, None, "given");
        let mut builder = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .endpoint_url(endpoint)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(READ).build());
        builder.set_http_client(http_client());
        Self::with(builder.build(), account.to_owned(), region.to_owned())
    }

    /// The same account and credentials in another region; no call.
    pub fn in_region(&self, region: &str) -> Self {
        let config = self.config.to_builder().region(Region::new(region.to_owned())).build();
        Self::with(config, self.account.clone(), region.to_owned())
    }

    fn with(config: SdkConfig, account: String, region: String) -> Self {
        Self {
            account,
            region,
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            s3: s3_client(&config),
            config: Arc::new(config),
        }
    }

    /// The asset bucket of this account and region.
    pub fn asset_bucket(&self) -> String {
        stack_builder_assembly::asset_bucket_name(&self.account, &self.region)
    }

    async fn caller(&self) -> Result<String, Error> {
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(READ_AT_FIRST);
        let config = aws_sdk_sts::config::Builder::from(&*self.config)
            .timeout_config(timeouts.build())
            .retry_config(RetryConfig::standard().with_max_attempts(2));
        let sts = aws_sdk_sts::Client::from_conf(config.build());
        let identity =
            sts.get_caller_identity().send().await.map_err(self.failed("sts:GetCallerIdentity"))?;
        let account = identity.account.unwrap_or_default();
        if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(account);
        }
        let action = "sts:GetCallerIdentity";
        let detail = format!("{account:?} is no account");
        Err(Error::NotAws { endpoint: self.endpoint_of(action), action, detail })
    }

    /// Where calls of `action` go, for a message.
    pub(crate) fn endpoint_of(&self, action: &str) -> String {
        let service = action.split(':').next().unwrap_or(action);
        self.config
            .endpoint_url()
            .map_or_else(|| format!("{service} in {}", self.region), |endpoint| format!("`{endpoint}`"))
    }

    /// The bucket's URL of `key`, for CloudFormation to fetch.
    pub(crate) fn object_url(&self, bucket: &str, key: &str) -> String {
        if let Some(endpoint) = Service::S3.configured(&self.config) {
            return format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/'));
        }
        let domain = Partition::of(&self.region).domain;
        format!("https://{bucket}.s3.{}.{domain}/{key}", self.region)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({} {})", self.account, self.region)
    }
}

/// A profile that was asked for is the likely culprit.
fn name_profile(error: Error, profile: Option<String>) -> Error {
    match (error, profile) {
        (Error::NoCredentials { detail }, Some(profile)) => {
            Error::NoCredentials { detail: format!("{detail} (profile `{profile}`)") }
        }
        (error, _) => error,
    }
}

/// The SDK takes `AWS_REGION` for the region even if it is empty, and looks no further.
fn region_beside_an_empty_one() -> Option<String> {
    std::env::var("AWS_REGION").ok().filter(String::is_empty)?;
    std::env::var("AWS_DEFAULT_REGION").ok().filter(|region| !region.is_empty())
}

fn refuse_empty_endpoints() -> Result<(), Error> {
    let empty = |variable: &&str| std::env::var_os(variable).is_some_and(|value| value.is_empty());
    match ENDPOINTS.into_iter().find(|variable| empty(variable)) {
        Some(variable) => Err(Error::EmptyEndpoint { variable }),
        None => Ok(()),
    }
}

async fn credentials(config: &SdkConfig) -> Result<(), Error> {
    let absent = |detail: String| Error::NoCredentials { detail };
    let provider =
        config.credentials_provider().ok_or_else(|| absent("no source is configured".to_owned()))?;
    match provider.provide_credentials().await {
        Ok(_) => Ok(()),
        Err(CredentialsError::CredentialsNotLoaded(_)) => {
            Err(absent("none in the environment, the profile files, or a role of this machine".to_owned()))
        }
        Err(error) => Err(absent(innermost(&error))),
    }
}

fn s3_client(config: &SdkConfig) -> aws_sdk_s3::Client {
    let by_path = Service::S3.configured(config).is_some_and(|endpoint| has_no_subdomains(&endpoint));
    let config = aws_sdk_s3::config::Builder::from(config).timeout_config(upload_timeouts());
    aws_sdk_s3::Client::from_conf(config.force_path_style(by_path).build())
}

/// For calls that carry whole files.
pub(crate) fn upload_timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).read_timeout(READ_AFTER_UPLOAD).build()
}

/// Whether the URL's host cannot carry a bucket's name before it.
fn has_no_subdomains(url: &str) -> bool {
    let authority = url.split("://").last().and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _port)| host);
    host == "localhost" || host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_endpoint_is_for_every_service() {
        let environment =
            Environment::at("http://127.0.0.1:4000", "000000000000", "eu-west-1", "local", "local");
        let elsewhere = environment.in_region("us-east-1");
        assert_eq!((&*elsewhere.account, &*elsewhere.region), ("000000000000", "us-east-1"));
        for service in [&Service::CLOUDFRONT, &Service::DYNAMODB, &Service::S3] {
            assert_eq!(service.endpoint(&elsewhere.config, &elsewhere.region), "http://127.0.0.1:4000");
        }
    }

    #[test]
    fn only_a_real_domain_name_takes_a_bucket_before_it() {
        for url in ["http://127.0.0.1:4566", "http://localhost:4566/", "https://localhost", "http://[::1]:80"]
        {
            assert!(has_no_subdomains(url), "{url}");
        }
        for url in ["https://s3.eu-west-1.amazonaws.com", "http://minio.example:9000/"] {
            assert!(!has_no_subdomains(url), "{url}");
        }
    }
}
