//! Tokens: made after a sign-in, renewed, checked and revoked.

use crate::claims::{access_claims, id_claims};
use crate::client::Client;
use crate::errors::{Result, not_authorized};
use crate::keys::unverified;
use crate::pool::Pool;
use crate::random::{base64url, from_base64url, sha256, token, uuid};
use crate::user::{Session, User};
use serde_json::{Value, json};

/// The scope of access tokens that the API gives, with which users change themselves.
pub(crate) const SELF: &str = "aws.cognito.signin.user.admin";

/// Why tokens are made.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) scopes: Vec<String>,
    /// Whether the user signed in on the pages.
    pub(crate) is_hosted: bool,
    pub(crate) nonce: Option<String>,
    /// Seconds since 1970.
    pub(crate) signed_in: u64,
    pub(crate) origin: String,
}

impl Grant {
    /// For a user who signed in by the API just now.
    pub(crate) fn of_api(pool: &Pool) -> Self {
        let scopes = vec![SELF.to_owned()];
        Self { scopes, is_hosted: false, nonce: None, signed_in: pool.now(), origin: uuid() }
    }

    fn of(session: &Session) -> Self {
        Self {
            scopes: session.scopes.clone(),
            is_hosted: session.is_hosted,
            nonce: None,
            signed_in: session.signed_in,
            origin: session.origin.clone(),
        }
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|given| given == scope)
    }
}

pub(crate) struct Tokens {
    pub(crate) access: String,
    /// Absent when the scopes do not include `openid`.
    pub(crate) id: Option<String>,
    pub(crate) refresh: Option<String>,
    /// Seconds.
    pub(crate) lasts: u64,
}

impl Tokens {
    /// The shape `AuthenticationResultType`.
    pub(crate) fn shape(&self) -> Value {
        let mut shape = json!({ "AccessToken": self.access, "ExpiresIn": self.lasts, "TokenType": "Bearer", "IdToken": self.id });
        if let Some(refresh) = &self.refresh {
            shape["RefreshToken"] = json!(refresh);
        }
        shape
    }
}

/// Makes tokens without a session, as the implicit flow has them.
pub(crate) fn make(pool: &Pool, client: &Client, user: &User, grant: &Grant) -> Result<Tokens> {
    let signed = |claims: &Value| {
        let token = pool.state.key()?.sign(claims);
        token.ok_or_else(|| crate::errors::internal("The token could not be signed."))
    };
    let event = uuid();
    let access = signed(&access_claims(pool, client, user, grant, &event))?;
    let wants_id = !grant.is_hosted || grant.has("openid");
    let id = wants_id.then(|| signed(&id_claims(pool, client, user, grant, &access, &event))).transpose()?;
    Ok(Tokens { access, id, refresh: None, lasts: client.access })
}

/// Makes tokens and keeps the session that the refresh token stands for.
pub(crate) fn begin(pool: &Pool, client: &Client, user: &User, grant: &Grant) -> Result<Tokens> {
    let mut tokens = make(pool, client, user, grant)?;
    let (refresh, now) = (refresh_token(&user.sub), pool.now());
    let session = Session {
        hash: hash(&refresh),
        client: client.id.clone(),
        origin: grant.origin.clone(),
        signed_in: grant.signed_in,
        scopes: grant.scopes.clone(),
        is_hosted: grant.is_hosted,
        until: now + client.refresh,
        is_revoked: false,
    };
    pool.change(&user.username, |user| {
        user.add_session(session, now);
        Ok(())
    })?;
    tokens.refresh = Some(refresh);
    Ok(tokens)
}

/// New tokens for a refresh token.
pub(crate) fn renew(pool: &Pool, client: &Client, refresh: &str) -> Result<Tokens> {
    let (user, session) = session_of(pool, refresh).ok_or_else(|| not_authorized("Invalid Refresh Token"))?;
    if session.client != client.id {
        return Err(not_authorized("Invalid Refresh Token"));
    }
    if session.is_revoked {
        return Err(not_authorized("Refresh Token has been revoked"));
    }
    if pool.now() >= session.until {
        return Err(not_authorized("Refresh Token has expired"));
    }
    if !user.is_enabled {
        return Err(not_authorized("User is disabled."));
    }
    let mut tokens = make(pool, client, &user, &Grant::of(&session))?;
    if let Some(grace) = client.rotation {
        tokens.refresh = Some(rotate(pool, &user, &session, grace)?);
    }
    Ok(tokens)
}

/// Puts a new refresh token beside the old one, which ends after `grace` seconds.
fn rotate(pool: &Pool, user: &User, old: &Session, grace: u64) -> Result<String> {
    let (refresh, now) = (refresh_token(&user.sub), pool.now());
    let new = Session { hash: hash(&refresh), ..old.clone() };
    pool.change(&user.username, |user| {
        for session in user.sessions.iter_mut().filter(|session| session.hash == old.hash) {
            session.until = session.until.min(now + grace);
        }
        user.add_session(new, now);
        Ok(())
    })?;
    Ok(refresh)
}

/// Ends the session of a refresh token; one that is unknown has ended already.
pub(crate) fn revoke(pool: &Pool, client: &Client, refresh: &str) -> Result<()> {
    let Some((user, session)) = session_of(pool, refresh) else { return Ok(()) };
    if session.client != client.id {
        return Err(stack_builder_local_core::ApiError::new(
            "UnauthorizedException",
            "Refresh Token does not belong to the provided client.",
        ));
    }
    pool.change(&user.username, |user| {
        user.revoke(Some(&session.origin));
        Ok(())
    })
}

/// Who an access token belongs to, when it is good for changing oneself.
pub(crate) fn owner(pool: &Pool, access: &str, scope: &str) -> Result<(User, Value)> {
    let refused = || not_authorized("Invalid Access Token");
    let claims = pool.state.key()?.verify(access).ok_or_else(refused)?;
    if claims["token_use"] != "access" || claims["iss"] != pool.definition.issuer.as_str() {
        return Err(refused());
    }
    if claims["exp"].as_u64().is_none_or(|end| pool.now() >= end) {
        return Err(not_authorized("Access Token has expired"));
    }
    if !claims["scope"].as_str().unwrap_or_default().split(' ').any(|given| given == scope) {
        return Err(not_authorized("Access Token does not have required scopes"));
    }
    let user = pool.user(claims["username"].as_str().unwrap_or_default());
    let user = user.filter(|user| claims["sub"] == user.sub.as_str()).ok_or_else(crate::errors::no_user)?;
    let ended = |session: &Session| session.origin == claims["origin_jti"] && session.is_revoked;
    if user.sessions.iter().any(ended) {
        return Err(not_authorized("Access Token has been revoked"));
    }
    if !user.is_enabled {
        return Err(not_authorized("User is disabled."));
    }
    Ok((user, claims))
}

/// The issuer that a token names.
pub(crate) fn issuer(token: &str) -> Option<String> {
    // Tokens are some kilobytes at most; longer text is none.
    (token.len() <= 32 * 1024).then(|| unverified(token))??["iss"].as_str().map(str::to_owned)
}

/// An access token of a client for itself (`client_credentials`).
pub(crate) fn of_client(pool: &Pool, client: &Client, scopes: &[String]) -> Result<Tokens> {
    let now = pool.now();
    let claims = json!({
        "sub": client.id, "token_use": "access", "scope": scopes.join(" "), "auth_time": now,
        "iss": pool.definition.issuer, "exp": now + client.access, "iat": now, "version": 2, "jti": uuid(),
        "client_id": client.id,
    });
    let access = pool.state.key()?.sign(&claims);
    let access = access.ok_or_else(|| crate::errors::internal("The token could not be signed."))?;
    Ok(Tokens { access, id: None, refresh: None, lasts: client.access })
}

/// A refresh token: whose it is, and 256 bits that only its holder knows.
fn refresh_token(sub: &str) -> String {
    format!("{}.{}", base64url(sub.as_bytes()), token())
}

fn hash(refresh: &str) -> String {
    base64url(&sha256(refresh.as_bytes()))
}

fn session_of(pool: &Pool, refresh: &str) -> Option<(User, Session)> {
    let sub = String::from_utf8(from_base64url(refresh.split_once('.')?.0)?).ok()?;
    let user = pool.user(&sub).filter(|user| user.sub == sub)?;
    let hash = hash(refresh);
    let session = user.sessions.iter().find(|session| session.hash == hash).cloned()?;
    Some((user, session))
}
