//! The secret that stands for a logged-in visitor.

use crate::Failure;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// Random bytes in an id: more than anyone can guess, however many sessions there are.
const BYTES: usize = 32;
/// Their base64url text.
const LENGTH: usize = 43;

/// A session id: 32 random bytes as base64url without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionId(String);

impl SessionId {
    /// A new one, from the operating system's random source.
    ///
    /// # Errors
    /// [`Failure::Internal`] when that source fails; there is no weaker one to fall back to.
    pub fn random() -> Result<Self, Failure> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| Failure::Internal(format!("random bytes: {error}")))?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Checks that a text could be one that [`SessionId::random`] made; only such a text is looked up.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Some(text).filter(|text| text.len() == LENGTH)?;
        // Refuses other letters and, in the last one, bits that no encoder sets.
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(bytes).ok()?;
        (bytes.len() == BYTES).then(|| Self(text.to_owned()))
    }

    /// The text: for the cookie and the table's key only.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Eight letters that tell sessions apart in a log and open none of them.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(&self.0);
        format!("{:08x}", digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte)))
    }
}

/// Shows the fingerprint: an id that slips into a log or a failed test must not be of use.
impl fmt::Debug for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionId(#{})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn random_ids_parse_and_differ() {
        let ids: std::collections::BTreeSet<_> = (0..100).map(|_| SessionId::random().unwrap().0).collect();
        assert_eq!(ids.len(), 100);
        assert!(ids.iter().all(|id| SessionId::parse(id).is_some_and(|parsed| parsed.0 == *id)));
    }

    #[test]
    fn one_text_for_each_value() {
        let id = "A".repeat(LENGTH);
        assert!(SessionId::parse(&id).is_some());
        // The last letter carries four bits only; `B` has one more.
        for text in [format!("{}B", &id[1..]), format!("{id}="), id[1..].to_owned(), format!("{id}A")] {
            assert_eq!(SessionId::parse(&text), None, "{text}");
        }
    }

    #[test]
    fn debug_tells_no_secret() {
        let id = SessionId::random().unwrap();
        assert!(!format!("{id:?}").contains(id.as_str()));
        assert_eq!(format!("{id:?}").len(), "SessionId(#01234567)".len());
    }

    proptest! {
        #[test]
        fn whatever_parses_is_43_letters_of_base64url(text in "[A-Za-z0-9_-]{42,44}|\\PC{0,50}|[A-Za-z0-9+/=]{43}") {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
            if let Some(id) = SessionId::parse(&text) {
                prop_assert_eq!(id.as_str(), &text);
                prop_assert!(text.len() == LENGTH && text.bytes().all(plain));
            }
        }

        #[test]
        fn every_32_bytes_are_an_id(bytes in any::<[u8; 32]>()) {
            prop_assert!(SessionId::parse(&BASE64_URL_SAFE_NO_PAD.encode(bytes)).is_some());
        }
    }
}
