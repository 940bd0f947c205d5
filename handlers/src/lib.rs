//! The Lambda functions of the shipped applications: a core for each that is a function of the request and its
//! dependencies, and the little that they share.
//!
//! A binary under `src/bin` is one line: [`serve`] with the handler's type. Everything else is reached in tests
//! without Lambda and without AWS.
//!
//! A handler works behind an HTTP API and behind a REST API alike: [`Request::from_event`] reads the events of both, and
//! both understand the answers. Behind a REST API that pages of other origins call, set [`AllowedOrigins`].

mod attributes;
mod aws;
mod caller;
pub mod captains_log;
mod cookies;
mod cursor;
mod deadline;
pub mod edge;
mod environment;
mod event;
mod failure;
mod fields;
mod handler;
mod json_body;
mod log;
mod metrics;
mod origins;
mod owned_table;
mod paging;
mod request;
mod response;
mod timestamp;
pub mod todo;
mod trace;
pub mod uploads;

pub use caller::{Caller, UserName};
pub use environment::StartUpError;
pub use failure::{Failure, Problem};
pub use handler::{Answered, FromEnvironment, Handler, Invocation, respond, serve};
pub use origins::AllowedOrigins;
pub use paging::Page;
pub use request::Request;
pub use response::Response;
