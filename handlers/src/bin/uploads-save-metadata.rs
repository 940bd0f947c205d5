//! The Lambda function behind `POST /saveMetadata` of the uploads application.

use handlers::{serve, uploads::SaveMetadata};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<SaveMetadata>().await
}
