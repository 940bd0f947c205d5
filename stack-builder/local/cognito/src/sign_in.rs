//! Signing in by password: the right one, the wrong one, one too many.

use crate::client::Client;
use crate::errors::{Result, no_user, not_authorized, wrong_password};
use crate::pool::Pool;
use crate::random::same;
use crate::srp::{Exchange, Verifier};
use crate::user::{Status, User};
use stack_builder_local_core::ApiError;

/// What remains to be done after the password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing: tokens.
    Tokens,
    /// A password instead of the temporary one.
    NewPassword,
}

/// The name that wrong passwords are counted under, the same for all names of a user.
fn counted(pool: &Pool, name: &str) -> String {
    let username = pool.user(name).map(|user| user.username);
    pool.definition.folded(username.as_deref().unwrap_or(name))
}

/// Refuses a name with too many wrong passwords.
pub(crate) fn check_pause(pool: &Pool, name: &str) -> Result<()> {
    let counted = counted(pool, name);
    if pool.users().is_paused(&counted, pool.millis()) {
        return Err(not_authorized("Password attempts exceeded"));
    }
    Ok(())
}

fn note(pool: &Pool, name: &str, is_right: bool) {
    let (counted, now) = (counted(pool, name), pool.millis());
    let mut users = pool.users();
    if is_right { users.succeeded(&counted) } else { users.missed(&counted, now) }
}

/// What is said about a user who is not there.
pub(crate) fn unknown(client: &Client) -> ApiError {
    if client.hides_users { wrong_password() } else { no_user() }
}

/// Checks a password that was sent as it is; whether the user exists makes no difference in time.
pub(crate) fn by_password(pool: &Pool, client: &Client, name: &str, password: &str) -> Result<User> {
    check_pause(pool, name)?;
    let user = pool.user(name);
    let verifier = user.as_ref().and_then(|user| user.verifier.clone());
    let verifier = verifier.unwrap_or_else(|| Verifier::pretended(&pool.pretence(name)));
    let username = user.as_ref().map_or(name, |user| &user.username);
    let is_right = verifier.is_of(pool.owner(username), password);
    note(pool, name, is_right);
    let user = user.ok_or_else(|| unknown(client))?;
    if is_right { Ok(user) } else { Err(wrong_password()) }
}

/// What a client proves that knows the password, by SRP.
pub(crate) struct Proof<'a> {
    pub(crate) block: &'a [u8],
    pub(crate) timestamp: &'a str,
    pub(crate) signature: &'a [u8],
}

/// Checks a proof by SRP.
pub(crate) fn by_proof(
    pool: &Pool,
    name: &str,
    username: &str,
    exchange: &Exchange,
    proof: &Proof<'_>,
) -> Result<User> {
    check_pause(pool, name)?;
    let expected = exchange.signature(pool.owner(username), proof.block, proof.timestamp);
    let is_right = same(&expected, proof.signature);
    note(pool, name, is_right);
    pool.user(username).filter(|_| is_right).ok_or_else(wrong_password)
}

/// Whether this user may go on after the right password.
pub(crate) fn next(pool: &Pool, user: &User) -> Result<Next> {
    if !user.is_enabled {
        return Err(not_authorized("User is disabled."));
    }
    match user.status {
        Status::Confirmed => Ok(Next::Tokens),
        Status::Unconfirmed => Err(ApiError::new("UserNotConfirmedException", "User is not confirmed.")),
        Status::ResetRequired => {
            Err(ApiError::new("PasswordResetRequiredException", "Password reset required for the user"))
        }
        Status::ForceChangePassword if user.temporary_until.is_some_and(|until| pool.now() >= until) => {
            let told = "Temporary password has expired and must be reset by an administrator.";
            Err(not_authorized(told))
        }
        Status::ForceChangePassword => Ok(Next::NewPassword),
    }
}

/// What is said about a challenge that was answered already, is too old, or was never given.
pub(crate) fn unknown_session() -> ApiError {
    not_authorized("Invalid session for the user, session is expired.")
}
