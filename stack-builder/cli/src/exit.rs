//! What the process tells its caller.

use std::process::ExitCode;

/// The documented exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// The command did what was asked.
    Done = 0,
    /// It could not.
    Failed = 1,
    /// It was not understood: an unknown flag, stack or package (the code that clap uses as well).
    Usage = 2,
    /// Ctrl-C ended it (128 and the number of the signal, as shells count).
    Interrupted = 130,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        ExitCode::from(status as u8)
    }
}
