//! Public keys that sign the tokens of user pools.

/// An RSA key as a JSON Web Key Set has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// Key id.
    pub kid: String,
    /// Modulus, base64url without padding.
    pub n: String,
    /// Exponent, base64url without padding.
    pub e: String,
}

/// Finds the keys of an issuer.
pub trait TokenKeys: Send + Sync {
    /// The keys of `https://cognito-idp.<region>.amazonaws.com/<pool id>`; `None` for an issuer that is not here.
    fn keys(&self, issuer: &str) -> Option<Vec<PublicKey>>;
}
