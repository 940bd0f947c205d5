//! What stopped a command, and what its user can do about it.

use crate::exit::ExitStatus;
use std::error::Error;
use std::fmt;

/// A message with its hint, its cause and the exit status it calls for; travels inside an [`anyhow::Error`].
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    cause: Option<Box<dyn Error + Send + Sync>>,
    status: ExitStatus,
}

impl Failure {
    /// What happened and where: one sentence without a full stop.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, cause: None, status: ExitStatus::Failed }
    }

    /// What to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The error underneath.
    pub(crate) fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The user asked for something that does not exist, rather than something that went wrong.
    pub(crate) fn usage(mut self) -> Self {
        self.status = ExitStatus::Usage;
        self
    }

    /// The user ended it.
    pub(crate) fn interrupted(mut self) -> Self {
        self.status = ExitStatus::Interrupted;
        self
    }

    /// The status to exit with for `error`.
    pub(crate) fn status_of(error: &anyhow::Error) -> ExitStatus {
        Self::within(error).map_or(ExitStatus::Failed, |failure| failure.status)
    }

    /// The first hint in the chain of `error`.
    pub(crate) fn hint_of(error: &anyhow::Error) -> Option<&str> {
        error.chain().filter_map(|e| e.downcast_ref::<Self>()).find_map(|failure| failure.hint.as_deref())
    }

    fn within(error: &anyhow::Error) -> Option<&Self> {
        error.chain().find_map(|e| e.downcast_ref())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_keeps_hint_and_status() {
        let inner = Failure::new("inner").hint("do this").usage();
        let error = anyhow::Error::new(Failure::new("outer").because(inner));
        assert_eq!(Failure::hint_of(&error), Some("do this"));
        assert_eq!(Failure::status_of(&error), ExitStatus::Failed, "the outermost failure decides");
        assert_eq!(Failure::status_of(&anyhow::anyhow!("other")), ExitStatus::Failed);
    }
}
