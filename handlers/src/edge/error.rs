//! Why an event got the safe answer and not the handler's.

/// A fault of the event, of the handler's answer, or of what the handler stands on. For the log only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EdgeError {
    /// The event is not one that CloudFront sends.
    #[error("the event has no proper {0}")]
    Malformed(&'static str),
    /// The answer is longer than CloudFront takes from this trigger.
    #[error("the response has {size} bytes of {limit}")]
    TooLarge {
        /// Bytes of the response as JSON.
        size: usize,
        /// Bytes that CloudFront takes.
        limit: usize,
    },
    /// The answer changes a header that edge functions may not set here.
    #[error("the header `{0}` must stay as it came")]
    ProtectedHeader(String),
    /// The answer sets a header that no HTTP message can carry.
    #[error("the header `{0}` has an impossible name or value")]
    ImpossibleHeader(String),
    /// The answer changes something else that this trigger may not change.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// The handler itself could not decide.
    #[error("{0}")]
    Internal(String),
}
