//! DynamoDB on this machine: tables of a template over SQLite.
