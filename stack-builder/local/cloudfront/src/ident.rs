//! The ids that CloudFront gives requests.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

static SEEDS: LazyLock<[RandomState; 2]> = LazyLock::new(|| [RandomState::new(), RandomState::new()]);
static COUNT: AtomicU64 = AtomicU64::new(0);
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// 56 characters that no other request has, as `X-Amz-Cf-Id` shows them.
pub(crate) fn request_id() -> String {
    let mut id = String::with_capacity(56);
    while id.len() < 54 {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut bits = SEEDS[0].hash_one(count);
        for _ in 0..10.min(54 - id.len()) {
            id.push(char::from(ALPHABET[usize::try_from(bits & 63).unwrap_or_default()]));
            bits >>= 6;
        }
    }
    id.push_str("==");
    id
}

/// 14 characters that begin with `I`, for invalidations.
pub(crate) fn invalidation_id() -> String {
    let bits = SEEDS[1].hash_one(COUNT.fetch_add(1, Ordering::Relaxed));
    let digit = |place: u32| {
        let index = usize::try_from((bits >> (place * 4)) % 36).unwrap_or_default();
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[index])
    };
    std::iter::once('I').chain((0..13).map(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_usual_shape_and_differ() {
        let (one, two) = (request_id(), request_id());
        assert_ne!(one, two);
        assert_eq!((one.len(), one.ends_with("==")), (56, true));
        assert_eq!(invalidation_id().len(), 14);
        assert_ne!(invalidation_id(), invalidation_id());
    }
}
