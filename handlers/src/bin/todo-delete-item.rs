//! The Lambda function behind `DELETE /item/{id}` of the to-do application.

use handlers::{serve, todo::DeleteItem};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<DeleteItem>().await
}
