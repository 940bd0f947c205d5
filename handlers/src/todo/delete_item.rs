//! `DELETE /item/{id}`: one of the caller's items goes.

use super::{NAMESPACE, UNKNOWN, dynamo_items::DynamoItems, item_id::ItemId, item_table::ItemTable};
use crate::{Failure, FromEnvironment, Handler, Request, Response, StartUpError, UserName};

/// Answers 204, or 404 when there is no such item, also the second time.
#[derive(Clone, Debug)]
pub struct DeleteItem<T = DynamoItems> {
    table: T,
}

impl<T: ItemTable> DeleteItem<T> {
    /// The handler for this table.
    pub fn new(table: T) -> Self {
        Self { table }
    }
}

impl<T: ItemTable> Handler for DeleteItem<T> {
    const NAME: &'static str = "todo-delete-item";
    const METRICS: Option<&'static str> = Some(NAMESPACE);

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let (user, id) = (UserName::of(request)?, ItemId::of(request)?);
        let deleted = self.table.delete(&user, &id).await?;
        if deleted { Ok(Response::no_content()) } else { Err(UNKNOWN) }
    }
}

impl FromEnvironment for DeleteItem {
    async fn from_environment() -> Result<Self, StartUpError> {
        Ok(Self::new(DynamoItems::from_environment().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::todo::{item_id::tests::request, item_table::tests::MemoryItems};

    async fn delete(table: &MemoryItems, id: &str) -> Result<Response, Failure> {
        DeleteItem::new(table.clone()).handle(&request("ann", id)).await
    }

    #[tokio::test]
    async fn an_item_goes_once() {
        let table = MemoryItems::of_ann_and_bob();
        assert_eq!(delete(&table, "a-1").await, Ok(Response::no_content()));
        assert_eq!(delete(&table, "a-1").await, Err(UNKNOWN));
        assert_eq!(table.of("ann").len(), 4);
    }

    #[tokio::test]
    async fn another_users_item_stays() {
        let table = MemoryItems::of_ann_and_bob();
        assert_eq!(delete(&table, "b-1").await, Err(UNKNOWN));
        assert_eq!(table.of("bob").len(), 1);
        assert_eq!(delete(&table, "*").await.unwrap_err().status(), 400);
    }
}
