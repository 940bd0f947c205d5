//! Answers that a REST API gives itself, as the template words them.

use crate::exchange::Exchange;
use crate::format::Format;
use crate::headers;
use crate::notes::whole;
use crate::reply::Reply;
use http::HeaderMap;
use serde_json::Value;
use std::collections::HashMap;

/// A kind of answer: name, status, message, error type. A status of an integration that fails is 504 by the list of
/// [types](https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html); a
/// failed function gives 502 and a refused call 500
/// ([errors](https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html)).
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    status: u16,
    message: Option<&'static str>,
    error: &'static str,
}

const fn kind(name: &'static str, status: u16, message: &'static str, error: &'static str) -> Kind {
    Kind { name, status, message: Some(message), error }
}

pub(crate) const MISSING_TOKEN: &Kind = &kind(
    "MISSING_AUTHENTICATION_TOKEN",
    403,
    "Missing Authentication Token",
    "MissingAuthenticationTokenException",
);
pub(crate) const UNAUTHORIZED: &Kind = &kind("UNAUTHORIZED", 401, "Unauthorized", "UnauthorizedException");
pub(crate) const ACCESS_DENIED: &Kind =
    &kind("ACCESS_DENIED", 403, "User is not authorized to access this resource", "AccessDeniedException");
pub(crate) const INVALID_API_KEY: &Kind = &kind("INVALID_API_KEY", 403, "Forbidden", "ForbiddenException");
pub(crate) const THROTTLED: &Kind = &kind("THROTTLED", 429, "Too Many Requests", "TooManyRequestsException");
pub(crate) const QUOTA: &Kind = &kind("QUOTA_EXCEEDED", 429, "Limit Exceeded", "LimitExceededException");
pub(crate) const TOO_LARGE: &Kind =
    &kind("REQUEST_TOO_LARGE", 413, "Request Too Long", "RequestTooLongException");
pub(crate) const BAD_BODY: &Kind =
    &kind("BAD_REQUEST_BODY", 400, "Invalid request body", "BadRequestException");
pub(crate) const BAD_PARAMETERS: &Kind =
    &kind("BAD_REQUEST_PARAMETERS", 400, "Missing required request parameters", "BadRequestException");
pub(crate) const MEDIA_TYPE: &Kind =
    &kind("UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported Media Type", "UnsupportedMediaTypeException");
pub(crate) const CONFIGURATION: &Kind =
    &kind("API_CONFIGURATION_ERROR", 500, "Internal server error", "InternalServerErrorException");
pub(crate) const FAILED: &Kind =
    &kind("INTEGRATION_FAILURE", 502, "Internal server error", "InternalServerErrorException");
pub(crate) const REJECTED: &Kind =
    &kind("INTEGRATION_FAILURE", 500, "Internal server error", "InternalServerErrorException");
pub(crate) const LATE: &Kind =
    &kind("INTEGRATION_TIMEOUT", 504, "Endpoint request timed out", "InternalServerErrorException");
/// Its message is null.
pub(crate) const AUTHORIZER: &Kind = &Kind {
    name: "AUTHORIZER_CONFIGURATION_ERROR",
    status: 500,
    message: None,
    error: "AuthorizerConfigurationException",
};

/// An answer on its way.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) kind: &'static Kind,
    pub(crate) message: Option<String>,
    /// `$context.error.validationErrorString`.
    pub(crate) validation: Option<String>,
    /// For the trace.
    pub(crate) why: String,
}

impl Refused {
    /// An answer with the message of its kind.
    pub(crate) fn new(kind: &'static Kind, why: impl Into<String>) -> Self {
        Self { kind, message: kind.message.map(str::to_owned), validation: None, why: why.into() }
    }

    /// With another message.
    pub(crate) fn saying(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

/// One `AWS::ApiGateway::GatewayResponse`.
#[derive(Clone, Debug)]
struct Custom {
    status: Option<u16>,
    /// Names, and values as parameters are written.
    headers: Vec<(String, String)>,
    /// By content type.
    templates: Vec<(String, Format)>,
}

/// All of an API.
#[derive(Clone, Debug, Default)]
pub(crate) struct GatewayResponses(HashMap<String, Custom>);

impl GatewayResponses {
    /// Takes one in.
    pub(crate) fn add(&mut self, properties: &Value) {
        let pairs = |name: &str| properties[name].as_object().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let header = |(name, value): (&String, &Value)| {
            Some((name.strip_prefix("gatewayresponse.header.")?.to_owned(), text(value)))
        };
        let custom = Custom {
            status: whole(&properties["StatusCode"]).and_then(|status| u16::try_from(status).ok()),
            headers: pairs("ResponseParameters").filter_map(header).collect(),
            templates: pairs("ResponseTemplates")
                .map(|(kind, t)| (kind.clone(), Format::parse(&text(t))))
                .collect(),
        };
        self.0.insert(text(&properties["ResponseType"]), custom);
    }

    /// The answer as it is sent.
    pub(crate) fn answer(&self, refused: &Refused, on: &Exchange, request: &HeaderMap) -> Reply {
        let kind = refused.kind;
        let default = if kind.status < 500 { "DEFAULT_4XX" } else { "DEFAULT_5XX" };
        let custom = self.0.get(kind.name).or_else(|| self.0.get(default));
        let status = custom.and_then(|custom| custom.status).unwrap_or(kind.status);
        let template = custom.and_then(|custom| custom.template(request));
        let mut reply = match template {
            Some((content_type, format)) => {
                let body = format.render("", |name| on.variable(name, None));
                let mut reply = Reply::json(status, body);
                reply.set("content-type", content_type);
                reply
            }
            None => Reply::json(status, body(refused)),
        };
        reply.set("x-amzn-errortype", kind.error);
        for (name, value) in custom.into_iter().flat_map(|custom| &custom.headers) {
            if let Some(value) = parameter(value, on, request) {
                reply.set(name, &value);
            }
        }
        reply
    }
}

impl Custom {
    fn template(&self, request: &HeaderMap) -> Option<(&str, &Format)> {
        let accept = headers::last(request, "accept").unwrap_or_default();
        let of = |kind: &str| self.templates.iter().find(|(name, _)| name == kind);
        let wanted = accept.split([',', ';']).find_map(|kind| of(kind.trim()));
        let found = wanted.or_else(|| of("application/json")).or_else(|| self.templates.first());
        found.map(|(name, format)| (name.as_str(), format))
    }
}

/// AWS writes some of its bodies with a space.
fn body(refused: &Refused) -> String {
    let message = refused.message.clone().map_or(Value::Null, Value::String);
    match refused.kind.name {
        "ACCESS_DENIED" => format!("{{\"Message\":{message}}}"),
        "BAD_REQUEST_BODY"
        | "BAD_REQUEST_PARAMETERS"
        | "INTEGRATION_FAILURE"
        | "INTEGRATION_TIMEOUT"
        | "API_CONFIGURATION_ERROR" => format!("{{\"message\": {message}}}"),
        _ => format!("{{\"message\":{message}}}"),
    }
}

/// A static value stands in quotes; others come from the request.
pub(crate) fn parameter(value: &str, on: &Exchange, request: &HeaderMap) -> Option<String> {
    if let Some(text) = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return Some(text.to_owned());
    }
    if let Some(name) = value.strip_prefix("context.") {
        return on.variable(name, None);
    }
    headers::last(request, &value.strip_prefix("method.request.header.")?.to_lowercase())
}
