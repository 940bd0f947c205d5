//! The table of files in DynamoDB.

use super::{
    file_record::FileRecord,
    file_table::{FileTable, Saved},
};
use crate::{
    Caller, Failure, Page,
    owned_table::{Key, OwnedTable, failed_condition},
};
use aws_sdk_dynamodb::{Client, types::AttributeValue};

/// A DynamoDB table with the partition key `UserId` and the sort key `FileId`, both text.
#[derive(Clone, Debug)]
pub struct DynamoTable(OwnedTable);

impl DynamoTable {
    /// The table of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self(OwnedTable::new(client, name, Key { owner: "UserId", id: "FileId" }))
    }
}

impl FileTable for DynamoTable {
    /// The condition is part of the one `PutItem`, so no second request can slip between check and write, and no right
    /// to read is needed.
    async fn save(&self, record: &FileRecord) -> Result<Saved, Failure> {
        let request = self
            .0
            .put(record)?
            .condition_expression("attribute_not_exists(UserId) OR S3Key = :key")
            .expression_attribute_values(":key", AttributeValue::S(record.s3_key.clone()));
        match request.send().await {
            Ok(_) => Ok(Saved::Stored),
            Err(error) if failed_condition(&error) => Ok(Saved::OtherKey),
            Err(error) => Err(Failure::aws("PutItem", &error)),
        }
    }

    async fn page(
        &self,
        owner: &Caller,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<FileRecord>, Failure> {
        self.0.page(owner.as_str(), limit, after).await
    }
}
