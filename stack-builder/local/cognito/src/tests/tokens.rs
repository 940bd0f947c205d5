//! Tokens: what they say, how long, and that nothing else is taken for one.

use super::{Bench, CLIENT, PASSWORD, POOL, SERVER, pool_properties, refused};
use crate::random::{base64url, from_base64url};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde_json::{Value, json};
use stack_builder_local_core::TokenKeys;

const ANN: &str = "ann@example.org";

fn issuer() -> String {
    format!("https://cognito-idp.us-east-1.amazonaws.com/{POOL}")
}

/// Checks a token as its readers do.
#[track_caller]
fn claims(bench: &Bench, token: &str) -> Value {
    let key = bench.pools.keys(&issuer()).expect("the issuer").remove(0);
    let header = jsonwebtoken::decode_header(token).expect("a header");
    assert_eq!((header.kid, header.typ), (Some(key.kid), None));
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    validation.set_issuer(&[issuer()]);
    let key = DecodingKey::from_rsa_components(&key.n, &key.e).expect("a key");
    decode(token, &key, &validation).expect("a good signature").claims
}

#[test]
fn they_say_who_and_for_whom() {
    let bench = Bench::new();
    let sub = bench.user(ANN);
    bench.admin("AdminAddUserToGroup", json!({ "Username": ANN, "GroupName": "editors" })).expect("a member");
    let [access, id, _] = bench.tokens(ANN);
    let (access, id) = (claims(&bench, &access), claims(&bench, &id));
    let expected = json!({
        "sub": sub, "cognito:groups": ["editors"], "cognito:username": sub, "email": ANN, "email_verified": true,
        "aud": CLIENT, "token_use": "id",
    });
    expected.as_object().unwrap().iter().for_each(|(name, value)| assert_eq!(&id[name], value, "{name}"));
    let expected = json!({
        "sub": sub, "cognito:groups": ["editors"], "username": sub, "client_id": CLIENT, "token_use": "access",
        "scope": "aws.cognito.signin.user.admin", "aud": null, "email": null,
    });
    expected.as_object().unwrap().iter().for_each(|(name, value)| assert_eq!(&access[name], value, "{name}"));
    for claims in [&access, &id] {
        assert_eq!(claims["exp"].as_u64(), claims["iat"].as_u64().map(|at| at + 3600));
        assert!(["jti", "origin_jti", "event_id", "auth_time"].iter().all(|name| !claims[name].is_null()));
    }
    assert_eq!((&access["origin_jti"], &access["event_id"]), (&id["origin_jti"], &id["event_id"]));
    assert_ne!(access["jti"], id["jti"]);
}

#[test]
fn only_issuers_of_this_machine_have_keys() {
    let bench = Bench::new();
    assert!(bench.pools.keys(&issuer()).is_some());
    for other in
        ["", POOL, "https://example.org/us-east-1_abcdefghi", "https://cognito-idp.us-east-1.amazonaws.com/x"]
    {
        assert!(bench.pools.keys(other).is_none(), "{other}");
    }
}

fn get_user(bench: &Bench, token: &str) -> super::Answer {
    bench.call("GetUser", json!({ "AccessToken": token }))
}

/// The token with one of its three parts changed.
fn with_part(token: &str, part: usize, change: impl FnOnce(String) -> String) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[part] = change(parts[part].clone());
    parts.join(".")
}

fn rewritten(token: &str, part: usize, name: &str, value: &Value) -> String {
    with_part(token, part, |text| {
        let mut json: Value = serde_json::from_slice(&from_base64url(&text).unwrap()).unwrap();
        json[name] = value.clone();
        base64url(json.to_string().as_bytes())
    })
}

/// The access token of another pool, with a key of its own.
fn foreign() -> String {
    let other = Bench::new();
    other.user(ANN);
    let [access, ..] = other.tokens(ANN);
    access
}

#[test]
fn nothing_forged_is_taken_for_one() {
    let bench = Bench::new();
    bench.user(ANN);
    let [access, id, refresh] = bench.tokens(ANN);
    get_user(&bench, &access).expect("the right one");
    let header = |name: &str, value: Value| rewritten(&access, 0, name, &value);
    let claim = |name: &str, value: Value| rewritten(&access, 1, name, &value);
    let kid = jsonwebtoken::decode_header(&access).unwrap().kid;
    let hs256 = {
        // The public key as the secret of a MAC, the oldest trick.
        let n = bench.pools.keys(&issuer()).unwrap().remove(0).n;
        let claims: Value = claims(&bench, &access);
        let header = Header { kid: kid.clone(), ..Header::new(Algorithm::HS256) };
        encode(&header, &claims, &EncodingKey::from_secret(n.as_bytes())).unwrap()
    };
    let foreign = foreign();
    let forged = [
        id.clone(),
        refresh,
        foreign.clone(),
        hs256,
        header("alg", json!("none")),
        header("alg", json!("HS256")),
        header("alg", json!("RS512")),
        header("alg", json!("PS256")),
        header("alg", Value::Null),
        header("kid", json!("other")),
        header("kid", Value::Null),
        header("x5u", json!("https://example.org")),
        header("jwk", json!({})),
        rewritten(&foreign, 0, "kid", &json!(kid)),
        claim("sub", json!("00000000-0000-4000-8000-000000000000")),
        claim("exp", json!(u64::MAX)),
        claim("iss", json!("https://example.org")),
        claim("iss", json!(format!("{}/", issuer()))),
        claim("token_use", json!("id")),
        claim("scope", json!("openid")),
        claim("client_id", json!(SERVER)),
        claim("cognito:groups", json!(["admins"])),
        with_part(&access, 2, |_| String::new()),
        with_part(&access, 2, |signature| signature[..300].to_owned()),
        with_part(&access, 2, |signature| {
            signature.replacen(&signature[..1], if signature.starts_with('A') { "B" } else { "A" }, 1)
        }),
        with_part(&access, 2, |signature| format!("{signature}==")),
        with_part(&access, 0, |_| String::new()),
        with_part(&access, 1, |_| "e30".to_owned()),
        format!("{access}."),
        format!(".{access}"),
        access.replacen('.', "", 1),
        id.rsplit_once('.').unwrap().0.to_owned() + "." + access.rsplit_once('.').unwrap().1,
        String::new(),
        "..".to_owned(),
        "x".repeat(100_000),
    ];
    assert!(forged.len() >= 30);
    for token in &forged {
        refused(get_user(&bench, token), "NotAuthorizedException", "Invalid Access Token");
    }
}

#[test]
fn they_end() {
    let bench = Bench::of(
        pool_properties(),
        json!({ "AccessTokenValidity": 5, "TokenValidityUnits": { "AccessToken": "minutes" } }),
    );
    bench.user(ANN);
    let [access, _, refresh] = bench.tokens(ANN);
    bench.pass(240);
    get_user(&bench, &access).expect("still good");
    bench.pass(60);
    refused(get_user(&bench, &access), "NotAuthorizedException", "Access Token has expired");
    let renew = || {
        let input =
            json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": { "REFRESH_TOKEN": refresh } });
        bench.call("InitiateAuth", input)
    };
    let renewed = renew().expect("renewed");
    assert!(renewed["AuthenticationResult"]["RefreshToken"].is_null());
    get_user(&bench, renewed["AuthenticationResult"]["AccessToken"].as_str().unwrap()).expect("good");
    bench.pass(5 * 24 * 3600);
    refused(renew(), "NotAuthorizedException", "Refresh Token has expired");
}

#[test]
fn refresh_tokens_are_bound_and_revoked() {
    let bench = Bench::new();
    bench.user(ANN);
    let [access, _, refresh] = bench.tokens(ANN);
    let [other_access, _, other] = bench.tokens(ANN);
    let renew = |client: &str, token: &str| {
        bench.call("GetTokensFromRefreshToken", json!({ "ClientId": client, "RefreshToken": token }))
    };
    for bad in ["", "x", "x.y", &access, &refresh[1..], &format!("{refresh}A")] {
        refused(renew(CLIENT, bad), "NotAuthorizedException", "Invalid Refresh Token");
    }
    refused(renew(SERVER, &refresh), "NotAuthorizedException", "Unable to verify secret");
    bench.call("RevokeToken", json!({ "Token": refresh })).expect("revoked");
    bench.call("RevokeToken", json!({ "Token": "unknown" })).expect("nothing to revoke");
    refused(bench.call("RevokeToken", json!({ "Token": access })), "UnsupportedTokenTypeException", "");
    refused(renew(CLIENT, &refresh), "NotAuthorizedException", "Refresh Token has been revoked");
    refused(get_user(&bench, &access), "NotAuthorizedException", "Access Token has been revoked");
    get_user(&bench, &other_access).expect("another session");
    bench.call("GlobalSignOut", json!({ "AccessToken": other_access })).expect("signed out");
    refused(renew(CLIENT, &other), "NotAuthorizedException", "Refresh Token has been revoked");
}

#[test]
fn refresh_tokens_rotate_where_the_client_says_so() {
    let rotation = json!({ "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 60 } });
    let bench = Bench::of(pool_properties(), rotation);
    bench.user(ANN);
    let [_, _, refresh] = bench.tokens(ANN);
    let renew = |token: &str| bench.call("GetTokensFromRefreshToken", json!({ "RefreshToken": token }));
    let new = renew(&refresh).expect("renewed")["AuthenticationResult"]["RefreshToken"]
        .as_str()
        .unwrap()
        .to_owned();
    renew(&refresh).expect("within its grace");
    bench.pass(60);
    assert!(renew(&refresh).is_err());
    renew(&new).expect("the new one");
}

#[test]
fn users_change_their_password_and_leave() {
    let bench = Bench::new();
    bench.user(ANN);
    let [access, ..] = bench.tokens(ANN);
    let change = |old: &str, new: &str| {
        let input = json!({ "AccessToken": access, "PreviousPassword": old, "ProposedPassword": new });
        bench.call("ChangePassword", input)
    };
    refused(change("wrong", PASSWORD), "NotAuthorizedException", "Incorrect username or password.");
    refused(change(PASSWORD, "weak"), "InvalidPasswordException", "");
    change(PASSWORD, "Another-horse-8-battery").expect("changed");
    bench.sign_in(ANN, "Another-horse-8-battery").expect("signed in");
    bench.call("DeleteUser", json!({ "AccessToken": access })).expect("deleted");
    refused(get_user(&bench, &access), "UserNotFoundException", "");
    refused(bench.sign_in(ANN, PASSWORD), "NotAuthorizedException", "Incorrect username or password.");
}
