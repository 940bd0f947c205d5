//! The Lambda function behind `POST /logout` of the captain's log.

use handlers::{captains_log::Logout, serve};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<Logout>().await
}
