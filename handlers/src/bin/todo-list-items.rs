//! The Lambda function behind `GET /item` of the to-do application.

use handlers::{serve, todo::ListItems};
use std::process::ExitCode;

/// Serves requests one at a time, as Lambda sends them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    serve::<ListItems>().await
}
