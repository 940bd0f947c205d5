//! Signing in by the API: the first step, and the answers to challenges.

use super::{AdminCall, ClientCall, Handlers};
use crate::accounts::set_password;
use crate::client::Client;
use crate::errors::{Result, invalid, missing, no_client, not_authorized};
use crate::input::{Input, bounded};
use crate::pool::{Challenge, Pool};
use crate::random;
use crate::schema::VERIFIED;
use crate::sign_in::{self, Next, Proof};
use crate::srp::{Exchange, Verifier, is_timestamp};
use crate::token::{self, Grant};
use crate::user::User;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub(super) const HANDLERS: Handlers<ClientCall> = &[
    ("InitiateAuth", |call| Attempt::of(call).begin(false)),
    ("RespondToAuthChallenge", |call| Attempt::of(call).go_on()),
];

pub(super) const ADMIN: Handlers<AdminCall> = &[
    ("AdminInitiateAuth", |call| Attempt::of_admin(call)?.begin(true)),
    ("AdminRespondToAuthChallenge", |call| Attempt::of_admin(call)?.go_on()),
];

/// One step of a sign-in.
struct Attempt<'a> {
    pool: &'a Pool,
    client: &'a Client,
    input: &'a Input,
}

impl<'a> Attempt<'a> {
    fn of(call: &'a ClientCall) -> Self {
        Self { pool: &call.pool, client: &call.client, input: &call.input }
    }

    fn of_admin(call: &'a AdminCall) -> Result<Self> {
        let id = call.input.required("ClientId")?;
        let client = call.pool.client(id).ok_or_else(|| no_client(id))?;
        Ok(Self { pool: &call.pool, client, input: &call.input })
    }

    fn begin(&self, is_admin: bool) -> Result<Value> {
        let client = self.client;
        match self.input.required("AuthFlow")? {
            "USER_SRP_AUTH" if client.allows(&["ALLOW_USER_SRP_AUTH"]) => self.srp(),
            "USER_SRP_AUTH" => Err(invalid("USER_SRP_AUTH is not enabled for the client.")),
            "USER_PASSWORD_AUTH" if is_admin => Err(invalid("Initiate Auth method not supported.")),
            "USER_PASSWORD_AUTH" if client.allows(&["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"]) => {
                self.password()
            }
            "USER_PASSWORD_AUTH" => Err(invalid("USER_PASSWORD_AUTH flow not enabled for this client")),
            "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" if !is_admin => {
                Err(invalid("Initiate Auth method not supported."))
            }
            "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH"
                if client.allows(&["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]) =>
            {
                self.password()
            }
            "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" if client.rotation.is_none() => self.refresh(),
            "ADMIN_USER_PASSWORD_AUTH" | "ADMIN_NO_SRP_AUTH" | "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => {
                Err(invalid("Auth flow not enabled for this client"))
            }
            "CUSTOM_AUTH" | "USER_AUTH" => Err(invalid(
                "This flow is not answered on this machine. Use USER_SRP_AUTH or USER_PASSWORD_AUTH.",
            )),
            _ => Err(invalid("Initiate Auth method not supported.")),
        }
    }

    fn parameter(&self, name: &str) -> Result<&'a str> {
        self.input.entry("AuthParameters", name).ok_or_else(|| missing(name))
    }

    /// The user's name, with the client's secret proved.
    fn name(&self) -> Result<&'a str> {
        let name = bounded("username", self.parameter("USERNAME")?, 128)?;
        self.check_hash(name, self.input.entry("AuthParameters", "SECRET_HASH"))?;
        Ok(name)
    }

    fn check_hash(&self, name: &str, hash: Option<&str>) -> Result<()> {
        self.client.check_hash(self.pool.secret(self.client)?.as_deref(), name, hash)
    }

    fn password(&self) -> Result<Value> {
        let name = self.name()?;
        let password = bounded("password", self.parameter("PASSWORD")?, 256)?;
        let user = sign_in::by_password(self.pool, self.client, name, password)?;
        self.passed(&user)
    }

    fn srp(&self) -> Result<Value> {
        let (name, public) = (self.name()?, self.parameter("SRP_A")?);
        sign_in::check_pause(self.pool, name)?;
        let user = self.pool.user(name);
        if user.is_none() && !self.client.hides_users {
            return Err(sign_in::unknown(self.client));
        }
        let pretence = self.pool.pretence(&self.pool.definition.folded(name));
        let username = user
            .as_ref()
            .map_or_else(|| pretended_username(self.pool, name, &pretence), |u| u.username.clone());
        let verifier = user.and_then(|user| user.verifier).unwrap_or_else(|| Verifier::pretended(&pretence));
        let exchange = Exchange::answer(&verifier, public).ok_or_else(|| invalid("Invalid SRP_A value."))?;
        let block = random::bytes::<96>();
        let parameters = json!({
            "SALT": verifier.salt(), "SECRET_BLOCK": STANDARD.encode(block), "SRP_B": exchange.public,
            "USERNAME": username, "USER_ID_FOR_SRP": username,
        });
        let (client, name) = (self.client.id.clone(), name.to_owned());
        self.keep(STANDARD.encode(block), Challenge::Password { client, name, username, exchange });
        Ok(json!({ "ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": parameters }))
    }

    fn keep(&self, key: String, challenge: Challenge) {
        let until = self.pool.now() + self.client.step.max(60);
        self.pool.state.challenges.put(key, until, challenge);
    }

    fn refresh(&self) -> Result<Value> {
        let refresh = self.parameter("REFRESH_TOKEN")?;
        if let Some(secret) = self.pool.secret(self.client)? {
            self.check_refresh_hash(&secret, refresh)?;
        }
        let tokens = token::renew(self.pool, self.client, refresh)?;
        Ok(json!({ "AuthenticationResult": tokens.shape(), "ChallengeParameters": {} }))
    }

    /// Clients send the hash with the `sub` or the user name; some send the secret itself.
    fn check_refresh_hash(&self, secret: &str, refresh: &str) -> Result<()> {
        let hash = self.input.entry("AuthParameters", "SECRET_HASH");
        if hash.is_some_and(|hash| random::same(hash.as_bytes(), secret.as_bytes())) {
            return Ok(());
        }
        let sub = refresh.split_once('.').and_then(|(sub, _)| random::from_base64url(sub));
        let sub = sub.and_then(|sub| String::from_utf8(sub).ok()).unwrap_or_default();
        let username = self.pool.user(&sub).map(|user| user.username).unwrap_or_default();
        self.check_hash(&sub, hash).or_else(|_| self.check_hash(&username, hash))
    }

    /// The password was right: tokens, or the next challenge.
    fn passed(&self, user: &User) -> Result<Value> {
        match sign_in::next(self.pool, user)? {
            Next::Tokens => self.tokens(user),
            Next::NewPassword => Ok(self.ask_new_password(user)),
        }
    }

    fn tokens(&self, user: &User) -> Result<Value> {
        let tokens = token::begin(self.pool, self.client, user, &Grant::of_api(self.pool))?;
        Ok(json!({ "AuthenticationResult": tokens.shape(), "ChallengeParameters": {} }))
    }

    fn ask_new_password(&self, user: &User) -> Value {
        let session = random::base64url(&random::bytes::<96>());
        let (client, username) = (self.client.id.clone(), user.username.clone());
        self.keep(session.clone(), Challenge::NewPassword { client, username });
        let lacking = self.pool.definition.schema.lacking(&user.attributes);
        let lacking: Vec<String> = lacking.iter().map(|name| format!("userAttributes.{name}")).collect();
        json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": session,
            "ChallengeParameters": {
                "USER_ID_FOR_SRP": user.username,
                "requiredAttributes": json!(lacking).to_string(),
                "userAttributes": json!(user.attributes).to_string(),
            },
        })
    }

    fn go_on(&self) -> Result<Value> {
        match self.input.required("ChallengeName")? {
            "PASSWORD_VERIFIER" => self.verify(),
            "NEW_PASSWORD_REQUIRED" => self.new_password(),
            _ => Err(not_authorized("Invalid session for the user.")),
        }
    }

    fn response(&self, name: &str) -> Result<&'a str> {
        self.input.entry("ChallengeResponses", name).ok_or_else(|| missing(name))
    }

    fn verify(&self) -> Result<Value> {
        let name = self.response("USERNAME")?;
        self.check_hash(name, self.input.entry("ChallengeResponses", "SECRET_HASH"))?;
        let block = self.response("PASSWORD_CLAIM_SECRET_BLOCK")?;
        let timestamp = self.response("TIMESTAMP")?;
        let signature = STANDARD.decode(self.response("PASSWORD_CLAIM_SIGNATURE")?).unwrap_or_default();
        if !is_timestamp(timestamp) {
            return Err(invalid("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."));
        }
        let Some(Challenge::Password { client, name: asked, username, exchange }) = self.take(block) else {
            return Err(sign_in::unknown_session());
        };
        let definition = &self.pool.definition;
        let is_named =
            [&asked, &username].iter().any(|known| definition.folded(known) == definition.folded(name));
        if client != self.client.id || !is_named {
            return Err(sign_in::unknown_session());
        }
        let block = STANDARD.decode(block).unwrap_or_default();
        let proof = Proof { block: &block, timestamp, signature: &signature };
        let user = sign_in::by_proof(self.pool, &asked, &username, &exchange, &proof)?;
        self.passed(&user)
    }

    fn take(&self, key: &str) -> Option<Challenge> {
        self.pool.state.challenges.take(key, self.pool.now())
    }

    fn new_password(&self) -> Result<Value> {
        let name = self.response("USERNAME")?;
        self.check_hash(name, self.input.entry("ChallengeResponses", "SECRET_HASH"))?;
        let password = bounded("password", self.response("NEW_PASSWORD")?, 256)?;
        let session = self.input.required("Session")?;
        let kept = self.pool.state.challenges.get(session, self.pool.now());
        let Some(Challenge::NewPassword { client, username }) = kept else {
            return Err(not_authorized("Invalid session for the user, session is expired."));
        };
        let is_same = self.pool.user(name).is_some_and(|user| user.username == username);
        if client != self.client.id || !is_same {
            return Err(not_authorized("Invalid session for the user."));
        }
        // A weak password may be followed by a better one; after that the session is used up.
        self.pool.definition.policy.check(password)?;
        self.take(session);
        let user = self.finish_new_password(&username, password)?;
        self.tokens(&user)
    }

    fn finish_new_password(&self, username: &str, password: &str) -> Result<User> {
        let given = self.input.0["ChallengeResponses"].as_object().into_iter().flatten();
        let given =
            given.filter_map(|(name, value)| Some((name.strip_prefix("userAttributes.")?, value.as_str()?)));
        let given: std::collections::BTreeMap<_, _> =
            given.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.pool.definition.schema.check(&given)?;
        if given.keys().any(|name| !self.client.writes(name) || VERIFIED.contains(&name.as_str())) {
            return Err(not_authorized("A client attempted to write unauthorized attribute"));
        }
        let verifier = Verifier::new(self.pool.owner(username), password);
        self.pool.change(username, |user| {
            sign_in::next(self.pool, user)?;
            user.attributes.extend(given);
            self.pool.definition.schema.check_required(&user.attributes)?;
            set_password(self.pool, user, verifier);
            Ok(user.clone())
        })
    }
}

/// What a user is called who is not there: as one who is would be.
fn pretended_username(pool: &Pool, name: &str, pretence: &[u8; 32]) -> String {
    if pool.definition.username_attributes.is_empty() {
        return name.to_owned();
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&pretence[16..]);
    random::uuid_of(bytes)
}
