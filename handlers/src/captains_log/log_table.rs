//! The table of log entries.

use crate::{
    Failure, Page,
    owned_table::{Key, OwnedTable},
};
use aws_sdk_dynamodb::Client;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// One entry, as the table holds it and as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// When, as Starfleet counts. Sort key, compared as text.
    pub stardate: String,
    /// In a few words.
    pub title: String,
    /// In full.
    pub entry: String,
}

/// The table of log entries.
pub trait LogTable {
    /// At most `limit` entries of one user, by stardate, from the first after `after`.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the table cannot be asked.
    fn page(
        &self,
        user_name: &str,
        limit: u32,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<LogEntry>, Failure>>;
}

/// A DynamoDB table with the partition key `userName` and the sort key `stardate`, both text.
#[derive(Clone, Debug)]
pub struct DynamoLogs(OwnedTable);

impl DynamoLogs {
    /// The table of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self(OwnedTable::new(client, name, Key { owner: "userName", id: "stardate" }))
    }
}

impl LogTable for DynamoLogs {
    async fn page(
        &self,
        user_name: &str,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<LogEntry>, Failure> {
        self.0.page(user_name, limit, after).await
    }
}
