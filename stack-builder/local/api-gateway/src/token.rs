//! JSON Web Tokens: whether a token is whole, signed by its issuer, and of this hour.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::{Map, Value};
use stack_builder_local_core::{PublicKey, TokenKeys};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Claims of a token.
pub(crate) type Claims = Arc<Map<String, Value>>;

/// Tokens whose signature is remembered.
const MOST_KNOWN: usize = 256;
/// A longer token is checked each time.
const LONGEST_KNOWN: usize = 4096;

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Missing,
    Malformed,
    Algorithm,
    Issuer,
    Key,
    Signature,
    Expired,
    NotYet,
    Audience,
    Scope,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "there is no token",
            Self::Malformed => "the token is malformed",
            Self::Algorithm => "the token has an unsupported algorithm",
            Self::Issuer => "the token does not have a valid issuer",
            Self::Key => "the token was signed with an unknown key",
            Self::Signature => "the token has an invalid signature",
            Self::Expired => "the token has expired",
            Self::NotYet => "the token is not valid yet",
            Self::Audience => "the token does not have a valid audience",
            Self::Scope => "the token does not have a required scope",
        })
    }
}

/// Checks tokens, and remembers whose signature was good.
pub(crate) struct Verifier {
    keys: Arc<dyn TokenKeys>,
    known: Mutex<HashMap<String, (PublicKey, Claims)>>,
}

impl Verifier {
    /// A verifier that knows no token yet.
    pub(crate) fn new(keys: Arc<dyn TokenKeys>) -> Self {
        Self { keys, known: Mutex::default() }
    }

    /// The claims of a token of one of these issuers that is valid at `now`, seconds since 1970.
    pub(crate) fn verify(&self, token: &str, issuers: &[String], now: u64) -> Result<Claims, Refusal> {
        let claims = self.signed(token, issuers)?;
        in_time(&claims, now)?;
        Ok(claims)
    }

    fn signed(&self, token: &str, issuers: &[String]) -> Result<Claims, Refusal> {
        if let Some((key, claims)) = self.known(token) {
            // Keys and issuers are looked at each time: a pool may have gone meanwhile.
            let issuer = issuer(&claims, issuers)?;
            let still = self.keys.keys(issuer).is_some_and(|keys| keys.contains(&key));
            return if still { Ok(claims) } else { Err(Refusal::Key) };
        }
        let parts = Parts::read(token)?;
        let kid = parts.kid()?;
        let claims = parts.claims()?;
        let keys = self.keys.keys(issuer(&claims, issuers)?).ok_or(Refusal::Issuer)?;
        let key = keys.into_iter().find(|key| key.kid == kid).ok_or(Refusal::Key)?;
        parts.check(&key)?;
        let claims = Arc::new(claims);
        self.remember(token, key, &claims);
        Ok(claims)
    }

    fn known(&self, token: &str) -> Option<(PublicKey, Claims)> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    fn remember(&self, token: &str, key: PublicKey, claims: &Claims) {
        if token.len() > LONGEST_KNOWN {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(token.to_owned(), (key, claims.clone()));
    }
}

/// The three parts of a token.
struct Parts<'t> {
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
    signed: &'t str,
}

impl<'t> Parts<'t> {
    fn read(token: &'t str) -> Result<Self, Refusal> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Refusal::Malformed)?;
        if payload.contains('.') || signature.is_empty() {
            return Err(Refusal::Malformed);
        }
        Ok(Self { header, payload, signature, signed })
    }

    /// The key's id. RS256 is what Cognito signs with; a token that chooses anything else, such as `none` or a
    /// secret-key algorithm, chooses it for a reason.
    fn kid(&self) -> Result<String, Refusal> {
        let header = object(self.header)?;
        if header.get("alg").and_then(Value::as_str) != Some("RS256") || header.contains_key("crit") {
            return Err(Refusal::Algorithm);
        }
        header.get("kid").and_then(Value::as_str).map(str::to_owned).ok_or(Refusal::Key)
    }

    fn claims(&self) -> Result<Map<String, Value>, Refusal> {
        object(self.payload)
    }

    fn check(&self, key: &PublicKey) -> Result<(), Refusal> {
        let key = DecodingKey::from_rsa_components(&key.n, &key.e).map_err(|_| Refusal::Key)?;
        match crypto::verify(self.signature, self.signed.as_bytes(), &key, Algorithm::RS256) {
            Ok(true) => Ok(()),
            _ => Err(Refusal::Signature),
        }
    }
}

fn object(part: &str) -> Result<Map<String, Value>, Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::Malformed)?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Refusal::Malformed),
    }
}

fn issuer<'c>(claims: &'c Map<String, Value>, issuers: &[String]) -> Result<&'c str, Refusal> {
    let issuer = claims.get("iss").and_then(Value::as_str).ok_or(Refusal::Issuer)?;
    if issuers.iter().any(|known| known == issuer) { Ok(issuer) } else { Err(Refusal::Issuer) }
}

/// `exp` must be there and lie ahead; `nbf` and `iat`, when they are there, must not
/// ([checks](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html)).
fn in_time(claims: &Map<String, Value>, now: u64) -> Result<(), Refusal> {
    if date(claims, "exp")?.ok_or(Refusal::Malformed)? <= now {
        return Err(Refusal::Expired);
    }
    for name in ["nbf", "iat"] {
        if date(claims, name)?.is_some_and(|from| from > now) {
            return Err(Refusal::NotYet);
        }
    }
    Ok(())
}

fn date(claims: &Map<String, Value>, name: &str) -> Result<Option<u64>, Refusal> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    value.as_u64().map(Some).ok_or(Refusal::Malformed)
}

/// Whether the token is for one of these: `aud`, or `client_id` when there is no `aud`.
pub(crate) fn is_for(claims: &Map<String, Value>, audiences: &[String]) -> bool {
    let named =
        |value: &Value| value.as_str().is_some_and(|name| audiences.iter().any(|known| known == name));
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(named),
        Some(one) => named(one),
        None => claims.get("client_id").is_some_and(named),
    }
}

/// Those of the wanted scopes that the token has, in `scope` or `scp`.
pub(crate) fn scopes_of(claims: &Map<String, Value>, wanted: &[String]) -> Vec<String> {
    let has = |name: &String| ["scope", "scp"].iter().any(|claim| has_scope(claims.get(*claim), name));
    wanted.iter().filter(|name| has(name)).cloned().collect()
}

fn has_scope(claim: Option<&Value>, name: &str) -> bool {
    match claim {
        Some(Value::String(scopes)) => scopes.split(' ').any(|scope| scope == name),
        Some(Value::Array(scopes)) => scopes.iter().any(|scope| scope.as_str() == Some(name)),
        _ => false,
    }
}

/// The token of a header's value: what follows `Bearer`, or all of it.
pub(crate) fn bearer(value: &str) -> &str {
    let value = value.trim();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => value,
    }
}
