//! The tests of the whole: golden templates, and an application deployed, used and destroyed.

mod bad_input;
mod captains_log;
mod edge;
mod golden;
mod parameters;
mod quirks;
mod uploads;
mod world;
