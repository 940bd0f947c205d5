//! The Lambda function behind `POST /getUploadUrl` of the uploads application.

use handlers::{serve, uploads::GetUploadUrl};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<GetUploadUrl>().await
}
