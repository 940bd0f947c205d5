//! The command from outside: exit code, standard output and standard error of real runs.
//!
//! Most tests run the stacks program of [`fixture`], which writes whatever the test gives it, so that they hold for
//! any program that keeps the protocol.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod fixture;
mod harness;
mod stub;

mod cloud;
mod destroy;
mod errors;
mod help;
mod list;
mod local;
mod output;
mod package;
mod seed;
mod synth;
mod unreadable;
mod validate;
