//! `PUT /item/{id} {item, completed}`: another text and state for one of the caller's items.

use super::{
    NAMESPACE, UNKNOWN,
    dynamo_items::DynamoItems,
    item_id::ItemId,
    item_table::{Change, ItemTable},
    item_text,
};
use crate::{
    Failure, FromEnvironment, Handler, Request, Response, StartUpError, UserName, fields::Fields, json_body,
    timestamp,
};
use serde_json::json;
use std::time::SystemTime;

/// Answers the item as it is now, or 404: an item is never made by changing it.
///
/// Both fields are needed, because a PUT replaces what it names.
#[derive(Clone, Debug)]
pub struct UpdateItem<T = DynamoItems> {
    table: T,
    clock: fn() -> SystemTime,
}

impl<T: ItemTable> UpdateItem<T> {
    /// The handler for this table; `clock` tells `lastupdate_date`.
    pub fn new(table: T, clock: fn() -> SystemTime) -> Self {
        Self { table, clock }
    }
}

impl<T: ItemTable> Handler for UpdateItem<T> {
    const NAME: &'static str = "todo-update-item";
    const METRICS: Option<&'static str> = Some(NAMESPACE);

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let (user, id) = (UserName::of(request)?, ItemId::of(request)?);
        let change = change(request, timestamp::utc((self.clock)()))?;
        let item = self.table.change(&user, &id, &change).await?.ok_or(UNKNOWN)?;
        Ok(Response::ok(json!(item)))
    }
}

impl FromEnvironment for UpdateItem {
    async fn from_environment() -> Result<Self, StartUpError> {
        Ok(Self::new(DynamoItems::from_environment().await?, SystemTime::now))
    }
}

fn change(request: &Request, now: String) -> Result<Change, Failure> {
    let body = json_body::object(request)?;
    let mut fields = Fields::of(&body);
    let item = fields.required("item", item_text::parse);
    let completed = fields.required("completed", item_text::flag);
    let (item, completed) = item.zip(completed).ok_or_else(|| fields.into_failure())?;
    Ok(Change { item: Some(item), completed, lastupdate_date: now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        timestamp::tests::noon,
        todo::{item_id::tests::request, item_table::tests::MemoryItems},
    };
    use serde_json::Value;

    async fn put(table: &MemoryItems, user: &str, id: &str, body: &Value) -> Result<Value, Failure> {
        let request = Request { body: body.to_string(), ..request(user, id) };
        let response = UpdateItem::new(table.clone(), noon).handle(&request).await?;
        assert_eq!(response.status, 200);
        Ok(response.body.unwrap())
    }

    #[tokio::test]
    async fn text_state_and_date_change_and_nothing_else() {
        let table = MemoryItems::of_ann_and_bob();
        let body = json!({
            "item": "Sleep", "completed": true, "id": "b-1", "cognito-username": "bob", "creation_date": "1970",
        });
        let item = put(&table, "ann", "a-1", &body).await.unwrap();
        assert_eq!(
            item,
            json!({
                "id": "a-1", "item": "Sleep", "completed": true,
                "creation_date": "2026-11-01T00:00:00Z", "lastupdate_date": "2026-11-20T12:00:00Z",
            })
        );
        assert_eq!(json!(table.of("ann")[0]), item);
        assert_eq!(table.of("bob"), MemoryItems::of_ann_and_bob().of("bob"));
    }

    #[tokio::test]
    async fn an_answer_can_be_sent_back_as_it_came() {
        let table = MemoryItems::of_ann_and_bob();
        let before = json!(table.of("ann")[0]);
        let after = put(&table, "ann", "a-1", &before).await.unwrap();
        assert_eq!((&after["item"], &after["creation_date"]), (&before["item"], &before["creation_date"]));
    }

    #[tokio::test]
    async fn nothing_is_made_by_changing_it() {
        let table = MemoryItems::of_ann_and_bob();
        let body = json!({"item": "x", "completed": false});
        for id in ["never", "b-1"] {
            assert_eq!(put(&table, "ann", id, &body).await, Err(UNKNOWN), "{id}");
        }
        assert_eq!((table.of("ann").len(), table.of("bob")), (5, MemoryItems::of_ann_and_bob().of("bob")));
    }

    #[tokio::test]
    async fn both_fields_are_needed() {
        let table = MemoryItems::of_ann_and_bob();
        for (body, field) in [(json!({"item": "x"}), "completed"), (json!({"completed": true}), "item")] {
            let Err(Failure::Fields(problems)) = put(&table, "ann", "a-1", &body).await else {
                panic!("{body}")
            };
            assert_eq!(problems.iter().map(|p| p.field).collect::<Vec<_>>(), [field]);
        }
        assert_eq!(table.of("ann"), MemoryItems::of_ann_and_bob().of("ann"));
    }
}
