//! Applications of a user pool.

use super::user_pool::UserPoolRef;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_cfn::cognito::{self, user_pool_client as nested};
use stack_builder_cfn::{IntoValue, List, Value};

/// An application of a user pool, without a secret: for a browser or a telephone, which cannot keep one.
///
/// Users sign in by SRP or through the hosted pages; access and id tokens are good for 60 minutes, refresh tokens
/// for 5 days and can be revoked, and an attempt to sign in does not tell whether the user exists.
#[must_use = "a construct does nothing until it is added"]
pub struct UserPoolClient {
    l1: cognito::UserPoolClient,
}

impl UserPoolClient {
    #[track_caller]
    pub(super) fn of(pool: &UserPoolRef) -> Self {
        let l1 = cognito::UserPoolClient::new()
            .user_pool_id(pool.id())
            .generate_secret(false)
            .prevent_user_existence_errors(nested::PreventUserExistenceErrors::Enabled)
            .enable_token_revocation(true)
            .supported_identity_providers(["COGNITO"])
            .explicit_auth_flows([
                nested::ExplicitAuthFlow::AllowUserSrpAuth,
                nested::ExplicitAuthFlow::AllowRefreshTokenAuth,
            ])
            .auth_session_validity(3)
            .access_token_validity(60)
            .id_token_validity(60)
            .refresh_token_validity(5)
            .token_validity_units_with(|units| {
                units
                    .access_token(nested::AccessToken::Minutes)
                    .id_token(nested::IdToken::Minutes)
                    .refresh_token(nested::RefreshToken::Days)
            });
        Self { l1 }
    }

    /// Lets users sign in through the hosted pages, which answer a page in `callbacks` with an authorization code,
    /// and one in `logouts` after signing out. The page gets the scopes `email`, `openid` and `profile`.
    ///
    /// Addresses need HTTPS, but for `http://localhost`.
    #[track_caller]
    pub fn hosted_sign_in(
        mut self,
        callbacks: impl IntoValue<List<String>>,
        logouts: impl IntoValue<List<String>>,
    ) -> Self {
        self.l1 = self
            .l1
            .allowed_oauth_flows_user_pool_client(true)
            .allowed_oauth_flows([nested::AllowedOAuthFlow::Code])
            .allowed_oauth_scopes(["email", "openid", "profile"])
            .callback_urls(callbacks)
            .logout_urls(logouts);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(cognito::UserPoolClient) -> cognito::UserPoolClient) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Construct for UserPoolClient {
    type Handle = UserPoolClientRef;

    fn build(self, scope: &mut Scope) -> UserPoolClientRef {
        UserPoolClientRef { id: scope.resource(self.l1).reference() }
    }
}

/// A handle on an application of a user pool.
#[derive(Clone, Debug)]
pub struct UserPoolClientRef {
    id: Value<String>,
}

impl UserPoolClientRef {
    /// Its id, which is public.
    pub fn id(&self) -> Value<String> {
        self.id.clone()
    }
}
