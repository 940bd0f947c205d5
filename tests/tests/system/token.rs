//! Tokens that no API may take for those of its users.

use crate::api::Api;
use crate::user::User;
use serde_json::{Value, json};
use stack_builder_tests::Aws;
use std::thread::sleep;
use std::time::Duration;

/// Expects a 401 on every route for whoever shows no token, or none that the user pool signed.
#[track_caller]
pub(crate) fn are_needed(api: &Api<'_>, routes: &[(&str, &str)]) {
    for (method, path) in routes {
        for headers in [&[][..], &[("authorization", "")], &[("authorization", "Bearer not.a.token")]] {
            let answer = api.send(method, path, headers, "{}");
            assert_eq!(answer.status, 401, "{method} {path} {headers:?}: {answer:?}");
        }
    }
}

/// Expects a 401 for tokens that were changed, that another user pool signed, and that have expired.
#[track_caller]
pub(crate) fn are_checked(user: &User<'_>, method: &str, path: &str) {
    let api = user.api;
    let Elsewhere { pool, token, .. } = of_another_pool(&api.world.aws);
    let mut tokens = tampered(&user.tokens.id);
    tokens.push(("another pool's", token));
    tokens.push(("expired", expired(api)));
    for (what, token) in tokens {
        let answer = api.send_as(&token, method, path, "{}");
        assert_eq!(answer.status, 401, "{what} token {token}: {answer:?}");
    }
    api.world.aws.call("cognito-idp", "delete_user_pool", json!({ "UserPoolId": pool }));
}

fn tampered(token: &str) -> Vec<(&'static str, String)> {
    let (head, signature) = token.rsplit_once('.').expect("a signed token");
    let (header, claims) = head.split_once('.').expect("claims");
    let flipped: String = signature.chars().rev().collect();
    let other_claims = claims.replacen(&claims[10..11], if &claims[10..11] == "A" { "B" } else { "A" }, 1);
    vec![
        ("a wrongly signed", format!("{head}.{flipped}")),
        ("a changed", format!("{header}.{other_claims}.{signature}")),
        ("an unsigned", format!("{head}.")),
        // {"alg":"none"}
        ("a self-signed", format!("eyJhbGciOiJub25lIn0.{claims}.")),
    ]
}

/// The client of a user pool that no API knows, and the token of a user of it.
pub(crate) struct Elsewhere {
    pub(crate) pool: String,
    pub(crate) client: Value,
    /// An id token.
    pub(crate) token: String,
    pub(crate) access: String,
}

/// Makes a user pool beside those of the stacks, with a user.
pub(crate) fn of_another_pool(aws: &Aws) -> Elsewhere {
    let pool = aws.call("cognito-idp", "create_user_pool", json!({ "PoolName": "users" }));
    let pool = pool["UserPool"]["Id"].as_str().expect("an id").to_owned();
    let client = json!({
        "UserPoolId": pool, "ClientName": "client", "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    });
    let (client, mut tokens) = signed_in(aws, &pool, "somebody", client);
    let mut token = |name: &str| tokens[name].take().as_str().expect("a token").to_owned();
    Elsewhere { token: token("IdToken"), access: token("AccessToken"), pool, client }
}

/// A token of the stack's own user pool that is no longer good.
///
/// AWS gives none that lasts for less than five minutes. The emulator does; when it refuses to, this panics.
fn expired(api: &Api<'_>) -> String {
    let (aws, pool) = (&api.world.aws, api.outputs.user_pool());
    let client = json!({
        "UserPoolId": pool, "ClientName": "brief", "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        "IdTokenValidity": 1, "TokenValidityUnits": { "IdToken": "seconds" },
    });
    let (_, tokens) = signed_in(aws, pool, "brief@example.org", client);
    sleep(Duration::from_secs(2));
    tokens["IdToken"].as_str().expect("a token").to_owned()
}

fn signed_in(aws: &Aws, pool: &str, name: &str, client: Value) -> (Value, Value) {
    let client =
        aws.call("cognito-idp", "create_user_pool_client", client)["UserPoolClient"]["ClientId"].take();
    let password = "Correct-horse-7-battery";
    let user = json!({ "UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS" });
    aws.call("cognito-idp", "admin_create_user", user);
    let set = json!({ "UserPoolId": pool, "Username": name, "Password": password, "Permanent": true });
    aws.call("cognito-idp", "admin_set_user_password", set);
    let asked = json!({
        "UserPoolId": pool, "ClientId": client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": { "USERNAME": name, "PASSWORD": password },
    });
    let tokens = aws.call("cognito-idp", "admin_initiate_auth", asked)["AuthenticationResult"].take();
    (client, tokens)
}
