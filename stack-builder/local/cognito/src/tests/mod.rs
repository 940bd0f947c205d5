//! Pools from outside: calls of the API and requests to the pages, as clients make them.

mod accounts;
mod admin;
mod browser;
mod pages;
mod sign_in;
mod state;
mod tokens;

use crate::srp::Owner;
use crate::srp::tests::Client as SrpClient;
use crate::{HostedOptions, Pools};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Api, ApiCall, Ask, Authorizer, Caller, Decision, Principal, Resource, ResourceId, Resources, Trace,
    World, collect,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

pub(super) const POOL: &str = "us-east-1_abcdefghi";
pub(super) const CLIENT: &str = "browserbrowserbrowserbrows";
pub(super) const SERVER: &str = "serverserverserverserverse";
pub(super) const BACK: &str = "http://127.0.0.1:4001/";
pub(super) const PASSWORD: &str = "Correct-horse-7-battery";
const TIME: &str = "Wed Nov 5 10:00:00 UTC 2026";

/// The error code, and the message.
pub(super) type Answer = Result<Value, (String, String)>;

/// Everybody with credentials may do everything but delete users.
struct NearlyAll;

impl Authorizer for NearlyAll {
    fn judge(&self, ask: &Ask<'_>) -> Decision {
        if ask.action != "cognito-idp:AdminDeleteUser" || *ask.caller == administrator() {
            return Decision::Allowed;
        }
        Decision::Denied { message: format!("not authorized on {}", ask.resource), advice: String::new() }
    }
}

pub(super) fn administrator() -> Caller {
    Caller::Principal(Principal::Administrator)
}

fn resource(kind: &str, id: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "app".to_owned(), logical_id: id.to_owned() },
        kind: format!("AWS::Cognito::{kind}"),
        physical_id: id.to_owned(),
        attributes: BTreeMap::new(),
        properties,
        metadata: Value::Null,
    }
}

/// The pool that our stacks make.
pub(super) fn pool_properties() -> Value {
    json!({
        "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"],
        "UsernameConfiguration": { "CaseSensitive": false },
        "Policies": { "PasswordPolicy": {
            "MinimumLength": 12, "RequireLowercase": true, "RequireNumbers": true, "RequireUppercase": true,
        } },
    })
}

/// A client for browsers, one with a secret, a domain and a group.
pub(super) fn resources(pool: Value, client: Value) -> Resources {
    let with = |mut base: Value, more: Value| {
        let more = more.as_object().cloned().unwrap_or_default();
        base.as_object_mut().unwrap().extend(more);
        base
    };
    let browser = json!({
        "UserPoolId": POOL, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["email", "openid", "profile"], "CallbackURLs": [BACK], "LogoutURLs": [BACK],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
        "PreventUserExistenceErrors": "ENABLED", "AuthSessionValidity": 3, "RefreshTokenValidity": 5,
    });
    let server = json!({
        "UserPoolId": POOL, "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["files/read", "files/write"],
        "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    });
    Resources::new(vec![
        resource("UserPool", POOL, pool),
        resource("UserPoolClient", CLIENT, with(browser, client)),
        resource("UserPoolClient", SERVER, server),
        resource("UserPoolDomain", "Domain", json!({ "UserPoolId": POOL, "Domain": "app-dev" })),
        resource(
            "UserPoolGroup",
            "editors",
            json!({ "UserPoolId": POOL, "GroupName": "editors", "Precedence": 1 }),
        ),
    ])
}

pub(super) struct Bench {
    pub(super) world: World,
    pub(super) pools: Pools,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::of(pool_properties(), json!({}))
    }

    pub(super) fn of(pool: Value, client: Value) -> Self {
        Self::in_world(World::ephemeral(), pool, client)
    }

    pub(super) fn in_world(world: World, pool: Value, client: Value) -> Self {
        let pools = Pools::open(&world, Arc::new(NearlyAll)).expect("a folder");
        pools.apply(&resources(pool, client));
        pools.configure(HostedOptions {
            inbox: Some("http://127.0.0.1:4000/_inbox".to_owned()),
            ..Default::default()
        });
        Self { world, pools }
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }

    pub(super) fn call_as(&self, caller: Caller, action: &str, input: Value) -> Answer {
        let request = http::Request::post("/")
            .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{action}"));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let call = ApiCall {
            caller,
            region: "us-east-1".to_owned(),
            parts: Arc::new(parts),
            body: Bytes::from(input.to_string()),
            trace: Trace::default(),
        };
        let (status, body) = wait(async {
            let response = self.pools.call(call).await;
            assert_eq!(response.headers()["access-control-allow-origin"], "*");
            (response.status(), collect(response.into_body(), 1 << 20).await.unwrap())
        });
        let body: Value = serde_json::from_slice(&body).unwrap();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        if status == 200 { Ok(body) } else { Err((text("__type"), text("message"))) }
    }

    /// An unsigned call for the browsers' client.
    pub(super) fn call(&self, action: &str, mut input: Value) -> Answer {
        if input["ClientId"].is_null() && input["AccessToken"].is_null() {
            input["ClientId"] = json!(CLIENT);
        }
        self.call_as(Caller::Anonymous, action, input)
    }

    /// A call of the administrator on the pool.
    pub(super) fn admin(&self, action: &str, mut input: Value) -> Answer {
        input["UserPoolId"] = json!(POOL);
        self.call_as(administrator(), action, input)
    }

    /// The last code that was mailed to somebody.
    #[track_caller]
    pub(super) fn code(&self, to: &str) -> String {
        let mail = self.world.journal.inbox().into_iter().rfind(|mail| mail.to == to);
        mail.and_then(|mail| mail.code).expect("a mailed code")
    }

    /// A user who may sign in; the answer is the `sub`.
    #[track_caller]
    pub(super) fn user(&self, email: &str) -> String {
        let answer =
            self.call("SignUp", json!({ "Username": email, "Password": PASSWORD })).expect("signed up");
        let code = self.code(email);
        self.call("ConfirmSignUp", json!({ "Username": email, "ConfirmationCode": code }))
            .expect("confirmed");
        answer["UserSub"].as_str().unwrap().to_owned()
    }

    /// The first step of SRP, and what a client with this password would answer.
    pub(super) fn srp(&self, name: &str, password: &str) -> Result<Value, (String, String)> {
        let client = SrpClient::new();
        let parameters = json!({ "USERNAME": name, "SRP_A": client.public });
        let asked =
            self.call("InitiateAuth", json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters }))?;
        let of = |name: &str| asked["ChallengeParameters"][name].as_str().unwrap().to_owned();
        let username = of("USER_ID_FOR_SRP");
        let owner = Owner { pool: POOL.split_once('_').unwrap().1, username: &username };
        let block = STANDARD.decode(of("SECRET_BLOCK")).unwrap();
        let signature = client.signature(owner, password, (&of("SALT"), &of("SRP_B")), (&block, TIME));
        Ok(json!({
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": {
                "USERNAME": username, "PASSWORD_CLAIM_SECRET_BLOCK": of("SECRET_BLOCK"), "TIMESTAMP": TIME,
                "PASSWORD_CLAIM_SIGNATURE": STANDARD.encode(signature),
            },
        }))
    }

    /// Signs in by SRP.
    pub(super) fn sign_in(&self, name: &str, password: &str) -> Answer {
        let response = self.srp(name, password)?;
        self.call("RespondToAuthChallenge", response)
    }

    /// The tokens of a user: access, id, refresh.
    #[track_caller]
    pub(super) fn tokens(&self, name: &str) -> [String; 3] {
        let answer = self.sign_in(name, PASSWORD).expect("signed in");
        ["AccessToken", "IdToken", "RefreshToken"]
            .map(|token| answer["AuthenticationResult"][token].as_str().expect("a token").to_owned())
    }
}

pub(super) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[track_caller]
pub(super) fn refused(answer: Answer, code: &str, message: &str) {
    let (is_code, told) = answer.expect_err("a refusal");
    assert_eq!(is_code, code, "{told}");
    assert!(told.contains(message), "{told}");
}
