//! The Lambda function behind `GET /files` of the uploads application.

use handlers::{serve, uploads::ListFiles};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<ListFiles>().await
}
