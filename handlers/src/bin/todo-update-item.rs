//! The Lambda function behind `PUT /item/{id}` of the to-do application.

use handlers::{serve, todo::UpdateItem};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<UpdateItem>().await
}
