//! The documents and log lines with which Lambda says that a handler failed.

use bytes::Bytes;
use serde_json::json;
use std::process::ExitStatus;
use std::time::Duration;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Such as `Runtime.ExitError`.
    pub(crate) kind: &'static str,
    /// What the caller reads.
    pub(crate) message: String,
}

impl Failure {
    fn new(kind: &'static str, request_id: &str, what: &str) -> Self {
        Self { kind, message: format!("RequestId: {request_id} Error: {what}") }
    }

    /// The process ended without having answered.
    pub(crate) fn exited(request_id: &str, status: Option<ExitStatus>) -> Self {
        Self::new("Runtime.ExitError", request_id, &ending(status))
    }

    /// The answer took longer than the function's timeout.
    pub(crate) fn timed_out(request_id: &str, after: Duration) -> Self {
        let what = format!("Task timed out after {:.2} seconds", after.as_secs_f64());
        Self::new("Sandbox.Timedout", request_id, &what)
    }

    /// The program cannot be run at all.
    pub(crate) fn no_program(request_id: &str, why: &str) -> Self {
        Self::new("Runtime.InvalidEntrypoint", request_id, why)
    }

    /// There is no program, because it is not built.
    pub(crate) fn not_built(request_id: &str, why: &str) -> Self {
        Self::new("Local.NotBuilt", request_id, why)
    }

    /// The answer is larger than Lambda passes on.
    pub(crate) fn too_large(size: usize, limit: usize) -> Self {
        let message = format!(
            "Response payload size ({size} bytes) exceeded maximum allowed payload size ({limit} bytes)."
        );
        Self { kind: "Function.ResponseSizeTooLarge", message }
    }

    /// What the caller is answered.
    pub(crate) fn document(&self) -> Bytes {
        json!({ "errorType": self.kind, "errorMessage": self.message }).to_string().into()
    }

    /// Whether time ran out.
    pub(crate) fn is_timeout(&self) -> bool {
        self.kind == "Sandbox.Timedout"
    }
}

/// How a process ended, in the words of Lambda's own supervisor.
fn ending(status: Option<ExitStatus>) -> String {
    let Some(status) = status else { return "Runtime exited without providing a reason".to_owned() };
    match status.code() {
        Some(0) => "Runtime exited without providing a reason".to_owned(),
        Some(code) => format!("Runtime exited with error: exit status {code}"),
        None => format!("Runtime exited with error: signal: {}", signal(status)),
    }
}

fn signal(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    let name = match status.signal().unwrap_or_default() {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        6 => "aborted",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        15 => "terminated",
        other => return format!("signal {other}"),
    };
    let core = if status.core_dumped() { " (core dumped)" } else { "" };
    format!("{name}{core}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn endings_are_told_as_lambda_tells_them() {
        let told = |raw| ending(Some(ExitStatus::from_raw(raw)));
        assert_eq!(told(0), "Runtime exited without providing a reason");
        assert_eq!(told(1 << 8), "Runtime exited with error: exit status 1");
        assert_eq!(told(9), "Runtime exited with error: signal: killed");
        assert_eq!(told(6 | 0x80), "Runtime exited with error: signal: aborted (core dumped)");
        let failure = Failure::timed_out("id", Duration::from_secs(3));
        assert_eq!(failure.message, "RequestId: id Error: Task timed out after 3.00 seconds");
    }
}
