//! The table of failed attempts in DynamoDB.

use super::{attempt_table::AttemptTable, attempts::Attempts};
use crate::{Failure, attributes::Attributes, owned_table::failed_condition};
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use std::str::FromStr;

const KEY: &str = "userName";

/// A DynamoDB table with the partition key `userName`, text.
#[derive(Clone, Debug)]
pub struct DynamoAttempts {
    client: Client,
    name: String,
}

impl DynamoAttempts {
    /// The table of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }
}

impl AttemptTable for DynamoAttempts {
    async fn read(&self, user_name: &str) -> Result<Option<Attempts>, Failure> {
        let request = self.client.get_item().table_name(&self.name).key(KEY, text(user_name));
        let answer = request.consistent_read(true).send().await;
        match answer.map_err(|error| Failure::aws("GetItem", &error))?.item {
            None => Ok(None),
            Some(item) => {
                let unreadable = || Failure::Internal("an item of the attempts cannot be read".into());
                attempts(&item).map(Some).ok_or_else(unreadable)
            }
        }
    }

    async fn replace(
        &self,
        user_name: &str,
        before: Option<&Attempts>,
        after: &Attempts,
    ) -> Result<bool, Failure> {
        let request = self.client.update_item().table_name(&self.name).key(KEY, text(user_name));
        let request = request
            .update_expression("SET failures = :failures, lockedUntil = :lockedUntil, #ttl = :ttl")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":failures", number(after.failures))
            .expression_attribute_values(":lockedUntil", number(after.locked_until))
            .expression_attribute_values(":ttl", number(after.ttl));
        let request = match before {
            None => request.condition_expression("attribute_not_exists(userName)"),
            Some(before) => request
                .condition_expression("failures = :oldFailures AND lockedUntil = :oldLockedUntil")
                .expression_attribute_values(":oldFailures", number(before.failures))
                .expression_attribute_values(":oldLockedUntil", number(before.locked_until)),
        };
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if failed_condition(&error) => Ok(false),
            Err(error) => Err(Failure::aws("UpdateItem", &error)),
        }
    }

    async fn forget(&self, user_name: &str) -> Result<(), Failure> {
        let request = self.client.delete_item().table_name(&self.name).key(KEY, text(user_name));
        request.send().await.map(drop).map_err(|error| Failure::aws("DeleteItem", &error))
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn attempts(item: &Attributes) -> Option<Attempts> {
    Some(Attempts {
        failures: whole(item, "failures")?,
        locked_until: whole(item, "lockedUntil")?,
        ttl: whole(item, "ttl")?,
    })
}

fn whole<T: FromStr>(item: &Attributes, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
