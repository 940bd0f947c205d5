//! The Lambda functions of the shipped applications: a core for each that is a function of the request and its
//! dependencies, and the little that they share.
//!
//! A binary under `src/bin` is one line: [`serve`] with the handler's type. Everything else is reached in tests
//! without Lambda and without AWS.

mod aws;
mod caller;
mod environment;
mod failure;
mod fields;
mod handler;
mod json_body;
mod log;
mod request;
mod response;
pub mod uploads;

pub use caller::Caller;
pub use environment::StartUpError;
pub use failure::{Failure, Problem};
pub use handler::{FromEnvironment, Handler, respond, serve};
pub use request::Request;
pub use response::Response;
