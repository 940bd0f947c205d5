//! Ids that API Gateway gives to requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

static KEYED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Differs from call to call and from process to process; nothing secret rests on it.
fn unlike() -> u64 {
    KEYED.hash_one(NEXT.fetch_add(1, Ordering::Relaxed))
}

/// `$context.requestId` of a REST API: a UUID.
pub(crate) fn uuid() -> String {
    let (a, b) = (unlike(), unlike());
    let (a, b) = (a & !0xf000 | 0x4000, b & !(3 << 62) | 1 << 63);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xffff,
        b >> 48,
        b & 0xffff_ffff_ffff
    )
}

/// `$context.extendedRequestId`, which is the request id of an HTTP API: 15 letters and digits, and `=`.
pub(crate) fn extended() -> String {
    let bytes = [unlike().to_le_bytes(), unlike().to_le_bytes()].concat();
    let text = STANDARD.encode(&bytes[..11]);
    text.replace('+', "x").replace('/', "y")
}

/// An X-Ray trace id for a request at `seconds` since 1970.
pub(crate) fn trace(seconds: u64) -> String {
    format!("Root=1-{:08x}-{:016x}{:08x}", seconds & 0xffff_ffff, unlike(), unlike() >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_form_of_aws_and_differ() {
        let id = uuid();
        assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id}");
        assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        assert_ne!(uuid(), id);
        let id = extended();
        assert!(id.len() == 16 && id.ends_with('='), "{id}");
        assert_eq!(trace(0x5fff_599f).len(), "Root=1-5fff599f-6fca6ee66e37fe5e518eb45b".len());
    }
}
