//! Random identifiers in the shapes that AWS gives them.

use stack_builder_local_core::{Credentials, Principal};
use std::fmt::Write as _;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // It fails only where the machine has no randomness at all; ids that repeat are then the least of its troubles.
    let _ = aws_lc_rs::rand::fill(&mut bytes);
    bytes
}

/// `N` random bytes as hexadecimal digits.
pub(crate) fn hex<const N: usize>() -> String {
    random::<N>().iter().fold(String::with_capacity(2 * N), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A request id: a UUID of version 4.
pub(crate) fn request_id() -> String {
    let number = u128::from_be_bytes(random());
    let number = number & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let digits = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}

/// Makes trace ids.
#[derive(Debug)]
pub(crate) struct TraceIds {
    seconds: u64,
    run: String,
}

impl TraceIds {
    /// From now, in seconds since 1970.
    pub(crate) fn new(seconds: u64) -> Self {
        Self { seconds, run: hex::<8>() }
    }

    /// The value of `Lambda-Runtime-Trace-Id`, as X-Ray writes it: all calls of one request have the same root, and a
    /// call that belongs to none (0) has its own.
    pub(crate) fn of_request(&self, number: u64) -> String {
        let (seconds, parent) = (self.seconds, hex::<8>());
        let root =
            if number == 0 { hex::<12>() } else { format!("{}{:08x}", self.run, number & 0xffff_ffff) };
        format!("Root=1-{seconds:08x}-{root};Parent={parent};Sampled=0")
    }
}

/// Credentials as a role's session has them.
pub(crate) fn credentials(principal: Principal) -> Credentials {
    let letters = |byte: &u8| char::from(BASE32[usize::from(byte % 32)]);
    let key: String = random::<16>().iter().map(letters).collect();
    Credentials::new(format!("ASIA{key}"), hex::<20>(), Some(hex::<32>()), principal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_shapes_of_aws() {
        let id = request_id();
        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        assert_eq!(&id[14..15], "4", "{id}");
        assert!("89ab".contains(&id[19..20]), "{id}");
        assert_ne!(id, request_id());
        let traces = TraceIds::new(0x5f00_0000);
        let root = |number| traces.of_request(number).split(';').next().map(str::to_owned);
        assert_eq!(root(3).map(|root| root.len()), Some("Root=1-5f000000-0123456789abcdef01234567".len()));
        assert_eq!(root(3), root(3));
        assert_ne!(root(0), root(0));
        let credentials = credentials(Principal::Administrator);
        assert_eq!((credentials.access_key.len(), credentials.secret_key.len()), (20, 40));
    }
}
