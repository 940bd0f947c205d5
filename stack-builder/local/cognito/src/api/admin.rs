//! Calls of administrators on one user.

use super::own::{remove_attributes, set_attributes};
use super::{AdminCall, Handlers};
use crate::accounts::{Newcomer, new_user, set_password};
use crate::codes;
use crate::definition::texts;
use crate::errors::{Result, invalid, no_user, not_authorized};
use crate::input::Input;
use crate::pool::Pool;
use crate::srp::Verifier;
use crate::user::{Purpose, Status, User};
use serde_json::{Value, json};
use stack_builder_local_core::ApiError;

pub(super) const HANDLERS: Handlers<AdminCall> = &[
    ("AdminCreateUser", create),
    ("AdminGetUser", get),
    ("AdminDeleteUser", delete),
    ("AdminSetUserPassword", set_user_password),
    ("AdminResetUserPassword", reset_password),
    ("AdminConfirmSignUp", confirm),
    ("AdminEnableUser", |call| enable(call, true)),
    ("AdminDisableUser", |call| enable(call, false)),
    ("AdminUpdateUserAttributes", update),
    ("AdminDeleteUserAttributes", delete_attributes),
    ("AdminUserGlobalSignOut", sign_out),
];

const DAY: u64 = 24 * 3600;

impl AdminCall {
    /// The user that the call names.
    pub(super) fn user(&self) -> Result<User> {
        self.pool.user(self.input.username()?).ok_or_else(no_user)
    }

    fn change(&self, change: impl FnOnce(&mut User)) -> Result<Value> {
        self.pool.change(&self.user()?.username, |user| {
            change(user);
            user.modified = self.pool.millis();
            Ok(json!({}))
        })
    }
}

fn create(call: &AdminCall) -> Result<Value> {
    let name = call.input.username()?;
    let user = create_or_resend(&call.pool, name, &call.input)?;
    Ok(json!({ "User": user.shape("Attributes") }))
}

/// The user that a template describes.
pub(crate) fn create_described_user(pool: &Pool, name: &str, properties: &Value) -> Result<()> {
    create_or_resend(pool, name, &Input(properties.clone())).map(drop)
}

fn create_or_resend(pool: &Pool, name: &str, input: &Input) -> Result<User> {
    let given = input.optional("TemporaryPassword");
    let password = given.map_or_else(|| pool.definition.policy.generate(), str::to_owned);
    pool.definition.policy.check(&password)?;
    if input.optional("MessageAction") == Some("RESEND") {
        return invite_again(pool, name, &password);
    }
    let attributes = input.attributes("UserAttributes")?;
    let mut user = new_user(pool, &pool.users(), Newcomer { name, attributes, by_admin: true })?;
    give_temporary(pool, &mut user, &password);
    let mut users = pool.users();
    if users.find(&pool.definition, name).is_some() {
        return Err(ApiError::new("UsernameExistsException", "User account already exists"));
    }
    users.save(&pool.definition, user.clone())?;
    drop(users);
    if input.optional("MessageAction") != Some("SUPPRESS") {
        invite(pool, &user, &password, input);
    }
    Ok(user)
}

fn give_temporary(pool: &Pool, user: &mut User, password: &str) {
    user.verifier = Some(Verifier::new(pool.owner(&user.username), password));
    user.status = Status::ForceChangePassword;
    user.temporary_until = Some(pool.now() + pool.definition.policy.temporary_days.saturating_mul(DAY));
}

fn invite_again(pool: &Pool, name: &str, password: &str) -> Result<User> {
    let user = pool.user(name).ok_or_else(no_user)?;
    if user.status != Status::ForceChangePassword {
        let told = format!("Resend not possible. {name} status is not FORCE_CHANGE_PASSWORD");
        return Err(ApiError::new("UnsupportedUserStateException", told));
    }
    let user = pool.change(&user.username, |user| {
        give_temporary(pool, user, password);
        Ok(user.clone())
    })?;
    invite(pool, &user, password, &Input(Value::Null));
    Ok(user)
}

/// Mails a temporary password; by text message unless mail is asked for, as Cognito does.
fn invite(pool: &Pool, user: &User, password: &str, input: &Input) {
    let by_mail = texts(&input.0["DesiredDeliveryMediums"]).contains("EMAIL");
    let mut addresses = ["phone_number", "email"];
    if by_mail {
        addresses.reverse();
    }
    let Some(to) = addresses.into_iter().find_map(|name| user.attributes.get(name)) else { return };
    let named_by = pool.definition.username_attributes.iter().find_map(|name| user.attributes.get(name));
    let template = &pool.definition.invitation;
    let text =
        template.text.replace("{username}", named_by.unwrap_or(&user.username)).replace("{####}", password);
    pool.world.journal.mail(to, &template.subject, &text, Some(password));
}

fn get(call: &AdminCall) -> Result<Value> {
    Ok(call.user()?.shape("UserAttributes"))
}

fn delete(call: &AdminCall) -> Result<Value> {
    let user = call.user()?;
    call.pool.users().remove(&call.pool.definition, &user)?;
    Ok(json!({}))
}

fn set_user_password(call: &AdminCall) -> Result<Value> {
    let password = call.input.password("Password")?;
    let user = call.user()?;
    call.pool.definition.policy.check(password)?;
    if call.input.flag("Permanent") {
        let verifier = Verifier::new(call.pool.owner(&user.username), password);
        call.change(|user| set_password(&call.pool, user, verifier))
    } else {
        call.change(|user| give_temporary(&call.pool, user, password))
    }
}

fn reset_password(call: &AdminCall) -> Result<Value> {
    let user = call.user()?;
    if user.status != Status::Confirmed && user.status != Status::ResetRequired {
        return Err(not_authorized("User password cannot be reset in the current state."));
    }
    let attribute = ["email", "phone_number"].into_iter().find(|name| user.verified(name).is_some());
    let told = "Cannot reset password for the user as there is no registered/verified email or phone_number";
    let attribute = attribute.ok_or_else(|| invalid(told))?;
    call.pool.change(&user.username, |user| {
        codes::send(&call.pool, user, Purpose::Password, attribute)?;
        user.status = Status::ResetRequired;
        Ok(json!({}))
    })
}

fn confirm(call: &AdminCall) -> Result<Value> {
    let status = call.user()?.status;
    if status != Status::Unconfirmed {
        return Err(not_authorized(format!("User cannot be confirmed. Current status is {}", status.name())));
    }
    call.change(|user| user.status = Status::Confirmed)
}

fn enable(call: &AdminCall, is_enabled: bool) -> Result<Value> {
    call.change(|user| {
        user.is_enabled = is_enabled;
        if !is_enabled {
            user.revoke(None);
        }
    })
}

fn update(call: &AdminCall) -> Result<Value> {
    let attributes = call.input.attributes("UserAttributes")?;
    set_attributes(&call.pool, &call.user()?.username, attributes, true)?;
    Ok(json!({}))
}

fn delete_attributes(call: &AdminCall) -> Result<Value> {
    let names: Vec<String> = texts(&call.input.0["UserAttributeNames"]).into_iter().collect();
    remove_attributes(&call.pool, &call.user()?.username, &names)
}

fn sign_out(call: &AdminCall) -> Result<Value> {
    call.change(|user| user.revoke(None))
}
