//! Names and ids as AWS makes them, derived from a resource's place so that they outlive a restart.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// A source of characters for one resource.
pub(crate) struct Names<'a> {
    pub(crate) stack: &'a str,
    pub(crate) logical_id: &'a str,
}

const LOWER: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

impl Names<'_> {
    fn digest(&self, purpose: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [self.stack, self.logical_id, purpose] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }

    fn of(&self, alphabet: &[u8], purpose: &str, length: usize) -> String {
        let digest = self.digest(purpose);
        (0..length).map(|at| char::from(alphabet[usize::from(digest[at % 32]) % alphabet.len()])).collect()
    }

    /// `length` (at most 32) lower-case letters and digits.
    pub(crate) fn lower(&self, purpose: &str, length: usize) -> String {
        self.of(LOWER, purpose, length)
    }

    /// The same in capitals.
    pub(crate) fn upper(&self, purpose: &str, length: usize) -> String {
        self.of(UPPER, purpose, length)
    }

    /// A UUID's shape.
    pub(crate) fn uuid(&self, purpose: &str) -> String {
        let mut hex = String::with_capacity(32);
        for byte in &self.digest(purpose)[..16] {
            let _ = write!(hex, "{byte:02x}");
        }
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }

    /// `<stack>-<logical id>-<12 characters>`, cut so that it has at most `longest` characters.
    pub(crate) fn generated(&self, longest: usize) -> String {
        let suffix = self.upper("name", 12);
        let room = longest.saturating_sub(suffix.len() + 2);
        let half = room / 2;
        let logical = cut(self.logical_id, half.max(room.saturating_sub(self.stack.len())));
        let stack = cut(self.stack, room - logical.len());
        format!("{stack}-{logical}-{suffix}")
    }
}

fn cut(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_stable_different_and_short_enough() {
        let of = |stack, logical_id| Names { stack, logical_id };
        assert_eq!(of("a-dev", "B").generated(63), of("a-dev", "B").generated(63));
        assert_ne!(of("a", "bc").generated(63), of("ab", "c").generated(63));
        let long = "x".repeat(200);
        assert_eq!(of(&long, &long).generated(63).len(), 63);
        assert!(of(&long, "Files").generated(63).contains("-Files-"));
        assert_eq!(of("a", "b").uuid("").len(), 36);
    }
}
