//! The captain's log: a page of log entries behind a login, with the session checked at the edge.
//!
//! | handler | asked by | rights it needs, all of them |
//! |---|---|---|
//! | [`Gate`] | CloudFront, viewer-request and origin-response | `dynamodb:GetItem` on the sessions |
//! | [`Login`] | `POST /login` | `dynamodb:PutItem` on the sessions; `GetItem`, `UpdateItem` and `DeleteItem` on the attempts; `secretsmanager:GetSecretValue` |
//! | [`Home`] | `GET /home` | `dynamodb:GetItem` on the sessions, `dynamodb:Query` on the logs |
//! | [`Logout`] | `POST /logout` | `dynamodb:DeleteItem` on the sessions |
//!
//! Settings: `SESSIONS_TABLE`, `LOGS_TABLE`, `ATTEMPTS_TABLE`, `PASSWORDS_SECRET` (an ARN) and `SESSION_SECONDS`, each
//! where it is needed; the gate's are baked into its archive.
//!
//! A session is over at its `ttl`, whatever the table still holds: DynamoDB removes items late.

mod attempt_table;
mod attempts;
mod clock;
mod credentials;
mod dynamo_attempts;
mod dynamo_sessions;
mod error_page;
mod gate;
mod gate_client;
mod home;
mod live_session;
mod log_table;
mod login;
mod login_location;
mod logout;
mod own_pages;
mod password_source;
mod passwords;
mod place;
mod session;
mod session_cookie;
mod session_id;
mod session_table;

pub use attempt_table::AttemptTable;
pub use attempts::Attempts;
pub use dynamo_attempts::DynamoAttempts;
pub use dynamo_sessions::DynamoSessions;
pub use gate::Gate;
pub use home::Home;
pub use log_table::{DynamoLogs, LogEntry, LogTable};
pub use login::Login;
pub use logout::Logout;
pub use password_source::{PasswordSource, Remembered, SecretPasswords};
pub use passwords::Passwords;
pub use session::Session;
pub use session_id::SessionId;
pub use session_table::{Found, SessionTable};
