//! Numbers that nobody can guess, and how they are written.

use aws_lc_rs::{digest, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt::Write;

/// Random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Without random numbers no sign-in is safe; the generator of aws-lc is seeded before `main`.
    rand::fill(&mut bytes).expect("the system gives random numbers");
    bytes
}

/// 256 random bits as text that needs no escaping in URLs.
pub(crate) fn token() -> String {
    base64url(&bytes::<32>())
}

/// Six random digits. The remainder's bias is below one in four thousand.
pub(crate) fn digits() -> String {
    format!("{:06}", u32::from_le_bytes(bytes()) % 1_000_000)
}

/// A random UUID, version 4.
pub(crate) fn uuid() -> String {
    uuid_of(bytes())
}

/// The UUID, version 4, made of these bytes.
pub(crate) fn uuid_of(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

/// `length` random characters of `alphabet`, which has at most 256.
pub(crate) fn text(alphabet: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(alphabet[usize::from(bytes::<1>()[0]) % alphabet.len()])).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    hash
}

pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut tag = [0; 32];
    tag.copy_from_slice(context.sign().as_ref());
    tag
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_says_its_version() {
        let id = uuid();
        assert_eq!((id.len(), &id[14..15]), (36, "4"));
        assert_eq!(uuid_of([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_known_tag() {
        // RFC 4231, test case 2.
        let tag = hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
        assert_eq!(hex(&tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(same(&tag, &tag) && !same(&tag, &tag[1..]));
    }
}
