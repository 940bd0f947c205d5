//! Calls of users about themselves, with an access token.

use super::{Handlers, OwnCall};
use crate::accounts;
use crate::client::Client;
use crate::codes;
use crate::errors::{Result, invalid, not_authorized, too_often, wrong_password};
use crate::schema::VERIFIED;
use crate::sign_in;
use crate::srp::Verifier;
use crate::user::Purpose;
use serde_json::{Value, json};
use stack_builder_local_core::ApiError;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const HANDLERS: Handlers<OwnCall> = &[
    ("GetUser", get),
    ("UpdateUserAttributes", update),
    ("DeleteUserAttributes", delete_attributes),
    ("GetUserAttributeVerificationCode", send_code),
    ("VerifyUserAttribute", verify),
    ("ChangePassword", change_password),
    ("GlobalSignOut", sign_out),
    ("DeleteUser", delete),
];

impl OwnCall {
    fn client(&self) -> Option<&Arc<Client>> {
        self.pool.client(self.claims["client_id"].as_str().unwrap_or_default())
    }

    fn check_writes<'a>(&self, mut names: impl Iterator<Item = &'a String>) -> Result<()> {
        let may = |name: &String| {
            self.client().is_some_and(|client| client.writes(name)) && !VERIFIED.contains(&name.as_str())
        };
        if names.all(may) {
            Ok(())
        } else {
            Err(not_authorized("A client attempted to write unauthorized attribute"))
        }
    }

    fn purpose(&self) -> Result<(Purpose, &'static str)> {
        match self.input.required("AttributeName")? {
            "email" => Ok((Purpose::Email, "email")),
            "phone_number" => Ok((Purpose::Phone, "phone_number")),
            _ => Err(invalid("Attribute cannot be verified.")),
        }
    }
}

fn get(call: &OwnCall) -> Result<Value> {
    let client = call.client().ok_or_else(|| not_authorized("Invalid Access Token"))?;
    let attributes = call.user.attribute_list(|name| client.reads(name));
    Ok(json!({ "Username": call.user.username, "UserAttributes": attributes }))
}

fn update(call: &OwnCall) -> Result<Value> {
    let attributes = call.input.attributes("UserAttributes")?;
    call.check_writes(attributes.keys())?;
    let sent = set_attributes(&call.pool, &call.user.username, attributes, true)?;
    Ok(json!({ "CodeDeliveryDetailsList": sent.iter().map(codes::Delivery::shape).collect::<Vec<_>>() }))
}

/// Changes attributes. A changed address is no longer verified; with `sends`, a code goes to it where the pool verifies
/// by itself.
pub(super) fn set_attributes(
    pool: &crate::pool::Pool,
    username: &str,
    attributes: BTreeMap<String, String>,
    sends: bool,
) -> Result<Vec<codes::Delivery>> {
    pool.definition.schema.check(&attributes)?;
    check_aliases(pool, username, &attributes)?;
    pool.change(username, |user| {
        let mut sent = Vec::new();
        for (name, value) in &attributes {
            let is_new = user.attributes.get(name) != Some(value);
            if is_new {
                pool.definition.schema.check_change(name)?;
            }
            user.attributes.insert(name.clone(), value.clone());
            let purpose = match name.as_str() {
                "email" => Purpose::Email,
                "phone_number" => Purpose::Phone,
                _ => continue,
            };
            let flag = format!("{name}_verified");
            if is_new && !attributes.contains_key(&flag) {
                user.attributes.insert(flag, "false".to_owned());
                if sends && pool.definition.auto_verified.contains(name) {
                    sent.push(codes::send(pool, user, purpose, name)?);
                }
            }
        }
        user.modified = pool.millis();
        Ok(sent)
    })
}

fn check_aliases(
    pool: &crate::pool::Pool,
    username: &str,
    attributes: &BTreeMap<String, String>,
) -> Result<()> {
    let sub = pool.user(username).map(|user| user.sub).unwrap_or_default();
    let users = pool.users();
    let taken = attributes.iter().find(|(name, value)| {
        pool.definition.is_alias(name) && users.holder(&pool.definition, name, value, &sub).is_some()
    });
    let told = |name: &String| format!("An account with the given {name} already exists.");
    taken.map_or(Ok(()), |(name, _)| Err(ApiError::new("AliasExistsException", told(name))))
}

fn delete_attributes(call: &OwnCall) -> Result<Value> {
    let names: Vec<String> =
        crate::definition::texts(&call.input.0["UserAttributeNames"]).into_iter().collect();
    call.check_writes(names.iter())?;
    remove_attributes(&call.pool, &call.user.username, &names)
}

/// Removes attributes, but none that the pool needs.
pub(super) fn remove_attributes(pool: &crate::pool::Pool, username: &str, names: &[String]) -> Result<Value> {
    pool.change(username, |user| {
        let mut left = user.attributes.clone();
        left.retain(|name, _| !names.contains(name));
        if names.iter().any(|name| pool.definition.username_attributes.contains(name)) {
            return Err(invalid("Cannot delete the attribute that users sign in with."));
        }
        pool.definition.schema.check_required(&left)?;
        user.attributes = left;
        user.modified = pool.millis();
        Ok(json!({}))
    })
}

fn send_code(call: &OwnCall) -> Result<Value> {
    let (purpose, attribute) = call.purpose()?;
    let delivery =
        call.pool.change(&call.user.username, |user| codes::send(&call.pool, user, purpose, attribute))?;
    Ok(json!({ "CodeDeliveryDetails": delivery.shape() }))
}

fn verify(call: &OwnCall) -> Result<Value> {
    let ((purpose, attribute), code) = (call.purpose()?, call.input.required("Code")?);
    call.pool.attempt(&call.user.username, |user| {
        let was = user.attributes.get(&format!("{attribute}_verified")).cloned();
        let redeemed = codes::redeem(&call.pool, user, purpose, code);
        // Verified only when nobody else has the alias.
        user.attributes.insert(format!("{attribute}_verified"), was.unwrap_or_else(|| "false".to_owned()));
        redeemed
    })?;
    accounts::verify(&call.pool, &call.user.username, attribute, false)?;
    Ok(json!({}))
}

fn change_password(call: &OwnCall) -> Result<Value> {
    let (pool, user) = (&call.pool, &call.user);
    let (old, new) = (call.input.password("PreviousPassword")?, call.input.password("ProposedPassword")?);
    let client = call.client().ok_or_else(|| not_authorized("Invalid Access Token"))?;
    sign_in::by_password(pool, client, &user.username, old).map_err(|error| {
        if error.message == "Password attempts exceeded" { too_often() } else { wrong_password() }
    })?;
    pool.definition.policy.check(new)?;
    let verifier = Verifier::new(pool.owner(&user.username), new);
    pool.change(&user.username, |user| {
        accounts::set_password(pool, user, verifier);
        Ok(json!({}))
    })
}

fn sign_out(call: &OwnCall) -> Result<Value> {
    call.pool.change(&call.user.username, |user| {
        user.revoke(None);
        Ok(json!({}))
    })
}

fn delete(call: &OwnCall) -> Result<Value> {
    call.pool.users().remove(&call.pool.definition, &call.user)?;
    Ok(json!({}))
}
