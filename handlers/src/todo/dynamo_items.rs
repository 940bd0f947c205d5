//! The table of items in DynamoDB.

use super::{
    item::Item,
    item_id::ItemId,
    item_table::{Change, ItemTable},
};
use crate::{
    Failure, Page, StartUpError, UserName,
    attributes::{self, Attributes},
    aws, environment,
    owned_table::{Key, OwnedTable, failed_condition},
};
use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, ReturnValue},
};
use serde::Serialize;

/// A DynamoDB table with the partition key `cognito-username` and the sort key `id`, both text.
///
/// Every write carries its condition, so no second request can slip between check and write: nothing is added over an
/// item, and nothing but an existing item is changed or deleted.
#[derive(Clone, Debug)]
pub struct DynamoItems(OwnedTable);

/// An item as the table holds it.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(rename = "cognito-username")]
    owner: &'a str,
    #[serde(flatten)]
    item: &'a Item,
}

impl DynamoItems {
    /// The table of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self(OwnedTable::new(client, name, Key { owner: "cognito-username", id: "id" }))
    }

    /// The table that `TABLE_NAME` names.
    pub(crate) async fn from_environment() -> Result<Self, StartUpError> {
        let [name] = environment::required(["TABLE_NAME"])?;
        Ok(Self::new(aws::dynamodb(&aws::configuration().await?), name))
    }
}

impl ItemTable for DynamoItems {
    async fn page(&self, owner: &UserName, limit: u32, after: Option<&str>) -> Result<Page<Item>, Failure> {
        self.0.page(owner.as_str(), limit, after).await
    }

    async fn get(&self, owner: &UserName, id: &ItemId) -> Result<Option<Item>, Failure> {
        let answer = self.0.get(owner.as_str(), id.as_str()).send().await;
        answer.map_err(|error| Failure::aws("GetItem", &error))?.item.map(readable).transpose()
    }

    /// Ids are random, so a taken one is no conflict to tell the user of but a fault of ours.
    async fn add(&self, owner: &UserName, item: &Item) -> Result<(), Failure> {
        let request = self.0.put(&Row { owner: owner.as_str(), item })?;
        let answer = request.condition_expression("attribute_not_exists(id)").send().await;
        answer.map(|_| ()).map_err(|error| Failure::aws("PutItem", &error))
    }

    /// Names and values go as placeholders: several of the attributes are reserved words.
    async fn change(&self, owner: &UserName, id: &ItemId, change: &Change) -> Result<Option<Item>, Failure> {
        let request = self
            .0
            .update(owner.as_str(), id.as_str())
            .condition_expression("attribute_exists(id)")
            .expression_attribute_names("#completed", "completed")
            .expression_attribute_values(":completed", AttributeValue::Bool(change.completed))
            .expression_attribute_names("#date", "lastupdate_date")
            .expression_attribute_values(":date", AttributeValue::S(change.lastupdate_date.clone()))
            .return_values(ReturnValue::AllNew);
        let request = match &change.item {
            Some(item) => request
                .update_expression("SET #completed = :completed, #date = :date, #item = :item")
                .expression_attribute_names("#item", "item")
                .expression_attribute_values(":item", AttributeValue::S(item.clone())),
            None => request.update_expression("SET #completed = :completed, #date = :date"),
        };
        match request.send().await {
            Ok(answer) => answer.attributes.map(readable).transpose(),
            Err(error) if failed_condition(&error) => Ok(None),
            Err(error) => Err(Failure::aws("UpdateItem", &error)),
        }
    }

    async fn delete(&self, owner: &UserName, id: &ItemId) -> Result<bool, Failure> {
        let request = self.0.delete(owner.as_str(), id.as_str()).condition_expression("attribute_exists(id)");
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error) if failed_condition(&error) => Ok(false),
            Err(error) => Err(Failure::aws("DeleteItem", &error)),
        }
    }
}

fn readable(attributes: Attributes) -> Result<Item, Failure> {
    let strange = || Failure::Internal("the table holds an item that this application did not write".into());
    attributes::to_record(attributes).ok_or_else(strange)
}
