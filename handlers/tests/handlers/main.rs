//! The handlers from outside: through events of any shape, a stub of DynamoDB, and as the processes that Lambda runs.

#![expect(clippy::unwrap_used, reason = "what cannot be unwrapped here has failed the test")]

mod dynamodb_stub;
mod hostile;
mod hostile_events;
mod processes;
mod stub;
mod todo_table;
mod uploads_table;
