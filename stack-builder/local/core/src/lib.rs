//! What the local services share: requests, resources, principals, invocations, traces, logs and state.
//!
//! A service of AWS is one crate beside this one. It is made from the [`Resources`] of a template, whose intrinsics
//! are resolved, and from a [`World`]; it answers HTTP as a [`Service`], or signed calls of AWS's API as an [`Api`].
//! The services do not know each other: what one needs of another is a trait here ([`Invoker`], [`Authorizer`],
//! [`TokenKeys`], [`Origins`]), and the crate above ties them together.

mod api;
mod authorize;
mod clock;
mod descriptors;
mod http;
mod invoke;
mod journal;
mod listen;
mod logs;
mod origin;
mod patience;
mod principal;
mod resource;
mod state;
mod token_keys;
mod trace;
mod world;

pub use api::{Api, ApiCall, ApiError};
pub use authorize::{Ask, Authorizer, Decision};
pub use clock::Clock;
pub use http::{Answer, Body, Request, Response, Service, TooLarge, collect, empty, full, text};
pub use invoke::{Invocation, InvokeError, Invoker};
pub use journal::{Event, Journal, Mail, Severity};
pub use listen::{Limits, Tls, listen};
pub use logs::{LogEvent, LogGroup, LogStream, Logs};
pub use origin::{Origin, Origins};
pub use principal::{Caller, Credentials, Identities, Principal};
pub use resource::{Note, Resource, ResourceId, Resources};
pub use state::{State, write_atomically};
pub use token_keys::{PublicKey, TokenKeys};
pub use trace::{Layer, Span, Step, Trace, TraceRecord};
pub use world::World;
