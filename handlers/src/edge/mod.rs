//! Lambda@Edge: CloudFront's events and answers, typed, and the loop that serves them.
//!
//! An edge function is the same `bootstrap` as any other; only its events, its limits and its settings differ. It has
//! no environment variables, so it reads `config.json` beside its executable. Whatever an event holds there is an
//! answer, and none of our faults lets a request through: see [`respond`].
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html>

mod config;
mod error;
mod event;
mod fallback;
mod handler;
mod headers;
mod limits;
mod request;
mod respond;
mod response;
mod serve;

pub use config::ConfigFileError;
pub use error::EdgeError;
pub use event::{EdgeEvent, Trigger};
pub use handler::{EdgeHandler, FromConfig, RequestAction};
pub use headers::Headers;
pub use request::{EdgeBody, EdgeRequest};
pub use respond::{Answer, respond};
pub use response::EdgeResponse;
pub use serve::serve_edge;
