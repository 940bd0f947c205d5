//! `POST /item {item, completed}`: a new item for the caller.

use super::{
    NAMESPACE, dynamo_items::DynamoItems, item::Item, item_id::ItemId, item_table::ItemTable, item_text,
};
use crate::{
    Failure, FromEnvironment, Handler, Request, Response, StartUpError, UserName, fields::Fields, json_body,
    timestamp,
};
use serde_json::json;
use std::time::SystemTime;

/// Answers 201 with the item. `completed` is false unless given; id, dates and owner are ours to set, whatever the
/// body says of them.
#[derive(Clone, Debug)]
pub struct AddItem<T = DynamoItems> {
    table: T,
    clock: fn() -> SystemTime,
}

impl<T: ItemTable> AddItem<T> {
    /// The handler for this table; `clock` tells the dates.
    pub fn new(table: T, clock: fn() -> SystemTime) -> Self {
        Self { table, clock }
    }
}

impl<T: ItemTable> Handler for AddItem<T> {
    const NAME: &'static str = "todo-add-item";
    const METRICS: Option<&'static str> = Some(NAMESPACE);

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let user = UserName::of(request)?;
        let item = new_item(request, timestamp::utc((self.clock)()))?;
        self.table.add(&user, &item).await?;
        Ok(Response::created(json!(item)))
    }
}

impl FromEnvironment for AddItem {
    async fn from_environment() -> Result<Self, StartUpError> {
        Ok(Self::new(DynamoItems::from_environment().await?, SystemTime::now))
    }
}

fn new_item(request: &Request, now: String) -> Result<Item, Failure> {
    let body = json_body::object(request)?;
    let mut fields = Fields::of(&body);
    let item = fields.required("item", item_text::parse);
    let completed = fields.optional("completed", item_text::flag);
    let (item, completed) = item.zip(completed).ok_or_else(|| fields.into_failure())?;
    let id = ItemId::random().as_str().to_owned();
    Ok(Item { id, item, completed, creation_date: now.clone(), lastupdate_date: now })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        timestamp::tests::noon,
        todo::item_table::tests::{MemoryItems, with_body},
    };
    use serde_json::Value;

    async fn add(table: &MemoryItems, body: &Value) -> Result<Value, Failure> {
        let response = AddItem::new(table.clone(), noon).handle(&with_body("ann", body)).await?;
        assert_eq!(response.status, 201);
        Ok(response.body.unwrap())
    }

    #[tokio::test]
    async fn the_item_is_stored_as_it_is_answered() {
        let table = MemoryItems::default();
        let mut item = add(&table, &json!({"item": " Buy milk "})).await.unwrap();
        assert_eq!(json!(table.of("ann")), json!([item]));
        let id = item.as_object_mut().unwrap().remove("id").unwrap();
        assert_eq!(id.as_str().unwrap().len(), 36);
        assert_eq!(
            item,
            json!({
                "item": "Buy milk", "completed": false,
                "creation_date": "2026-11-20T12:00:00Z", "lastupdate_date": "2026-11-20T12:00:00Z",
            })
        );
    }

    /// The published template merged the body over the user's name.
    #[tokio::test]
    async fn the_body_cannot_choose_owner_id_or_dates() {
        let table = MemoryItems::of_ann_and_bob();
        let body = json!({
            "item": "x", "completed": true, "id": "b-1", "cognito-username": "bob", "cognito:username": "bob",
            "creation_date": "1970-01-01T00:00:00Z", "lastupdate_date": "1970-01-01T00:00:00Z",
        });
        let bobs = table.of("bob");
        let item = add(&table, &body).await.unwrap();
        assert_eq!((table.of("bob"), table.of("ann").len()), (bobs, 6));
        assert_ne!(item["id"], "b-1");
        assert_eq!(
            (&item["completed"], &item["creation_date"]),
            (&json!(true), &json!("2026-11-20T12:00:00Z"))
        );
        assert_eq!(item.as_object().unwrap().len(), 5);
    }

    #[tokio::test]
    async fn every_fault_is_named_and_nothing_stored() {
        let table = MemoryItems::default();
        for (body, code, named) in [
            (json!({}), "missing_fields", vec!["item"]),
            (json!({"item": null, "completed": "yes"}), "missing_fields", vec!["item", "completed"]),
            (json!({"item": "a\nb", "completed": 1}), "invalid_fields", vec!["item", "completed"]),
            (json!({"item": "x", "completed": "false"}), "invalid_fields", vec!["completed"]),
        ] {
            let failure = add(&table, &body).await.unwrap_err();
            assert_eq!((failure.status(), failure.code()), (400, code), "{body}");
            let Failure::Fields(problems) = failure else { panic!("{body}") };
            assert_eq!(problems.iter().map(|p| p.field).collect::<Vec<_>>(), named, "{body}");
        }
        assert_eq!(table.of("ann"), []);
    }

    #[tokio::test]
    async fn the_longest_item_fits_the_body_even_when_escaped() {
        let escaped = format!("{{\"item\":\"{}\"}}", "\\ud83d\\ude00".repeat(1000));
        let request = Request { username: Some("ann".into()), body: escaped, ..Request::default() };
        let answer = AddItem::new(MemoryItems::default(), noon).handle(&request).await.unwrap();
        assert_eq!(answer.body.unwrap()["item"], "😀".repeat(1000));
    }
}
