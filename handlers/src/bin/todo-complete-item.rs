//! The Lambda function behind `POST /item/{id}/done` of the to-do application.

use handlers::{serve, todo::CompleteItem};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<CompleteItem>().await
}
