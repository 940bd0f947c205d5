//! DynamoDB on this machine: the tables of a template over `SQLite`, and the service's API over them.
//!
//! [`Tables`] is opened once and given the template's resources at every change. It answers signed calls as an
//! [`Api`](stack_builder_local_core::Api): the policies are asked for every table, index and stream that a request
//! touches before the engine, the crate `dynoxide`, runs it.

mod account;
mod answer;
mod api;
mod browse;
mod context;
mod definition;
mod expression;
mod names;
mod operations;
mod reconcile;
mod request;
mod statement;
mod sweep;
mod tables;
mod template;
mod touch;

pub use browse::TableInfo;
pub use tables::{OpenError, Tables};
pub use template::RUNS;
