//! Why a signature is refused, in the words and codes of each protocol.

use stack_builder_local_core::ApiError;
use std::fmt;

/// How a service words errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.0 and 1.1: `DynamoDB`, Secrets Manager, Cognito, Logs.
    Json,
    /// REST with JSON: Lambda, API Gateway. Codes as in JSON, status 403.
    Rest,
    /// Forms and XML: STS, `CloudFormation`.
    Query,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureFault {
    /// The request is not signed at all.
    Missing,
    /// A part of the signature is missing or malformed.
    Incomplete,
    /// The access key or the session token is nobody's.
    UnknownKey,
    /// The session token's time is over.
    ExpiredToken,
    /// The signature is another one than the secret would make, or is not valid now.
    Mismatch,
}

/// A refused signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureError {
    /// What is wrong.
    pub fault: SignatureFault,
    /// In AWS's words.
    pub message: String,
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SignatureError {}

impl SignatureError {
    /// The error's code in a protocol.
    pub fn code(&self, protocol: Protocol) -> &'static str {
        let query = protocol == Protocol::Query;
        match self.fault {
            SignatureFault::Missing if query => "MissingAuthenticationToken",
            SignatureFault::Missing => "MissingAuthenticationTokenException",
            SignatureFault::Incomplete if query => "IncompleteSignature",
            SignatureFault::Incomplete => "IncompleteSignatureException",
            SignatureFault::UnknownKey if query => "InvalidClientTokenId",
            SignatureFault::UnknownKey => "UnrecognizedClientException",
            SignatureFault::ExpiredToken if query => "ExpiredToken",
            SignatureFault::ExpiredToken => "ExpiredTokenException",
            SignatureFault::Mismatch if query => "SignatureDoesNotMatch",
            SignatureFault::Mismatch => "InvalidSignatureException",
        }
    }

    /// The HTTP status in a protocol.
    pub fn status(&self, protocol: Protocol) -> u16 {
        match (protocol, self.fault) {
            (Protocol::Json, _) | (_, SignatureFault::Incomplete) => 400,
            _ => 403,
        }
    }

    /// As an error of a protocol.
    pub fn api(&self, protocol: Protocol) -> ApiError {
        let (status, code) = (self.status(protocol), self.code(protocol).to_owned());
        ApiError { status, code, message: self.message.clone() }
    }

    fn new(fault: SignatureFault, message: impl Into<String>) -> Self {
        Self { fault, message: message.into() }
    }

    pub(super) fn missing() -> Self {
        Self::new(SignatureFault::Missing, "Missing Authentication Token")
    }

    pub(super) fn incomplete(message: impl Into<String>) -> Self {
        Self::new(SignatureFault::Incomplete, message)
    }

    pub(super) fn unknown_key() -> Self {
        Self::new(SignatureFault::UnknownKey, "The security token included in the request is invalid.")
    }

    pub(super) fn expired_token() -> Self {
        Self::new(SignatureFault::ExpiredToken, "The security token included in the request is expired")
    }

    pub(super) fn mismatch(message: impl Into<String>) -> Self {
        Self::new(SignatureFault::Mismatch, message)
    }

    pub(super) fn forged() -> Self {
        Self::mismatch(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details.",
        )
    }
}
