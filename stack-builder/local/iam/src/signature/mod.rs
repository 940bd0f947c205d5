//! Signature Version 4: whose request it is, and whether the holder of the secret made it.

mod canonical;
mod error;
mod fields;

pub use error::{Protocol, SignatureError, SignatureFault};

use crate::calendar::basic;
use crate::keys::{hex, hmac_sha256, sha256};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use canonical::canonical_request;
use fields::Fields;
use http::request::Parts;
use stack_builder_local_core::{Clock, Credentials, Identities};

/// How far a client's clock may be off, in seconds.
const SKEW: u64 = 5 * 60;

/// What a request's credential names, without a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The access key.
    pub access_key: String,
    /// The region: `us-east-1`.
    pub region: String,
    /// The service as signatures call it: `dynamodb`, `s3`, `sts`.
    pub service: String,
}

/// For which region and service a request is signed, so that it can be handed on; nothing is checked.
pub fn scope(parts: &Parts) -> Option<Scope> {
    let fields = Fields::read(parts).ok()?;
    Some(Scope { access_key: fields.access_key, region: fields.region, service: fields.service })
}

/// Checks the signature of a request, in the `Authorization` header or in the query string, and tells whose it is.
///
/// `body` is the whole body; a hash that the client sent along must be its hash.
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.
///
/// # Errors
/// Whatever is missing, malformed, forged, too old or not yet valid, in AWS's words.
pub fn verify(
    parts: &Parts,
    body: &[u8],
    identities: &Identities,
    clock: &Clock,
) -> Result<Credentials, SignatureError> {
    let fields = Fields::read(parts)?;
    fields.check_scope()?;
    let now = clock.seconds();
    check_time(&fields, now)?;
    let credentials = identities.find(&fields.access_key).ok_or_else(SignatureError::unknown_key)?;
    check_token(&fields, &credentials)?;
    if credentials.expires.is_some_and(|at| at <= now) {
        return Err(SignatureError::expired_token());
    }
    let request = canonical_request(parts, body, &fields)?;
    check_signature(&fields, &request, &credentials.secret_key)?;
    Ok(credentials)
}

fn check_time(fields: &Fields, now: u64) -> Result<(), SignatureError> {
    let (signed, now_text) = (basic(fields.at), basic(now));
    if fields.at > now + SKEW {
        let latest = basic(now + SKEW);
        return Err(SignatureError::mismatch(format!(
            "Signature not yet current: {signed} is still later than {latest} ({now_text} + 5 min.)"
        )));
    }
    let life = fields.expires.unwrap_or(SKEW);
    if fields.at.saturating_add(life) >= now {
        return Ok(());
    }
    let earliest = basic(now.saturating_sub(life));
    let span = if life.is_multiple_of(60) { format!("{} min.", life / 60) } else { format!("{life} s") };
    Err(SignatureError::mismatch(format!(
        "Signature expired: {signed} is now earlier than {earliest} ({now_text} - {span})"
    )))
}

/// A role's request carries its token, and nobody else's carries any.
fn check_token(fields: &Fields, credentials: &Credentials) -> Result<(), SignatureError> {
    match (&credentials.session_token, &fields.token) {
        (None, None) => Ok(()),
        (Some(known), Some(sent)) => verify_slices_are_equal(known.as_bytes(), sent.as_bytes())
            .map_err(|_| SignatureError::unknown_key()),
        _ => Err(SignatureError::unknown_key()),
    }
}

fn check_signature(fields: &Fields, request: &[u8], secret: &str) -> Result<(), SignatureError> {
    let hash = hex(&sha256(request));
    let text = format!("AWS4-HMAC-SHA256\n{}\n{}\n{hash}", basic(fields.at), fields.scope());
    let key = signing_key(secret, fields);
    let signature = unhex(&fields.signature).ok_or_else(SignatureError::forged)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_ref());
    hmac::verify(&key, text.as_bytes(), &signature).map_err(|_| SignatureError::forged())
}

fn signing_key(secret: &str, fields: &Fields) -> hmac::Tag {
    let day = hmac_sha256(format!("AWS4{secret}").as_bytes(), fields.day.as_bytes());
    let region = hmac_sha256(day.as_ref(), fields.region.as_bytes());
    let service = hmac_sha256(region.as_ref(), fields.service.as_bytes());
    hmac_sha256(service.as_ref(), b"aws4_request")
}

/// Lower-case hexadecimal of a SHA-256 hash; nothing else is a signature.
fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let bytes = (text.len() == 64).then_some(text.as_bytes())?;
    let mut out = [0; 32];
    for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        *slot = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}
