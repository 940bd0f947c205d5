//! Lambda on this machine: handlers as child processes over the Runtime API.
//!
//! A handler runs as it runs on Lambda: one process per concurrent call (an *environment*), which asks for events over
//! the [Runtime API], has the documented environment variables and credentials of its role, and is used again while it
//! is healthy. What it does wrong - hangs, crashes, forks, floods its output, answers nonsense - ends that environment
//! at most, with the error that Lambda gives.
//!
//! Different from Lambda: a function may use more memory than its `MemorySize` (which is told), `/tmp` is this
//! machine's, an environment that takes more than ten seconds to start is not started a second time for the same call,
//! and an asynchronous call is tried once.
//!
//! [Runtime API]: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

mod answers;
mod api;
mod budget;
mod code;
mod definition;
mod environment;
mod failure;
mod function;
mod functions;
mod host;
mod ids;
mod invocation;
mod name;
mod notes;
mod output;
mod permission;
mod process;
mod report;
mod runtime_api;
mod slot;
mod timestamp;
mod variables;
mod view;
mod watchdog;

pub use code::{Build, Code, Program};
pub use functions::{Functions, Options};
pub use view::FunctionView;

/// The CloudFormation types that run here.
pub const RUNS: &[&str] =
    &["AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::Lambda::Permission"];

/// What the step of a trace is called in which a handler has the event: from its fetching to the answer's arrival.
/// The rest of the step around it is what this crate adds.
pub const HANDLER_STEP: &str = "handler";
