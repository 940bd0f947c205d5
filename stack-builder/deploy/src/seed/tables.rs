//! Items for tables.

use super::SeedError;
use super::item::Keys;
use crate::backoff::Backoff;
use crate::call::Call;
use crate::service::Service;
use crate::{Environment, Error};
use serde_json::{Value, json};

/// The most items that one call takes.
const BATCH: usize = 25;
/// Calls in a row that may bring nothing before the table counts as full.
const FRUITLESS: u32 = 10;

/// What the table wants of its items; one call.
pub(crate) async fn keys(environment: &Environment, table: &str) -> Result<Keys, Error> {
    let answer = call(environment, "dynamodb:DescribeTable", &json!({ "TableName": table })).await?;
    Ok(Keys::read(&answer))
}

/// Puts the items there; those of the same key are replaced. A call for each 25, and for what did not fit.
pub(crate) async fn load(environment: &Environment, table: &str, items: Vec<Value>) -> Result<(), Error> {
    let mut left: Vec<Value> =
        items.into_iter().map(|item| json!({ "PutRequest": { "Item": item } })).collect();
    let (mut backoff, mut fruitless) = (Backoff::new(), 0);
    while !left.is_empty() {
        let rest = left.split_off(left.len().min(BATCH));
        let refused = batch(environment, table, &left).await?;
        if refused.is_empty() {
            (backoff, fruitless) = (Backoff::new(), 0);
        } else {
            fruitless = if refused.len() < left.len() { 0 } else { fruitless + 1 };
            backoff.pause().await;
        }
        left = refused.into_iter().chain(rest).collect();
        if fruitless == FRUITLESS {
            return Err(SeedError::TableIsFull { table: table.to_owned(), left: left.len() }.into());
        }
    }
    Ok(())
}

/// Writes, and gives back what the table could not take just now.
async fn batch(environment: &Environment, table: &str, requests: &[Value]) -> Result<Vec<Value>, Error> {
    let body = json!({ "RequestItems": { table: requests } });
    let mut answer = call(environment, "dynamodb:BatchWriteItem", &body).await?;
    let unprocessed = answer["UnprocessedItems"][table].take();
    Ok(unprocessed.as_array().cloned().unwrap_or_default())
}

async fn call(environment: &Environment, action: &'static str, body: &Value) -> Result<Value, Error> {
    environment.call_json(&Service::DYNAMODB, Call::target(action, "DynamoDB_20120810", "1.0", body)).await
}
