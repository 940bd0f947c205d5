//! Calls of services of which the engine needs so few that their generated clients would cost more than they give.
//!
//! The clients of CloudFront, Cognito, DynamoDB, Amplify and Secrets Manager take 117 seconds of CPU to build, for a
//! dozen calls in all. What carries those calls here is what carries the generated ones: the SDK's own runtime, with
//! its credentials, signatures, connections, timeouts and retries. Only the bodies are written by hand.

mod refusal;

use crate::environment::upload_timeouts;
use crate::service::Service;
use crate::{Environment, Error};
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{ServiceClockSkewClassifier, ServiceClockSkewInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::{Operation, OperationBuilder};
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::{SdkConfig, SigningName};
use serde_json::Value;
use std::fmt;

/// Who calls, as the services like to know.
const USER_AGENT: &str = concat!("stack-builder/", env!("CARGO_PKG_VERSION"));

/// One request.
pub(crate) struct Call {
    /// As IAM names it: `dynamodb:BatchWriteItem`.
    pub(crate) action: &'static str,
    method: &'static str,
    /// With its query, percent-encoded.
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl fmt::Debug for Call {
    /// Without the body, which may hold a password, and the query, which may hold a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        write!(f, "Call({} {} {path})", self.action, self.method)
    }
}

impl Call {
    /// A request of a REST API.
    pub(crate) fn new(action: &'static str, method: &'static str, path: impl Into<String>) -> Self {
        Self { action, method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// A request of an API that names its operation in the header `x-amz-target`.
    pub(crate) fn target(action: &'static str, prefix: &str, version: &str, body: &Value) -> Self {
        let operation = action.rsplit(':').next().unwrap_or(action);
        let call = Self::new(action, "POST", "/").header("x-amz-target", format!("{prefix}.{operation}"));
        call.body(&format!("application/x-amz-json-{version}"), body.to_string().into_bytes())
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }

    fn request(self) -> Result<HttpRequest, BoxError> {
        let length = self.body.len();
        let mut request = HttpRequest::new(SdkBody::from(self.body));
        request.set_method(self.method)?;
        request.set_uri(self.path)?;
        request.headers_mut().insert("user-agent", USER_AGENT);
        if length > 0 {
            request.headers_mut().insert("content-length", length.to_string());
        }
        for (name, value) in self.headers {
            request.headers_mut().try_insert(name, value)?;
        }
        Ok(request)
    }
}

impl Environment {
    /// Makes `call` of `service`, signed; retried as every other.
    pub(crate) async fn call(&self, service: &Service, call: Call) -> Result<Vec<u8>, Error> {
        let config = &self.config;
        let signature = signature(config, service.name, service.region(&self.region));
        let endpoint = service.endpoint(config, &self.region);
        let operation = operation(config, &endpoint, &call).runtime_plugin(signature);
        self.send(operation, call).await.map_err(|error| named(error, &endpoint))
    }

    /// The same, where the answer is JSON; an empty one is `null`.
    pub(crate) async fn call_json(&self, service: &Service, call: Call) -> Result<Value, Error> {
        let action = call.action;
        let answer = self.call(service, call).await?;
        if answer.is_empty() {
            return Ok(Value::Null);
        }
        let endpoint = service.endpoint(&self.config, &self.region);
        let not_aws = |error: serde_json::Error| named(self.not_aws(action, &error.to_string()), &endpoint);
        serde_json::from_slice(&answer).map_err(not_aws)
    }

    /// Uploads with `call` to the server at `origin` (`https://host`), unsigned: the path carries a signature already.
    pub(crate) async fn upload_presigned(&self, origin: &str, call: Call) -> Result<(), Error> {
        let operation = operation(&self.config, origin, &call).timeout_config(upload_timeouts()).no_auth();
        self.send(operation, call).await.map(drop).map_err(|error| named(error, origin))
    }

    async fn send(&self, operation: OperationBuilder, call: Call) -> Result<Vec<u8>, Error> {
        let action = call.action;
        let operation: Operation<Call, Vec<u8>, ErrorMetadata> =
            operation.serializer(Call::request).deserializer(read).build();
        // The SDK's futures are large; boxed, those of the callers stay small.
        Box::pin(operation.invoke(call)).await.map_err(self.failed(action))
    }
}

/// Each service can have an endpoint of its own, which only its caller knows.
fn named(error: Error, endpoint: &str) -> Error {
    let endpoint = format!("`{endpoint}`");
    match error {
        Error::Unreachable { action, detail, .. } => Error::Unreachable { endpoint, action, detail },
        Error::NotAws { action, detail, .. } => Error::NotAws { endpoint, action, detail },
        error => error,
    }
}

fn operation(config: &SdkConfig, endpoint: &str, call: &Call) -> OperationBuilder {
    let (service, name) = call.action.split_once(':').unwrap_or((call.action, call.action));
    let retries = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
    let timeouts = config.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled);
    let mut operation = Operation::builder()
        .service_name(service)
        .operation_name(name)
        .endpoint_url(endpoint)
        .standard_retry(&retries)
        .retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
        .retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
        .retry_classifier(HttpStatusCodeClassifier::default())
        // The clock of this machine may be wrong, as long as an answer tells by how much.
        .retry_classifier(ServiceClockSkewClassifier::<ErrorMetadata>::new())
        .interceptor(ServiceClockSkewInterceptor::new())
        .timeout_config(timeouts)
        .with_connection_poisoning();
    if let Some(version) = config.behavior_version() {
        operation = operation.behavior_version(version);
    }
    if let Some(client) = config.http_client() {
        operation = operation.http_client(client);
    }
    operation
}

fn signature(config: &SdkConfig, name: &'static str, region: String) -> StaticRuntimePlugin {
    let mut layer = Layer::new("signature");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig {
        region: Some(aws_types::region::Region::new(region).into()),
        region_set: None,
        name: Some(SigningName::from_static(name)),
        signing_options: SigningOptions::default(),
    });
    let mut components = RuntimeComponentsBuilder::new("signature")
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])))
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_identity_cache(config.identity_cache());
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

fn read(response: &HttpResponse) -> Result<Vec<u8>, OrchestratorError<ErrorMetadata>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return Ok(body.to_vec());
    }
    let kind = response.headers().get("x-amzn-errortype");
    Err(OrchestratorError::operation(refusal::read(kind, body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_password_nor_a_signature_is_shown() {
        let call = Call::new("s3:PutObject", "PUT", "/zips/7?X-Amz-Signature=s3cr3t");
        let call = call.body("application/json", b"{\"Password\": \"makeitso\"}".to_vec());
        assert_eq!(format!("{call:?}"), "Call(s3:PutObject PUT /zips/7)");
    }
}
