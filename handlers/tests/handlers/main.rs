//! The handlers from outside: through events of any shape, a stub of DynamoDB, and as the processes that Lambda runs.

#![expect(clippy::unwrap_used, reason = "what cannot be unwrapped here has failed the test")]

mod captains_log_events;
mod captains_log_processes;
mod captains_log_tables;
mod dynamodb_stub;
mod edge_events;
mod edge_process;
mod hostile;
mod hostile_events;
mod processes;
mod recorded;
mod requests;
mod stub;
mod todo_table;
mod uploads_table;
