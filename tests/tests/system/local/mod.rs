//! The three applications on `stack-builder local`: one process serves them all, with the demonstration data.

mod captains_log;
mod clients;
mod day;
mod hostile;
mod person;
mod policies;
mod shared;
mod template;
mod todo;
mod uploads;
