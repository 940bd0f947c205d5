//! Calls of people without a session: signing up, confirming, a forgotten password, revoking.

use super::{ClientCall, Handlers};
use crate::accounts::{self, Newcomer};
use crate::errors::{Result, not_authorized};
use crate::input::bounded;
use crate::random::same;
use crate::token;
use serde_json::{Value, json};
use stack_builder_local_core::ApiError;

pub(super) const HANDLERS: Handlers<ClientCall> = &[
    ("SignUp", sign_up),
    ("ConfirmSignUp", confirm_sign_up),
    ("ResendConfirmationCode", resend),
    ("ForgotPassword", forgot),
    ("ConfirmForgotPassword", confirm_forgot),
    ("RevokeToken", revoke),
    ("GetTokensFromRefreshToken", renew),
];

impl ClientCall {
    /// The user's name, with the hash that proves the client's secret checked.
    fn proved_username(&self) -> Result<&str> {
        let name = self.input.username()?;
        let secret = self.pool.secret(&self.client)?;
        self.client.check_hash(secret.as_deref(), name, self.input.optional("SecretHash"))?;
        Ok(name)
    }

    fn code(&self) -> Result<&str> {
        bounded("confirmationCode", self.input.required("ConfirmationCode")?, 2048)
    }

    /// Checks the secret itself, which some calls carry.
    fn check_secret(&self) -> Result<()> {
        let given = self.input.optional("ClientSecret");
        match self.pool.secret(&self.client)? {
            None => Ok(()),
            Some(secret) if given.is_some_and(|given| same(given.as_bytes(), secret.as_bytes())) => Ok(()),
            Some(_) => Err(not_authorized(format!("Unable to verify secret for client {}", self.client.id))),
        }
    }
}

fn sign_up(call: &ClientCall) -> Result<Value> {
    let name = call.proved_username()?;
    let attributes = call.input.attributes("UserAttributes")?;
    let newcomer = Newcomer { name, attributes, by_admin: false };
    let (user, delivery) =
        accounts::sign_up(&call.pool, &call.client, newcomer, call.input.password("Password")?)?;
    let mut answer = json!({ "UserConfirmed": false, "UserSub": user.sub });
    if let Some(delivery) = delivery {
        answer["CodeDeliveryDetails"] = delivery.shape();
    }
    Ok(answer)
}

fn confirm_sign_up(call: &ClientCall) -> Result<Value> {
    let takes_alias = call.input.flag("ForceAliasCreation");
    accounts::confirm(&call.pool, &call.client, call.proved_username()?, call.code()?, takes_alias)?;
    Ok(json!({}))
}

fn resend(call: &ClientCall) -> Result<Value> {
    let delivery = accounts::resend(&call.pool, &call.client, call.proved_username()?)?;
    Ok(json!({ "CodeDeliveryDetails": delivery.shape() }))
}

fn forgot(call: &ClientCall) -> Result<Value> {
    let delivery = accounts::forgot(&call.pool, &call.client, call.proved_username()?)?;
    Ok(json!({ "CodeDeliveryDetails": delivery.shape() }))
}

fn confirm_forgot(call: &ClientCall) -> Result<Value> {
    let password = call.input.password("Password")?;
    accounts::confirm_forgot(&call.pool, &call.client, call.proved_username()?, call.code()?, password)?;
    Ok(json!({}))
}

fn revoke(call: &ClientCall) -> Result<Value> {
    call.check_secret()?;
    if !call.client.revokes {
        return Err(ApiError::new(
            "UnsupportedOperationException",
            "Token revocation is not enabled for this client",
        ));
    }
    let refresh = call.input.required("Token")?;
    if token::issuer(refresh).is_some() {
        return Err(ApiError::new("UnsupportedTokenTypeException", "Only refresh tokens can be revoked"));
    }
    token::revoke(&call.pool, &call.client, refresh)?;
    Ok(json!({}))
}

fn renew(call: &ClientCall) -> Result<Value> {
    call.check_secret()?;
    let tokens = token::renew(&call.pool, &call.client, call.input.required("RefreshToken")?)?;
    Ok(json!({ "AuthenticationResult": tokens.shape() }))
}
