//! Distributions with origins and functions that the tests play.

mod api;
mod caching;
mod edge_functions;
mod errors;
mod harness;
mod hostile;
mod lambda_edge;
mod origins;
mod speed;
