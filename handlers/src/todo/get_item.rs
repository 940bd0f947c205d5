//! `GET /item/{id}`: one of the caller's items.

use super::{NAMESPACE, UNKNOWN, dynamo_items::DynamoItems, item_id::ItemId, item_table::ItemTable};
use crate::{Failure, FromEnvironment, Handler, Request, Response, StartUpError, UserName};
use serde_json::json;

/// Answers the item, or 404.
#[derive(Clone, Debug)]
pub struct GetItem<T = DynamoItems> {
    table: T,
}

impl<T: ItemTable> GetItem<T> {
    /// The handler for this table.
    pub fn new(table: T) -> Self {
        Self { table }
    }
}

impl<T: ItemTable> Handler for GetItem<T> {
    const NAME: &'static str = "todo-get-item";
    const METRICS: Option<&'static str> = Some(NAMESPACE);

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let (user, id) = (UserName::of(request)?, ItemId::of(request)?);
        let item = self.table.get(&user, &id).await?.ok_or(UNKNOWN)?;
        Ok(Response::ok(json!(item)))
    }
}

impl FromEnvironment for GetItem {
    async fn from_environment() -> Result<Self, StartUpError> {
        Ok(Self::new(DynamoItems::from_environment().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::todo::{item_id::tests::request, item_table::tests::MemoryItems};

    async fn get(user: &str, id: &str) -> Result<Response, Failure> {
        GetItem::new(MemoryItems::of_ann_and_bob()).handle(&request(user, id)).await
    }

    #[tokio::test]
    async fn an_item_of_ones_own_is_shown() {
        assert_eq!(get("ann", "a-2").await.unwrap().body.unwrap()["item"], "Do a-2");
    }

    #[tokio::test]
    async fn another_users_item_is_as_unknown_as_none() {
        assert_eq!(get("ann", "b-1").await, Err(UNKNOWN));
        assert_eq!(get("ann", "b-1").await, get("ann", "never").await);
        assert_eq!(UNKNOWN.status(), 404);
    }

    #[tokio::test]
    async fn a_strange_id_is_refused_before_the_table_is_asked() {
        assert_eq!(get("ann", "a-2/..").await.unwrap_err().status(), 400);
    }
}
