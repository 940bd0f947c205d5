//! What the end-to-end and golden tests stand on: the released command, the emulator, and clients of other makers.
//!
//! Everything here panics when it cannot do its work, with a message that says what to do: a test that cannot run
//! has failed.

mod account;
mod aws;
mod browser;
mod cognito;
mod command;
mod dynamodb_local;
mod emulator;
mod http;
pub mod http_server;
pub mod inspect;
mod local;
mod managed_runtime;
mod place;
mod process;
mod workspace;

pub use account::Accounts;
pub use aws::{Aws, AwsError, Credentials, bytes, text_of};
pub use browser::{Scheme, Way, browse};
pub use cognito::{Cognito, Tokens};
pub use command::{Outcome, StackBuilder};
pub use dynamodb_local::DynamoDbLocal;
pub use emulator::{Emulator, REGION};
pub use http::{Http, Response};
pub use local::Local;
pub use managed_runtime::{Invoked, ManagedRuntime};
pub use place::{client, python_tool, repository_root, target};
pub use process::output_of;
pub use workspace::Workspace;
