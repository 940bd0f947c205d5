//! Signing in by the API.

use super::{Bench, CLIENT, PASSWORD, POOL, SERVER, pool_properties, refused};
use crate::random::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const ANN: &str = "ann@example.org";

fn password(name: &str, password: &str) -> Value {
    json!({ "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": { "USERNAME": name, "PASSWORD": password } })
}

#[test]
fn by_srp_and_by_password() {
    let bench = Bench::new();
    bench.user(ANN);
    for name in [ANN, "ANN@EXAMPLE.ORG"] {
        let answer = bench.sign_in(name, PASSWORD).expect("signed in");
        assert_eq!(answer["AuthenticationResult"]["TokenType"], "Bearer");
        bench.call("InitiateAuth", password(name, PASSWORD)).expect("signed in");
    }
    refused(bench.sign_in(ANN, "wrong"), "NotAuthorizedException", "Incorrect username or password.");
    let wrong = bench.call("InitiateAuth", password(ANN, "wrong"));
    refused(wrong, "NotAuthorizedException", "Incorrect username or password.");
}

#[test]
fn flows_that_the_client_does_not_have_are_refused() {
    let bench = Bench::of(pool_properties(), json!({ "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"] }));
    let begin = |flow: &str| bench.call("InitiateAuth", json!({ "AuthFlow": flow, "AuthParameters": {} }));
    refused(begin("USER_PASSWORD_AUTH"), "InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled");
    refused(begin("USER_SRP_AUTH"), "InvalidParameterException", "USER_SRP_AUTH is not enabled");
    refused(begin("ADMIN_NO_SRP_AUTH"), "InvalidParameterException", "not supported");
    refused(begin("REFRESH_TOKEN"), "InvalidParameterException", "Missing required parameter REFRESH_TOKEN");
    let absent = bench.call("InitiateAuth", json!({ "ClientId": "x", "AuthFlow": "USER_SRP_AUTH" }));
    refused(absent, "ResourceNotFoundException", "User pool client x does not exist.");
}

#[test]
fn users_who_do_not_exist_look_like_others() {
    let bench = Bench::new();
    let ask = || {
        let parameters = json!({ "USERNAME": "nobody@example.org", "SRP_A": "abc123" });
        let answer =
            bench.call("InitiateAuth", json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters }));
        answer.expect("a challenge")["ChallengeParameters"].clone()
    };
    let (one, other) = (ask(), ask());
    assert_eq!((&one["SALT"], &one["USER_ID_FOR_SRP"]), (&other["SALT"], &other["USER_ID_FOR_SRP"]));
    assert_ne!(one["SRP_B"], other["SRP_B"]);
    assert_eq!(one["USER_ID_FOR_SRP"].as_str().unwrap().len(), 36);
    refused(
        bench.sign_in("nobody@example.org", PASSWORD),
        "NotAuthorizedException",
        "Incorrect username or password.",
    );
    let tells = Bench::of(pool_properties(), json!({ "PreventUserExistenceErrors": "LEGACY" }));
    refused(tells.sign_in("nobody@example.org", PASSWORD), "UserNotFoundException", "User does not exist.");
}

#[test]
fn too_many_wrong_passwords_lock_out_for_a_while() {
    let bench = Bench::new();
    bench.user(ANN);
    // The ninth pauses for 16 seconds, which no slow machine outlasts.
    let miss = |name: &str| {
        for number in 0..9 {
            bench.pass(if number < 5 { 0 } else { 10 });
            let answer = bench.call("InitiateAuth", password(name, "wrong"));
            refused(answer, "NotAuthorizedException", "Incorrect username or password.");
        }
    };
    miss(ANN);
    for name in [ANN, "ANN@example.org"] {
        refused(bench.sign_in(name, PASSWORD), "NotAuthorizedException", "Password attempts exceeded");
    }
    bench.pass(16);
    bench.sign_in(ANN, PASSWORD).expect("signed in");
    // Somebody who does not exist is locked out just so.
    miss("x@y.z");
    refused(bench.sign_in("x@y.z", PASSWORD), "NotAuthorizedException", "Password attempts exceeded");
}

/// Changes one thing about a right answer, which must then be refused.
#[track_caller]
fn spoiled(spoil: impl FnOnce(&Bench, &mut Value)) {
    let bench = Bench::new();
    bench.user(ANN);
    bench.user("bob@example.org");
    let mut response = bench.srp(ANN, PASSWORD).expect("a challenge");
    spoil(&bench, &mut response);
    let answer = bench.call("RespondToAuthChallenge", response);
    assert!(answer.is_err(), "{answer:?}");
}

#[test]
fn a_challenge_is_answered_once_in_time_by_its_client_and_user() {
    spoiled(|bench, response| {
        drop(bench.call("RespondToAuthChallenge", response.clone()).expect("the first time"));
    });
    spoiled(|bench, _| bench.pass(180));
    spoiled(|_, response| response["ChallengeResponses"]["USERNAME"] = json!("bob@example.org"));
    spoiled(|_, response| response["ChallengeResponses"]["TIMESTAMP"] = json!("Wed Nov 5 10:00:01 UTC 2026"));
    spoiled(|_, response| response["ChallengeResponses"]["TIMESTAMP"] = json!("now"));
    spoiled(|_, response| response["ChallengeResponses"]["PASSWORD_CLAIM_SIGNATURE"] = json!(""));
    spoiled(|_, response| response["ChallengeResponses"]["PASSWORD_CLAIM_SIGNATURE"] = json!("=?="));
    spoiled(|_, response| response["ChallengeResponses"]["PASSWORD_CLAIM_SECRET_BLOCK"] = json!("AAAA"));
    spoiled(|bench, response| {
        let other = bench.srp("bob@example.org", PASSWORD).unwrap();
        response["ChallengeResponses"]["PASSWORD_CLAIM_SECRET_BLOCK"] =
            other["ChallengeResponses"]["PASSWORD_CLAIM_SECRET_BLOCK"].clone();
    });
    spoiled(|_, response| response["ClientId"] = json!(SERVER));
    spoiled(|_, response| response["ChallengeName"] = json!("NEW_PASSWORD_REQUIRED"));
    spoiled(|bench, _| drop(bench.admin("AdminDisableUser", json!({ "Username": ANN })).unwrap()));
    spoiled(|bench, _| drop(bench.admin("AdminDeleteUser", json!({ "Username": ANN })).unwrap()));
}

#[test]
fn a_client_with_a_secret_proves_it() {
    let bench = Bench::new();
    bench.user(ANN);
    let secret = bench.pools.client_secret(SERVER).expect("a secret");
    assert_eq!(
        (bench.pools.client_secret(SERVER).as_ref(), bench.pools.client_secret(CLIENT)),
        (Some(&secret), None)
    );
    let hash = |name: &str| STANDARD.encode(hmac(secret.as_bytes(), &[name.as_bytes(), SERVER.as_bytes()]));
    let begin = |hash: Value| {
        let parameters = json!({ "USERNAME": ANN, "PASSWORD": PASSWORD, "SECRET_HASH": hash });
        let input =
            json!({ "ClientId": SERVER, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        bench.call("InitiateAuth", input)
    };
    let told = "is configured with secret but SECRET_HASH was not received";
    refused(begin(Value::Null), "NotAuthorizedException", told);
    refused(begin(json!(hash("bob"))), "NotAuthorizedException", "Unable to verify secret hash for client");
    begin(json!(hash(ANN))).expect("signed in");
}

#[test]
fn a_temporary_password_is_replaced() {
    let bench = Bench::new();
    let made =
        json!({ "Username": ANN, "TemporaryPassword": "Temporary-1-word", "MessageAction": "SUPPRESS" });
    bench.admin("AdminCreateUser", made).expect("made");
    let asked = bench.sign_in(ANN, "Temporary-1-word").expect("a challenge");
    assert_eq!(asked["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let answer = |session: &Value, name: &str, password: &str| {
        let responses = json!({ "USERNAME": name, "NEW_PASSWORD": password });
        let input = json!({ "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session, "ChallengeResponses": responses });
        bench.call("RespondToAuthChallenge", input)
    };
    let session = &asked["Session"];
    refused(answer(session, ANN, "weak"), "InvalidPasswordException", "");
    refused(answer(&json!("other"), ANN, PASSWORD), "NotAuthorizedException", "Invalid session for the user");
    refused(
        answer(session, "bob@example.org", PASSWORD),
        "NotAuthorizedException",
        "Invalid session for the user",
    );
    answer(session, ANN, PASSWORD).expect("tokens");
    refused(answer(session, ANN, PASSWORD), "NotAuthorizedException", "Invalid session for the user");
    bench.sign_in(ANN, PASSWORD).expect("signed in");
}

#[test]
fn a_temporary_password_ends() {
    let bench = Bench::new();
    let made =
        json!({ "Username": ANN, "TemporaryPassword": "Temporary-1-word", "MessageAction": "SUPPRESS" });
    bench.admin("AdminCreateUser", made).expect("made");
    bench.pass(7 * 24 * 3600);
    refused(
        bench.sign_in(ANN, "Temporary-1-word"),
        "NotAuthorizedException",
        "Temporary password has expired",
    );
}

#[test]
fn administrators_sign_users_in() {
    let bench = Bench::new();
    bench.user(ANN);
    let secret = bench.pools.client_secret(SERVER).unwrap();
    let hash = STANDARD.encode(hmac(secret.as_bytes(), &[ANN.as_bytes(), SERVER.as_bytes()]));
    let parameters = json!({ "USERNAME": ANN, "PASSWORD": PASSWORD, "SECRET_HASH": hash });
    let input = json!({
        "ClientId": SERVER, "UserPoolId": POOL, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
    });
    bench.admin("AdminInitiateAuth", input.clone()).expect("signed in");
    refused(bench.call("AdminInitiateAuth", input), "MissingAuthenticationTokenException", "");
}
