//! Cognito user pools.

use super::cognito_authorizer::CognitoAuthorizer;
use super::jwt_authorizer::JwtAuthorizer;
use super::protection;
use super::user_pool_client::{UserPoolClient, UserPoolClientRef};
use super::user_pool_domain::UserPoolDomain;
use crate::construct::Construct;
use crate::scope::Scope;
use stack_builder_cfn::cognito::{self, user_pool as nested};
use stack_builder_cfn::{Attributes, IntoValue, RemovalPolicy, Value, intrinsic, pseudo};

/// Characters that a password needs at least.
const PASSWORD_LENGTH: u32 = 12;

/// By what a user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignIn {
    /// An e-mail address, verified by a code.
    Email,
}

/// A Cognito user pool into which users sign themselves up.
///
/// Passwords have at least 12 characters with lower case, upper case and digits. The pool stays when it leaves the
/// stack unless [`removal_policy`](Self::removal_policy) says otherwise.
#[must_use = "a construct does nothing until it is added"]
pub struct UserPool {
    l1: cognito::UserPool,
}

impl UserPool {
    /// A pool whose users sign in by `sign_in`.
    #[track_caller]
    pub fn sign_in_with(sign_in: SignIn) -> Self {
        let SignIn::Email = sign_in;
        let l1 = cognito::UserPool::new()
            .username_attributes([nested::UsernameAttribute::Email])
            .auto_verified_attributes([nested::AutoVerifiedAttribute::Email])
            .username_configuration_with(|username| username.case_sensitive(false))
            .account_recovery_setting_with(|setting| {
                setting.add_recovery_mechanisms(|option| option.name(nested::Name::VerifiedEmail).priority(1))
            })
            .policies_with(|policies| {
                policies.password_policy_with(|policy| {
                    policy
                        .minimum_length(PASSWORD_LENGTH)
                        .require_lowercase(true)
                        .require_uppercase(true)
                        .require_numbers(true)
                        .require_symbols(false)
                })
            })
            .removal_policy(RemovalPolicy::RetainExceptOnCreate);
        Self { l1 }
    }

    /// Refuses deletion, also by people and by the rollback of its own creation, until this is lifted.
    #[track_caller]
    pub fn deletion_protection(mut self) -> Self {
        self.l1 = self.l1.deletion_protection(nested::DeletionProtection::Active);
        self
    }

    /// What becomes of the pool and its users when it leaves the stack: it stays, unless said otherwise or its very
    /// creation fails.
    #[track_caller]
    pub fn removal_policy(mut self, policy: RemovalPolicy) -> Self {
        self.l1 = self.l1.removal_policy(policy);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(cognito::UserPool) -> cognito::UserPool) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Construct for UserPool {
    type Handle = UserPoolRef;

    fn build(self, scope: &mut Scope) -> UserPoolRef {
        let l1 = scope.resource(protection::kept(self.l1, "DeletionProtection"));
        UserPoolRef { id: l1.reference(), arn: l1.arn() }
    }
}

/// A handle on a user pool.
#[derive(Clone, Debug)]
pub struct UserPoolRef {
    id: Value<String>,
    arn: Value<String>,
}

impl UserPoolRef {
    /// A pool of this account and region that something else made.
    pub fn from_id(id: impl IntoValue<String>) -> Self {
        let id = id.into_value();
        let arn = intrinsic::sub(
            "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${id}",
            [("id", id.clone())],
        );
        Self { id, arn }
    }

    /// Its id, `<region>_<letters and digits>`.
    pub fn id(&self) -> Value<String> {
        self.id.clone()
    }

    /// Its ARN.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }

    /// The issuer of its tokens: `https://cognito-idp.<region>.amazonaws.com/<id>`.
    ///
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html>
    pub fn issuer(&self) -> Value<String> {
        intrinsic::sub(
            "https://cognito-idp.${region}.${suffix}/${pool}",
            [("region", pseudo::region()), ("suffix", pseudo::url_suffix()), ("pool", self.id())],
        )
    }

    /// An application of the pool, without a secret, for a browser.
    #[track_caller]
    pub fn client(&self) -> UserPoolClient {
        UserPoolClient::of(self)
    }

    /// The domain of the pool's hosted sign-in pages.
    #[track_caller]
    pub fn domain(&self) -> UserPoolDomain {
        UserPoolDomain::of(self)
    }

    /// Accepts the pool's tokens on a [`RestApi`](super::RestApi).
    pub fn cognito_authorizer(&self) -> CognitoAuthorizer {
        CognitoAuthorizer::new(self)
    }

    /// Accepts the tokens that the pool issued to `client` on an [`HttpApi`](super::HttpApi).
    pub fn authorizer(&self, client: &UserPoolClientRef) -> JwtAuthorizer {
        JwtAuthorizer::new(self.issuer()).audience(client.id())
    }
}
