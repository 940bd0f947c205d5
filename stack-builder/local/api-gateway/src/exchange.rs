//! One request under way, and the `$context` variables that tell of it.

use crate::grant::Grant;
use crate::{ids, time};
use http::request::Parts;
use serde_json::Value;
use stack_builder_local_core::{Caller, ResourceId, Trace};
use std::sync::Arc;

/// Clients are on this machine.
pub(crate) const SOURCE_IP: &str = "127.0.0.1";

/// What is the same for all requests of an API.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) resource: ResourceId,
    pub(crate) api_id: String,
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) region: String,
    /// `abc.execute-api.us-east-1.amazonaws.com`.
    pub(crate) domain: String,
}

impl Facts {
    /// ARN of a method or route, or of anything else after the API's id.
    pub(crate) fn arn(&self, rest: &str) -> String {
        format!("arn:aws:execute-api:{}:{}:{}/{rest}", self.region, self.account, self.api_id)
    }

    /// This API as the caller of a function.
    pub(crate) fn caller(&self, rest: &str) -> Caller {
        Caller::Service { name: "apigateway.amazonaws.com".to_owned(), source_arn: self.arn(rest) }
    }
}

/// How a request went wrong, for logs and templates.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failed {
    /// `$context.error.message`.
    pub(crate) message: Option<String>,
    /// `$context.error.responseType`.
    pub(crate) kind: Option<&'static str>,
    /// `$context.error.validationErrorString`.
    pub(crate) validation: Option<String>,
    /// `$context.authorizer.error`.
    pub(crate) authorizer: Option<String>,
    /// `$context.integrationErrorMessage`.
    pub(crate) integration: Option<String>,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) facts: Arc<Facts>,
    pub(crate) stage: Arc<str>,
    pub(crate) method: String,
    /// With the stage, as events and logs show it.
    pub(crate) path: String,
    pub(crate) protocol: &'static str,
    pub(crate) user_agent: Option<String>,
    pub(crate) request_id: String,
    pub(crate) extended_id: String,
    pub(crate) trace_id: String,
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    /// `GET /notes` of an HTTP API, `/item/{id}` of a REST API.
    pub(crate) route: String,
    pub(crate) resource_id: String,
    pub(crate) grant: Option<Grant>,
    /// Id and value of the API key.
    pub(crate) api_key: Option<(String, String)>,
    pub(crate) failed: Failed,
    /// Milliseconds that the integration took.
    pub(crate) latency: Option<u64>,
    pub(crate) trace: Trace,
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended {
    pub(crate) status: u16,
    /// Bytes of the body.
    pub(crate) length: u64,
    /// Milliseconds.
    pub(crate) took: u64,
}

impl Exchange {
    /// A request that has just arrived at `at`, milliseconds since 1970.
    pub(crate) fn begin(facts: Arc<Facts>, stage: Arc<str>, path: String, parts: &Parts, at: u64) -> Self {
        let header =
            |name: &str| parts.headers.get(name).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        let root = header("x-amzn-trace-id").filter(|id| id.starts_with("Root="));
        Self {
            facts,
            stage,
            method: parts.method.as_str().to_owned(),
            path,
            protocol: if parts.version == http::Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" },
            user_agent: header("user-agent"),
            request_id: ids::uuid(),
            extended_id: ids::extended(),
            trace_id: root.unwrap_or_else(|| ids::trace(at / 1000)),
            at,
            route: String::new(),
            resource_id: String::new(),
            grant: None,
            api_key: None,
            failed: Failed::default(),
            latency: None,
            trace: parts.extensions.get::<Trace>().cloned().unwrap_or_default(),
        }
    }

    /// The value of `$context.<name>`; `None` shows as `-` in logs and as nothing in templates.
    pub(crate) fn variable(&self, name: &str, ended: Option<Ended>) -> Option<String> {
        if let Some(name) = name.strip_prefix("authorizer.") {
            return self.of_authorizer(name);
        }
        if let Some(name) = name.strip_prefix("error.") {
            return self.of_error(name);
        }
        if let Some(name) = name.strip_prefix("identity.") {
            return self.of_identity(name);
        }
        self.of_request(name).or_else(|| self.of_answer(name, ended?)).filter(|value| !value.is_empty())
    }

    fn of_request(&self, name: &str) -> Option<String> {
        Some(match name {
            "accountId" => self.facts.account.clone(),
            "apiId" | "domainPrefix" => self.facts.api_id.clone(),
            "domainName" => self.facts.domain.clone(),
            "stage" => self.stage.to_string(),
            "httpMethod" => self.method.clone(),
            "path" => self.path.clone(),
            "protocol" => self.protocol.to_owned(),
            "requestId" | "awsEndpointRequestId" => self.request_id.clone(),
            "extendedRequestId" => self.extended_id.clone(),
            "xrayTraceId" => self.trace_id.trim_start_matches("Root=").to_owned(),
            "requestTime" => time::request_time(self.at),
            "requestTimeEpoch" => self.at.to_string(),
            "routeKey" | "resourcePath" => self.route.clone(),
            "resourceId" => self.resource_id.clone(),
            _ => return None,
        })
    }

    fn of_answer(&self, name: &str, ended: Ended) -> Option<String> {
        match name {
            "status" => Some(ended.status.to_string()),
            "responseLength" => Some(ended.length.to_string()),
            "responseLatency" => Some(ended.took.to_string()),
            "integrationLatency" | "integration.latency" => self.latency.map(|millis| millis.to_string()),
            "integrationErrorMessage" | "integration.error" => self.failed.integration.clone(),
            "integrationStatus" | "integration.integrationStatus" | "integration.status" => {
                self.latency.map(|_| "200".to_owned())
            }
            _ => None,
        }
    }

    fn of_authorizer(&self, name: &str) -> Option<String> {
        match name {
            "error" => self.failed.authorizer.clone(),
            _ => self.grant.as_ref()?.variable(name),
        }
    }

    fn of_error(&self, name: &str) -> Option<String> {
        match name {
            "message" => self.failed.message.clone(),
            "messageString" => {
                Some(self.failed.message.clone().map_or(Value::Null, Value::String).to_string())
            }
            "responseType" => self.failed.kind.map(str::to_owned),
            "validationErrorString" => self.failed.validation.clone(),
            _ => None,
        }
    }

    fn of_identity(&self, name: &str) -> Option<String> {
        match name {
            "sourceIp" => Some(SOURCE_IP.to_owned()),
            "userAgent" => self.user_agent.clone(),
            "apiKeyId" => self.api_key.as_ref().map(|(id, _)| id.clone()),
            "apiKey" => self.api_key.as_ref().map(|(_, value)| value.clone()),
            _ => None,
        }
    }
}
