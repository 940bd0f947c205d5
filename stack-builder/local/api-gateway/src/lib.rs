//! API Gateway on this machine: REST and HTTP APIs.
//!
//! [`Gateway::new`] reads the APIs of an application. Each is a service that answers as API Gateway does: it finds
//! the route, asks the authorizer, counts for throttles and quotas, validates, calls the function with the event that
//! AWS documents, and makes the answer. A deployment is a snapshot in AWS; here a stage always serves the template as
//! it is now.

mod access_log;
mod call;
mod exchange;
mod format;
mod gateway;
mod grant;
mod headers;
mod http_api;
mod ids;
mod lambda_authorizer;
mod limits;
mod notes;
mod pattern;
mod percent;
mod policy;
mod proxy_answer;
mod reply;
mod rest;
mod time;
mod token;
mod velocity;

pub use gateway::{ApiInfo, ApiKind, Gateway, RouteInfo};
pub use limits::Counters;

/// Types of resources that this crate runs.
pub const RUNS: &[&str] = &[
    "AWS::ApiGateway::Account",
    "AWS::ApiGateway::ApiKey",
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::Deployment",
    "AWS::ApiGateway::GatewayResponse",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Model",
    "AWS::ApiGateway::RequestValidator",
    "AWS::ApiGateway::Resource",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::ApiGateway::UsagePlan",
    "AWS::ApiGateway::UsagePlanKey",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
];

/// Bytes of a body, at most
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const BODY_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of all names and values of headers, at most.
const HEADER_LIMIT: usize = 10_240;
