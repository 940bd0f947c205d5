//! Random keys, identifiers, and the hashes that signatures are made of.

use aws_lc_rs::{digest, hmac, rand};
use stack_builder_local_core::{Credentials, Principal};
use std::fmt::Write;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// New keys of a role, `ASIA…` with a session token, for the environment of a function.
///
/// They are valid once they are in [`Identities`](stack_builder_local_core::Identities).
pub fn role_credentials(role_arn: &str, session: &str) -> Credentials {
    temporary(Principal::Role { role: role_arn.into(), session: session.into() })
}

/// New keys of anybody, with a session token.
pub(crate) fn temporary(principal: Principal) -> Credentials {
    let access_key = format!("ASIA{}", letters(BASE32, 16));
    Credentials::new(access_key, letters(BASE64, 40), Some(letters(BASE64, 240)), principal)
}

/// A new request id, in the form of a UUID of version 4.
pub fn request_id() -> String {
    let mut bytes = random::<16>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

/// The unique id of a role, `AROA…`, or of another principal by its prefix; the same each time for the same ARN.
pub(crate) fn unique_id(prefix: &str, arn: &str) -> String {
    let hash = sha256(arn.as_bytes());
    let tail = hash[..17].iter().map(|byte| char::from(BASE32[usize::from(byte % 32)]));
    prefix.chars().chain(tail).collect()
}

fn letters(alphabet: &[u8], count: usize) -> String {
    // Both alphabets have a power of two letters, so the remainder is even.
    let mut bytes = vec![0; count];
    fill(&mut bytes);
    bytes.iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect()
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

fn fill(bytes: &mut [u8]) {
    // The library's generator cannot fail once the process runs; its signature keeps an older promise.
    rand::fill(bytes).expect("the system's random numbers");
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

pub(crate) fn hmac_sha256(key: &[u8], bytes: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_new_each_time_and_shaped_as_aws_shapes_them() {
        let role = "arn:aws:iam::000000000000:role/r";
        let (one, two) = (role_credentials(role, "f"), role_credentials(role, "f"));
        assert_ne!(one.access_key, two.access_key);
        assert_ne!(one.secret_key, two.secret_key);
        assert_ne!(one.session_token, two.session_token);
        assert!(one.access_key.starts_with("ASIA") && one.access_key.len() == 20);
        assert_eq!(one.principal.arn("000000000000"), "arn:aws:sts::000000000000:assumed-role/r/f");
    }

    #[test]
    fn a_role_keeps_its_id() {
        assert_eq!(unique_id("AROA", "a"), unique_id("AROA", "a"));
        assert_ne!(unique_id("AROA", "a"), unique_id("AROA", "b"));
        assert_eq!(unique_id("AROA", "a").len(), 21);
        assert_eq!(request_id().len(), 36);
    }

    #[test]
    fn hashes_are_the_published_ones() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex(&sha256(b"abc")), abc);
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(tag.as_ref()), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
