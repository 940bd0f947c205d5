//! Who may call an API: the bearers of a token.

use stack_builder_cfn::{IntoValue, Value};

/// Checks the JSON web token of a request.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
#[derive(Clone, Debug)]
pub struct JwtAuthorizer {
    pub(super) issuer: Value<String>,
    pub(super) audience: Vec<Value<String>>,
}

impl JwtAuthorizer {
    /// Accepts tokens of `issuer`, an `https` address.
    pub fn new(issuer: impl IntoValue<String>) -> Self {
        Self { issuer: issuer.into_value(), audience: Vec::new() }
    }

    /// Accepts those made for `audience` only, and for others given this way.
    pub fn audience(mut self, audience: impl IntoValue<String>) -> Self {
        self.audience.push(audience.into_value());
        self
    }
}
