//! The captain's log: a page of log entries behind a login, with the session checked at the edge.
//!
//! | handler | asked by | rights it needs, all of them |
//! |---|---|---|
//! | [`Gate`] | CloudFront, viewer-request and origin-response | `dynamodb:GetItem` on the sessions |
//!
//! A session is over at its `ttl`, whatever the table still holds: DynamoDB removes items late.

mod clock;
mod dynamo_sessions;
mod error_page;
mod gate;
mod login_location;
mod place;
mod session;
mod session_cookie;
mod session_id;
mod session_table;

pub use dynamo_sessions::DynamoSessions;
pub use gate::Gate;
pub use session::Session;
pub use session_id::SessionId;
pub use session_table::{Found, SessionTable};
