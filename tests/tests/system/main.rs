//! The tests of the whole: golden templates, and an application deployed, used and destroyed.

mod api;
mod bad_input;
mod captains_log;
mod conformance;
mod deployed;
mod edge;
mod golden;
mod inventory;
mod local;
mod ownership;
mod parameters;
mod quirks;
mod roles;
mod site;
mod todo;
mod token;
mod uploads;
mod user;
mod world;
