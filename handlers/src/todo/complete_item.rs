//! `POST /item/{id}/done`: one of the caller's items is done.

use super::{
    NAMESPACE, UNKNOWN,
    dynamo_items::DynamoItems,
    item_id::ItemId,
    item_table::{Change, ItemTable},
};
use crate::{Failure, FromEnvironment, Handler, Request, Response, StartUpError, UserName, timestamp};
use serde_json::json;
use std::time::SystemTime;

/// Answers the item as it is now, or 404. Saying it again is harmless: the item stays done.
///
/// The body, if there is one, is not read.
#[derive(Clone, Debug)]
pub struct CompleteItem<T = DynamoItems> {
    table: T,
    clock: fn() -> SystemTime,
}

impl<T: ItemTable> CompleteItem<T> {
    /// The handler for this table; `clock` tells `lastupdate_date`.
    pub fn new(table: T, clock: fn() -> SystemTime) -> Self {
        Self { table, clock }
    }
}

impl<T: ItemTable> Handler for CompleteItem<T> {
    const NAME: &'static str = "todo-complete-item";
    const METRICS: Option<&'static str> = Some(NAMESPACE);

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let (user, id) = (UserName::of(request)?, ItemId::of(request)?);
        let lastupdate_date = timestamp::utc((self.clock)());
        let change = Change { item: None, completed: true, lastupdate_date };
        let item = self.table.change(&user, &id, &change).await?.ok_or(UNKNOWN)?;
        Ok(Response::ok(json!(item)))
    }
}

impl FromEnvironment for CompleteItem {
    async fn from_environment() -> Result<Self, StartUpError> {
        Ok(Self::new(DynamoItems::from_environment().await?, SystemTime::now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        timestamp::tests::noon,
        todo::{item_id::tests::request, item_table::tests::MemoryItems},
    };

    async fn done(table: &MemoryItems, id: &str) -> Result<Response, Failure> {
        CompleteItem::new(table.clone(), noon).handle(&request("ann", id)).await
    }

    #[tokio::test]
    async fn done_twice_is_done() {
        let table = MemoryItems::of_ann_and_bob();
        let first = done(&table, "a-3").await.unwrap();
        assert_eq!(
            first.body,
            Some(json!({
                "id": "a-3", "item": "Do a-3", "completed": true,
                "creation_date": "2026-11-01T00:00:00Z", "lastupdate_date": "2026-11-20T12:00:00Z",
            }))
        );
        assert_eq!(done(&table, "a-3").await.unwrap(), first);
        assert_eq!(table.of("ann").iter().filter(|item| item.completed).count(), 1);
    }

    #[tokio::test]
    async fn an_unknown_item_is_not_made() {
        let table = MemoryItems::of_ann_and_bob();
        for id in ["never", "b-1"] {
            assert_eq!(done(&table, id).await, Err(UNKNOWN), "{id}");
        }
        assert_eq!((table.of("ann").len(), table.of("bob")[0].completed), (5, false));
    }
}
