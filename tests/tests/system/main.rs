//! The tests of the whole: golden templates, and an application deployed, used and destroyed.

mod golden;
mod quirks;
mod uploads;
