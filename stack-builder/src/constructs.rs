//! The constructs: what an application is made of, secure unless said otherwise.
//!
//! Builder methods configure a construct; methods of its handle serve others. Each construct's `l1` method reaches
//! its main CloudFormation resource, for whatever has no method here. Those beside it (a role, a stage, a policy) are
//! reached through `scope.template_mut().resource_mut(…)` by their logical id, such as `ApiStage`.

mod access_log;
mod alias_record;
mod amplify_app;
mod amplify_build;
mod amplify_role;
mod behaviour;
mod bucket;
mod certificate;
mod cognito_authorizer;
mod cors;
mod distribution;
mod domain;
mod edge_function;
mod edge_limits;
mod edge_role;
mod function;
mod global_name;
mod http_api;
mod jwt_authorizer;
mod log_group;
mod origin;
mod protection;
mod reserved_variables;
mod response_headers;
mod rest_api;
mod route_code;
mod route_path;
mod route_table;
mod routes;
mod secret;
mod static_site;
mod static_site_build;
mod static_site_logs;
mod table;
mod usage_plan;
mod user_pool;
mod user_pool_client;
mod user_pool_domain;

pub use amplify_app::{AmplifyApp, AmplifyAppRef};
pub use behaviour::EdgeEvent;
pub use bucket::{Bucket, BucketRef};
pub use certificate::{Certificate, CertificateRef};
pub use cognito_authorizer::CognitoAuthorizer;
pub use cors::Cors;
pub use distribution::{PriceClass, TlsFloor};
pub use domain::{Domain, HostedZone};
pub use edge_function::{EdgeFunction, EdgeFunctionRef};
pub use function::{Function, FunctionRef};
pub use http_api::{HttpApi, HttpApiRef};
pub use jwt_authorizer::JwtAuthorizer;
pub use origin::Origin;
pub use rest_api::{RestApi, RestApiRef};
pub use route_table::RouteTable;
pub use routes::{Route, delete, get, patch, post, put};
pub use secret::{Secret, SecretRef};
pub use static_site::{StaticSite, StaticSiteRef};
pub use table::{Table, TableKey, TableRef};
pub use usage_plan::UsagePlan;
pub use user_pool::{SignIn, UserPool, UserPoolRef};
pub use user_pool_client::{UserPoolClient, UserPoolClientRef};
pub use user_pool_domain::{UserPoolDomain, UserPoolDomainRef};

/// Days for which logs are kept unless a construct is told otherwise.
pub const LOG_RETENTION_DAYS: u32 = 30;
