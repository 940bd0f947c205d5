//! What an edge function is told: Lambda@Edge has no environment variables, so a stack bakes a value of one of these
//! types into the function's archive as `config.json`, and the handler reads the same type back.
//!
//! Both sides construct through the same checks; a name that AWS could not have given stops the stack, not the
//! visitor.

mod error;
mod region;
mod session_gate;
mod table_name;

pub use error::ConfigError;
pub use region::Region;
pub use session_gate::SessionGate;
pub use table_name::TableName;
