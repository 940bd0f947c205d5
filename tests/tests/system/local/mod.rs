//! The three applications on `stack-builder local`: one process serves them all, with the demonstration data.

mod captains_log;
mod shared;
mod todo;
mod uploads;
