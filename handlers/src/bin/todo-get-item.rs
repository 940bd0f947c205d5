//! The Lambda function behind `GET /item/{id}` of the to-do application.

use handlers::{serve, todo::GetItem};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<GetItem>().await
}
