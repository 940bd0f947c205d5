//! Tables of a template, as programs, templates and attackers use them.

mod access;
mod api;
mod changes;
mod conformance;
mod hostile;
mod listed;
mod support;
