//! The Lambda@Edge function before and behind the pages of the captain's log.

use handlers::{captains_log::Gate, edge::serve_edge};
use std::process::ExitCode;

/// Serves events one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve_edge::<Gate>().await
}
