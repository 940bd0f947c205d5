//! What tokens say.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html>
//! and the page after it on access tokens.

use crate::client::Client;
use crate::pool::Pool;
use crate::random::{base64url, sha256, uuid};
use crate::token::{Grant, SELF};
use crate::user::User;
use serde_json::{Value, json};

/// What an access token says.
pub(crate) fn access_claims(pool: &Pool, client: &Client, user: &User, grant: &Grant, event: &str) -> Value {
    let now = pool.now();
    let mut claims = json!({ "sub": user.sub });
    groups(pool, user, &mut claims, false);
    let more = json!({
        "iss": pool.definition.issuer, "client_id": client.id, "origin_jti": grant.origin, "event_id": event,
        "token_use": "access", "scope": grant.scopes.join(" "), "auth_time": grant.signed_in,
        "exp": now + client.access, "iat": now, "jti": uuid(), "username": user.username,
    });
    add(&mut claims, more);
    if grant.is_hosted {
        claims["version"] = json!(2);
    }
    without_origin(client, claims)
}

/// What an id token says.
pub(crate) fn id_claims(
    pool: &Pool,
    client: &Client,
    user: &User,
    grant: &Grant,
    access: &str,
    event: &str,
) -> Value {
    let now = pool.now();
    let mut claims = json!({ "sub": user.sub });
    if grant.is_hosted {
        claims["at_hash"] = json!(base64url(&sha256(access.as_bytes())[..16]));
    }
    groups(pool, user, &mut claims, true);
    for (name, value) in &user.attributes {
        if client.reads(name) && shows(grant, name) {
            claims[name] = claim(name, value);
        }
    }
    let more = json!({
        "iss": pool.definition.issuer, "cognito:username": user.username, "origin_jti": grant.origin,
        "aud": client.id, "event_id": event, "token_use": "id", "auth_time": grant.signed_in,
        "exp": now + client.id_token, "iat": now, "jti": uuid(),
    });
    add(&mut claims, more);
    if let Some(nonce) = &grant.nonce {
        claims["nonce"] = json!(nonce);
    }
    without_origin(client, claims)
}

fn add(claims: &mut Value, more: Value) {
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        claims.extend(more);
    }
}

/// Without revocation, tokens do not name their origin.
fn without_origin(client: &Client, mut claims: Value) -> Value {
    if !client.revokes
        && let Some(claims) = claims.as_object_mut()
    {
        claims.remove("origin_jti");
    }
    claims
}

fn groups(pool: &Pool, user: &User, claims: &mut Value, with_roles: bool) {
    let all = pool.groups();
    let mut groups: Vec<_> = user.groups.iter().filter_map(|name| all.get(name)).collect();
    groups.sort_by_key(|group| group.precedence.unwrap_or(u64::MAX));
    if groups.is_empty() {
        return;
    }
    claims["cognito:groups"] = groups.iter().map(|group| json!(group.name)).collect();
    let roles: Vec<_> = groups.iter().filter_map(|group| group.role.as_deref()).collect();
    if with_roles && let Some(preferred) = roles.first() {
        claims["cognito:preferred_role"] = json!(preferred);
        claims["cognito:roles"] = json!(roles);
    }
}

/// Whether an attribute is for whoever got these scopes.
pub(crate) fn shows(grant: &Grant, attribute: &str) -> bool {
    let narrows = ["email", "phone"].iter().any(|scope| grant.has(scope));
    if !grant.is_hosted || grant.has("profile") || grant.has(SELF) || !narrows {
        return true;
    }
    match attribute {
        "email" | "email_verified" => grant.has("email"),
        "phone_number" | "phone_number_verified" => grant.has("phone"),
        _ => false,
    }
}

fn claim(name: &str, value: &str) -> Value {
    match name {
        "email_verified" | "phone_number_verified" => json!(value == "true"),
        "address" => json!({ "formatted": value }),
        _ => json!(value),
    }
}
