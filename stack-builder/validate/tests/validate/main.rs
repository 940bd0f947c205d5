//! The validator from outside: text in, findings out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod corpus;
mod expect;
mod golden;
mod hostile;
mod positions;
mod schema;
mod suppression;
