//! API Gateway as its clients and the functions behind it see it.

mod golden;
mod hostile;
mod http_api;
mod rest_api;
mod rest_rules;
mod support;
mod templates;
mod tokens;
