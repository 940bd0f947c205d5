//! The key that signs a pool's tokens: RSA, 2048 bits.

use crate::random::{base64url, from_base64url, sha256};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use stack_builder_local_core::PublicKey;

pub(crate) struct SigningKey {
    pair: KeyPair,
    public: PublicKey,
}

impl SigningKey {
    /// A new key, with its text to keep; some tenths of a second.
    pub(crate) fn generate() -> Option<(Self, String)> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
        let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
        let kept = base64url(der.as_ref());
        Some((Self::of(pair)?, kept))
    }

    /// The key that was kept.
    pub(crate) fn restore(kept: &str) -> Option<Self> {
        Self::of(KeyPair::from_pkcs8(&from_base64url(kept)?).ok()?)
    }

    fn of(pair: KeyPair) -> Option<Self> {
        // RFC 8017, A.1.1: a sequence of modulus and exponent.
        let (numbers, _) = element(pair.public_key().as_ref(), 0x30)?;
        let (modulus, rest) = element(numbers, 0x02)?;
        let (exponent, _) = element(rest, 0x02)?;
        let [n, e] = [modulus, exponent].map(|number| base64url(number.strip_prefix(&[0]).unwrap_or(number)));
        let public = PublicKey { kid: base64url(&sha256(modulus)), n, e };
        Some(Self { pair, public })
    }

    pub(crate) fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The JSON Web Token that says this.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({ "kid": self.public.kid, "alg": "RS256" });
        let [header, claims] = [&header, claims].map(|part| base64url(part.to_string().as_bytes()));
        let mut token = format!("{header}.{claims}");
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature).ok()?;
        token.push('.');
        token.push_str(&base64url(&signature));
        Some(token)
    }

    /// What a token says, when this key signed it. Times are not looked at.
    pub(crate) fn verify(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&from_base64url(header)?).ok()?;
        if header["alg"] != "RS256" || header["kid"] != self.public.kid.as_str() {
            return None;
        }
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref());
        key.verify(signed.as_bytes(), &from_base64url(signature)?).ok()?;
        serde_json::from_slice(&from_base64url(claims)?).ok()
    }
}

/// The content of the first element of DER, which has this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match der {
        [found, 0x82, high, low, rest @ ..] if *found == tag => {
            (usize::from(u16::from_be_bytes([*high, *low])), rest)
        }
        [found, 0x81, length, rest @ ..] if *found == tag => (usize::from(*length), rest),
        [found, length @ 0..=0x7f, rest @ ..] if *found == tag => (usize::from(*length), rest),
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// What a token says, whoever signed it: only to find the pool that can tell.
pub(crate) fn unverified(token: &str) -> Option<Value> {
    let claims = token.split('.').nth(1)?;
    serde_json::from_slice(&from_base64url(claims)?).ok()
}
