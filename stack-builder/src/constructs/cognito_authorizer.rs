//! Who may call a REST API: the users of a pool.

use super::user_pool::UserPoolRef;
use stack_builder_cfn::Value;

/// Checks that a request bears a token of a Cognito user pool in its `Authorization` header.
///
/// It takes id tokens; once it asks for a scope, access tokens with that scope instead.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html>
#[derive(Clone, Debug)]
pub struct CognitoAuthorizer {
    pub(super) pools: Vec<Value<String>>,
    pub(super) scopes: Vec<String>,
}

impl CognitoAuthorizer {
    /// Accepts the tokens of `pool`, whichever of its applications they were made for.
    pub fn new(pool: &UserPoolRef) -> Self {
        Self { pools: vec![pool.arn()], scopes: Vec::new() }
    }

    /// Accepts those of `pool` too.
    pub fn or(mut self, pool: &UserPoolRef) -> Self {
        self.pools.push(pool.arn());
        self
    }

    /// Accepts access tokens with `scope` only, or with another given this way.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scopes.push(scope.to_owned());
        self
    }
}
