//! Accounts: signing up, confirming, a forgotten password. The API and the pages both end here.

use crate::client::Client;
use crate::codes::{self, Delivery};
use crate::errors::{Result, expired_code, invalid, no_user, not_authorized};
use crate::pool::Pool;
use crate::random;
use crate::schema::{is_email, is_phone};
use crate::srp::Verifier;
use crate::user::{Purpose, Status, User};
use crate::users::Users;
use stack_builder_local_core::ApiError;
use std::collections::BTreeMap;

/// Longest user name and longest code.
const LONGEST_NAME: usize = 128;

/// Who wants an account.
pub(crate) struct Newcomer<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: BTreeMap<String, String>,
    /// Whether an administrator makes the account: names are refused in other words.
    pub(crate) by_admin: bool,
}

/// Makes the user who is to be saved; where users are named by an attribute, the user name is a new `sub`.
pub(crate) fn new_user(pool: &Pool, users: &Users, newcomer: Newcomer<'_>) -> Result<User> {
    let definition = &pool.definition;
    let Newcomer { name, mut attributes, by_admin } = newcomer;
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_whitespace) {
        let pattern = "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+";
        return Err(invalid(format!(
            "1 validation error detected: Value at 'username' failed to satisfy constraint: {pattern}"
        )));
    }
    let sub = random::uuid();
    let mut username = name.to_owned();
    if !definition.username_attributes.is_empty() {
        let attribute = naming_attribute(pool, name)?;
        if attributes.get(attribute).is_some_and(|value| definition.folded(value) != definition.folded(name))
        {
            return Err(invalid(format!("User attribute {attribute} does not match username.")));
        }
        attributes.insert(attribute.to_owned(), definition.folded(name));
        username.clone_from(&sub);
    } else if definition.aliases.contains("email") && is_email(name) {
        let told = "Username cannot be of email format, since user pool is configured for email alias.";
        return Err(invalid(told));
    }
    definition.schema.check(&attributes)?;
    let taken = attributes.iter().find(|(attribute, value)| {
        definition.username_attributes.contains(*attribute)
            && users.holder(definition, attribute, value, "").is_some()
    });
    if let Some((attribute, _)) = taken {
        return Err(exists(&format!("An account with the given {attribute} already exists.")));
    }
    // Also when it is the `sub` or an alias of somebody: each name is one user's.
    if users.find(definition, &username).is_some() {
        return Err(exists(if by_admin { "User account already exists" } else { "User already exists" }));
    }
    Ok(User::new(username, sub, attributes, pool.millis()))
}

fn exists(message: &str) -> ApiError {
    ApiError::new("UsernameExistsException", message)
}

fn naming_attribute(pool: &Pool, name: &str) -> Result<&'static str> {
    let named_by = &pool.definition.username_attributes;
    let (by_email, by_phone) = (named_by.contains("email"), named_by.contains("phone_number"));
    match (by_email, by_phone) {
        (true, _) if is_email(name) => Ok("email"),
        (_, true) if is_phone(name) => Ok("phone_number"),
        (true, true) => Err(invalid("Username should be either an email or a phone number.")),
        (_, true) => Err(invalid("Username should be a phone number.")),
        _ => Err(invalid("Username should be an email.")),
    }
}

/// Makes an account and mails a code to confirm it with.
pub(crate) fn sign_up(
    pool: &Pool,
    client: &Client,
    newcomer: Newcomer<'_>,
    password: &str,
) -> Result<(User, Option<Delivery>)> {
    if pool.definition.only_admin_creates {
        return Err(not_authorized("SignUp is not permitted for this user pool"));
    }
    pool.definition.policy.check(password)?;
    if newcomer
        .attributes
        .keys()
        .any(|name| !client.writes(name) || crate::schema::VERIFIED.contains(&name.as_str()))
    {
        return Err(not_authorized("A client attempted to write unauthorized attribute"));
    }
    let mut user = new_user(pool, &pool.users(), newcomer)?;
    pool.definition.schema.check_required(&user.attributes)?;
    user.verifier = Some(Verifier::new(pool.owner(&user.username), password));
    let attribute = ["phone_number", "email"]
        .into_iter()
        .find(|name| pool.definition.auto_verified.contains(*name) && user.attributes.contains_key(*name));
    let mut users = pool.users();
    // Somebody else may have taken the name while the verifier was computed.
    new_user(
        pool,
        &users,
        Newcomer { name: name_again(pool, &user), attributes: BTreeMap::new(), by_admin: false },
    )?;
    users.check_room()?;
    let delivery = attribute.map(|name| codes::send(pool, &mut user, Purpose::SignUp, name)).transpose()?;
    users.save(&pool.definition, user.clone())?;
    Ok((user, delivery))
}

/// What the user typed as a name.
fn name_again<'a>(pool: &Pool, user: &'a User) -> &'a str {
    let named_by = &pool.definition.username_attributes;
    named_by.iter().find_map(|attribute| user.attributes.get(attribute)).unwrap_or(&user.username)
}

/// The user of a name, or what is said about one who is not there: with `hides_users`, what a wrong code gets.
pub(crate) fn known(pool: &Pool, client: &Client, name: &str) -> Result<User> {
    let absent = || if client.hides_users { expired_code() } else { no_user() };
    pool.user(name).ok_or_else(absent)
}

/// Confirms an account with the code.
pub(crate) fn confirm(pool: &Pool, client: &Client, name: &str, code: &str, takes_alias: bool) -> Result<()> {
    let user = known(pool, client, name)?;
    if user.status != Status::Unconfirmed {
        let told = format!("User cannot be confirmed. Current status is {}", user.status.name());
        return Err(not_authorized(told));
    }
    let attribute = pool.attempt(&user.username, |user| {
        let attribute = codes::redeem(pool, user, Purpose::SignUp, code)?;
        user.attributes.remove(&format!("{attribute}_verified"));
        Ok(attribute)
    })?;
    verify(pool, &user.username, &attribute, takes_alias)?;
    pool.change(&user.username, |user| {
        user.status = Status::Confirmed;
        user.modified = pool.millis();
        Ok(())
    })
}

/// Marks an attribute as verified, unless it is an alias of somebody else, who keeps or loses it.
pub(crate) fn verify(pool: &Pool, username: &str, attribute: &str, takes_alias: bool) -> Result<()> {
    let user = pool.user(username).ok_or_else(no_user)?;
    let flag = format!("{attribute}_verified");
    let value = user.attributes.get(attribute).cloned().unwrap_or_default();
    let holder = || pool.users().holder(&pool.definition, attribute, &value, &user.sub).cloned();
    if pool.definition.is_alias(attribute)
        && let Some(holder) = holder()
    {
        if !takes_alias {
            let told = format!("An account with the given {attribute} already exists.");
            return Err(ApiError::new("AliasExistsException", told));
        }
        pool.change(&holder.username, |holder| {
            holder.attributes.insert(flag.clone(), "false".to_owned());
            Ok(())
        })?;
    }
    pool.change(username, |user| {
        user.attributes.insert(flag, "true".to_owned());
        Ok(())
    })
}

/// Mails the code of a new account again.
pub(crate) fn resend(pool: &Pool, client: &Client, name: &str) -> Result<Delivery> {
    let Some(user) = pool.user(name) else { return unknown_delivery(pool, client, name) };
    if user.status != Status::Unconfirmed {
        return Err(invalid("User is already confirmed."));
    }
    let attribute = ["phone_number", "email"].into_iter().find(|name| user.attributes.contains_key(*name));
    let attribute = attribute.filter(|name| pool.definition.auto_verified.contains(*name));
    let attribute = attribute.ok_or_else(|| invalid("Auto verification not turned on."))?;
    pool.change(&user.username, |user| codes::send(pool, user, Purpose::SignUp, attribute))
}

/// Mails a code to set a new password with.
pub(crate) fn forgot(pool: &Pool, client: &Client, name: &str) -> Result<Delivery> {
    let Some(user) = pool.user(name) else { return unknown_delivery(pool, client, name) };
    if !user.is_enabled {
        return Err(not_authorized("User is disabled."));
    }
    if user.status == Status::ForceChangePassword {
        return Err(not_authorized("User password cannot be reset in the current state."));
    }
    let attribute = ["email", "phone_number"].into_iter().find(|name| user.verified(name).is_some());
    let told = "Cannot reset password for the user as there is no registered/verified email or phone_number";
    let attribute = attribute.ok_or_else(|| invalid(told))?;
    pool.change(&user.username, |user| codes::send(pool, user, Purpose::Password, attribute))
}

/// A delivery that nobody gets, the same whenever the same name is asked for.
fn unknown_delivery(pool: &Pool, client: &Client, name: &str) -> Result<Delivery> {
    if !client.hides_users {
        return Err(no_user());
    }
    let seed = pool.pretence(&pool.definition.folded(name));
    let letter = |byte: u8| char::from(b'a' + byte % 26);
    let to =
        if is_email(name) { name.to_owned() } else { format!("{}@{}", letter(seed[0]), letter(seed[1])) };
    Ok(Delivery::new("email", &to))
}

/// Sets a new password with the code.
pub(crate) fn confirm_forgot(
    pool: &Pool,
    client: &Client,
    name: &str,
    code: &str,
    password: &str,
) -> Result<()> {
    pool.definition.policy.check(password)?;
    let user = known(pool, client, name)?;
    let verifier = Verifier::new(pool.owner(&user.username), password);
    pool.attempt(&user.username, |user| {
        codes::redeem(pool, user, Purpose::Password, code)?;
        set_password(pool, user, verifier);
        Ok(())
    })?;
    let name = pool.definition.folded(&user.username);
    pool.users().succeeded(&name);
    Ok(())
}

/// Gives the user a password that stays.
pub(crate) fn set_password(pool: &Pool, user: &mut User, verifier: Verifier) {
    user.verifier = Some(verifier);
    user.temporary_until = None;
    user.status = Status::Confirmed;
    user.modified = pool.millis();
}
