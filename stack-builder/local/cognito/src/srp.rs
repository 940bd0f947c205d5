//! The Secure Remote Password protocol (SRP-6a, RFC 5054's group of 3072 bits) with Cognito's key derivation.
//!
//! What the two sides hash is told by Amazon's clients: <https://github.com/aws-amplify/amplify-js>, package
//! `amazon-cognito-identity-js`. Numbers are hashed as their shortest two's complement.

use crate::random::{bytes, hmac, sha256};
use num_bigint::{BigInt, BigUint};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

const MODULUS: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F2411\
7C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D\
670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497C\
EA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7\
ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0\
BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

static N: LazyLock<BigUint> =
    LazyLock::new(|| BigUint::parse_bytes(MODULUS.as_bytes(), 16).unwrap_or_default());
static K: LazyLock<BigUint> = LazyLock::new(|| BigUint::from_bytes_be(&sha256(&[pad(&N), vec![2]].concat())));

fn pad(number: &BigUint) -> Vec<u8> {
    BigInt::from(number.clone()).to_signed_bytes_be()
}

/// What is kept of a password: enough to check it, too little to sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verifier {
    /// Hexadecimal.
    salt: String,
    /// Hexadecimal.
    verifier: String,
}

/// Whose password: both are hashed with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    /// What follows `_` in the pool's id.
    pub(crate) pool: &'a str,
    pub(crate) username: &'a str,
}

impl Verifier {
    /// The verifier of a password, with a new salt.
    pub(crate) fn new(owner: Owner<'_>, password: &str) -> Self {
        Self::with_salt(owner, password, &BigUint::from_bytes_be(&bytes::<16>()))
    }

    fn with_salt(owner: Owner<'_>, password: &str, salt: &BigUint) -> Self {
        let secret = sha256(format!("{}{}:{password}", owner.pool, owner.username).as_bytes());
        let x = BigUint::from_bytes_be(&sha256(&[&pad(salt), &secret[..]].concat()));
        let verifier = BigUint::from(2_u8).modpow(&x, &N);
        Self { salt: format!("{salt:x}"), verifier: format!("{verifier:x}") }
    }

    /// One that no password has, the same for the same seed: a user who does not exist has a salt that stays.
    pub(crate) fn pretended(seed: &[u8; 32]) -> Self {
        let salt = BigUint::from_bytes_be(&seed[..16]);
        Self {
            salt: format!("{salt:x}"),
            verifier: format!("{:x}", BigUint::from_bytes_be(&bytes::<384>()) % &*N),
        }
    }

    /// Whether it is this password.
    pub(crate) fn is_of(&self, owner: Owner<'_>, password: &str) -> bool {
        let salt = number(&self.salt).unwrap_or_default();
        let other = Self::with_salt(owner, password, &salt);
        crate::random::same(other.verifier.as_bytes(), self.verifier.as_bytes())
    }

    /// The salt as the challenge has it: hexadecimal.
    pub(crate) fn salt(&self) -> &str {
        &self.salt
    }
}

fn number(hex: &str) -> Option<BigUint> {
    // 3072 bits are 768 digits; clients may put zeros before them.
    (hex.len() <= 1024).then(|| BigUint::parse_bytes(hex.as_bytes(), 16))?
}

/// The server's half of one sign-in.
#[derive(Clone)]
pub(crate) struct Exchange {
    key: [u8; 16],
    /// The server's public number, hexadecimal.
    pub(crate) public: String,
}

impl Exchange {
    /// Answers the client's public number; `None` when the client may not send such a number.
    pub(crate) fn answer(verifier: &Verifier, client_public: &str) -> Option<Self> {
        let (zero, a) = (BigUint::default(), number(client_public)?);
        if &a % &*N == zero {
            return None;
        }
        let v = number(&verifier.verifier)?;
        let secret = BigUint::from_bytes_be(&bytes::<32>());
        let b = (&*K * &v + BigUint::from(2_u8).modpow(&secret, &N)) % &*N;
        let u = BigUint::from_bytes_be(&sha256(&[pad(&a), pad(&b)].concat()));
        if u == zero {
            return None;
        }
        let shared = (a * v.modpow(&u, &N)).modpow(&secret, &N);
        let extracted = hmac(&pad(&u), &[&pad(&shared)]);
        let mut key = [0; 16];
        key.copy_from_slice(&hmac(&extracted, &[b"Caldera Derived Key\x01"])[..16]);
        Some(Self { key, public: format!("{b:x}") })
    }

    /// What a client signs that knows the password.
    pub(crate) fn signature(&self, owner: Owner<'_>, secret_block: &[u8], timestamp: &str) -> [u8; 32] {
        let parts = [owner.pool.as_bytes(), owner.username.as_bytes(), secret_block, timestamp.as_bytes()];
        hmac(&self.key, &parts)
    }
}

/// Whether it is a time as clients write it: `Wed Nov 5 10:00:00 UTC 2026`.
pub(crate) fn is_timestamp(text: &str) -> bool {
    const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: &[&str] =
        &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = text.split(' ').collect();
    let [day, month, date, time, "UTC", year] = parts[..] else { return false };
    let numbers: Vec<&str> = time.split(':').collect();
    let is_number = |text: &str, most: u16| text.parse::<u16>().is_ok_and(|number| number <= most);
    DAYS.contains(&day)
        && MONTHS.contains(&month)
        && is_number(date, 31)
        && is_number(year, 9999)
        && matches!(numbers[..], [h, m, s] if is_number(h, 23) && is_number(m, 59) && is_number(s, 60))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The client's side, written from the protocol and not from the code above.
    pub(crate) struct Client {
        secret: BigUint,
        pub(crate) public: String,
    }

    fn group() -> BigUint {
        // RFC 3526, 4: 2^3072 - 2^3008 - 1 + 2^64 * ([2^2942 pi] + 1690314); the digits themselves are Amazon's.
        BigUint::parse_bytes(MODULUS.as_bytes(), 16).unwrap()
    }

    fn even(hex: &str) -> Vec<u8> {
        let hex = if hex.len() % 2 == 1 { format!("0{hex}") } else { hex.to_owned() };
        let hex = if hex.as_bytes()[0] > b'7' { format!("00{hex}") } else { hex };
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    fn hashed(parts: &[Vec<u8>]) -> BigUint {
        BigUint::from_bytes_be(&sha256(&parts.concat()))
    }

    impl Client {
        pub(crate) fn new() -> Self {
            let secret = BigUint::from_bytes_be(&bytes::<128>());
            let public = format!("{:x}", BigUint::from(2_u8).modpow(&secret, &group()));
            Self { secret, public }
        }

        pub(crate) fn signature(
            &self,
            owner: Owner<'_>,
            password: &str,
            (salt, server): (&str, &str),
            (block, timestamp): (&[u8], &str),
        ) -> [u8; 32] {
            let n = group();
            let scramble = hashed(&[even(&self.public), even(server)]);
            let name = format!("{}{}:{password}", owner.pool, owner.username);
            let private = hashed(&[even(salt), sha256(name.as_bytes()).to_vec()]);
            let multiplier = hashed(&[even(MODULUS), vec![2]]);
            let theirs = BigUint::parse_bytes(server.as_bytes(), 16).unwrap();
            let power = BigUint::from(2_u8).modpow(&private, &n);
            let base = (theirs + &n * &multiplier - multiplier * power) % &n;
            let shared = base.modpow(&(&self.secret + &scramble * private), &n);
            let extracted = hmac(&even(&format!("{scramble:x}")), &[&even(&format!("{shared:x}"))]);
            let key = &hmac(&extracted, &[b"Caldera Derived Key", &[1]])[..16];
            hmac(key, &[owner.pool.as_bytes(), owner.username.as_bytes(), block, timestamp.as_bytes()])
        }
    }

    const OWNER: Owner<'_> = Owner { pool: "abcdefghi", username: "ann" };

    #[test]
    fn both_sides_find_the_same_key() {
        let verifier = Verifier::new(OWNER, "Correct-horse-7");
        let time = "Wed Nov 5 10:00:00 UTC 2026";
        for (password, alike) in [("Correct-horse-7", true), ("Correct-horse-8", false), ("", false)] {
            let client = Client::new();
            let server = Exchange::answer(&verifier, &client.public).expect("a number");
            let challenge = (verifier.salt(), server.public.as_str());
            let theirs = client.signature(OWNER, password, challenge, (b"block", time));
            assert_eq!(theirs == server.signature(OWNER, b"block", time), alike, "{password}");
            assert_ne!(theirs, server.signature(OWNER, b"other", time));
            assert_ne!(theirs, server.signature(Owner { username: "bob", ..OWNER }, b"block", time));
        }
    }

    #[test]
    fn numbers_that_give_the_key_away_are_refused() {
        let verifier = Verifier::new(OWNER, "x");
        let n = group();
        let multiples = [BigUint::default(), n.clone(), &n * 2_u8].map(|number| format!("{number:x}"));
        for public in multiples.iter().map(String::as_str).chain(["", "xyz", "-1", &"f".repeat(1025)]) {
            assert!(Exchange::answer(&verifier, public).is_none(), "{public:.20}");
        }
    }

    #[test]
    fn checks_a_password_by_its_verifier() {
        let verifier = Verifier::new(OWNER, "Pässword-1");
        assert!(verifier.is_of(OWNER, "Pässword-1"));
        assert!(!verifier.is_of(OWNER, "pässword-1"));
        assert!(!verifier.is_of(Owner { pool: "other", ..OWNER }, "Pässword-1"));
        assert_ne!(verifier, Verifier::new(OWNER, "Pässword-1"));
    }

    #[test]
    fn times_as_clients_write_them() {
        for good in ["Wed Nov 5 10:00:00 UTC 2026", "Mon Jan 31 23:59:59 UTC 2030"] {
            assert!(is_timestamp(good), "{good}");
        }
        let bad = ["", "Wed Nov 5 10:00:00 GMT 2026", "Wed Nov  5 10:00:00 UTC 2026", "2026-11-05T10:00:00Z"];
        for bad in bad.into_iter().chain(["Wed Nov 5 24:00:00 UTC 2026", "Wed Foo 5 10:00:00 UTC 2026"]) {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }
}
