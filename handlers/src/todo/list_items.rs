//! `GET /item?limit=&next=`: the caller's items, a page at a time.

use super::{NAMESPACE, dynamo_items::DynamoItems, item_table::ItemTable};
use crate::{
    Failure, FromEnvironment, Handler, Request, Response, StartUpError, UserName, cursor::Cursors, paging,
};
use serde_json::json;

/// Answers `{items: [{id, item, completed, creation_date, lastupdate_date}], next}`, in the order of the ids.
///
/// `next` is null on the last page, else the text to send as `next` for the one after. `limit` is 1 to 100, 50 unless
/// given.
#[derive(Clone, Debug)]
pub struct ListItems<T = DynamoItems> {
    table: T,
}

impl<T: ItemTable> ListItems<T> {
    /// The handler for this table.
    pub fn new(table: T) -> Self {
        Self { table }
    }
}

impl<T: ItemTable> Handler for ListItems<T> {
    const NAME: &'static str = "todo-list-items";
    const METRICS: Option<&'static str> = Some(NAMESPACE);

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let user = UserName::of(request)?;
        let cursors = Cursors::of("todo/items", user.as_str());
        let wanted = paging::wanted(request, cursors)?;
        let page = self.table.page(&user, wanted.limit, wanted.after.as_deref()).await?;
        let next = page.next.map(|id| cursors.encode(&id));
        let body = json!({"items": page.records, "next": next});
        Ok(Response { remark: paging::remark(page.unreadable), ..Response::ok(body) })
    }
}

impl FromEnvironment for ListItems {
    async fn from_environment() -> Result<Self, StartUpError> {
        Ok(Self::new(DynamoItems::from_environment().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::todo::item_table::tests::MemoryItems;
    use serde_json::Value;

    async fn list(user: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = Request { username: Some(user.into()), query, ..Request::default() };
        let response = ListItems::new(MemoryItems::of_ann_and_bob()).handle(&request).await?;
        Ok(response.body.unwrap())
    }

    fn ids(page: &Value) -> Vec<&str> {
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_user_sees_only_their_own_items() {
        let page = list("bob", &[]).await.unwrap();
        let item = json!({
            "id": "b-1", "item": "Do b-1", "completed": false,
            "creation_date": "2026-11-01T00:00:00Z", "lastupdate_date": "2026-11-01T00:00:00Z",
        });
        assert_eq!(page, json!({"items": [item], "next": null}));
        assert_eq!(list("eve", &[]).await.unwrap(), json!({"items": [], "next": null}));
    }

    #[tokio::test]
    async fn pages_of_any_length_make_up_the_list() {
        for limit in ["1", "2", "4", "5", "100"] {
            let mut page = list("ann", &[("limit", limit)]).await.unwrap();
            let mut seen: Vec<String> = ids(&page).into_iter().map(str::to_owned).collect();
            while let Some(next) = page["next"].as_str().map(str::to_owned) {
                page = list("ann", &[("limit", limit), ("next", &next)]).await.unwrap();
                seen.extend(ids(&page).into_iter().map(str::to_owned));
            }
            assert_eq!(seen, ["a-1", "a-2", "a-3", "a-4", "a-5"], "limit {limit}");
        }
    }

    #[tokio::test]
    async fn a_cursor_is_the_users_own() {
        let page = list("ann", &[("limit", "1")]).await.unwrap();
        let next = page["next"].as_str().unwrap();
        assert!(list("ann", &[("next", next)]).await.is_ok());
        assert_eq!(list("bob", &[("next", next)]).await.unwrap_err().status(), 400);
    }

    #[tokio::test]
    async fn without_a_claim_nothing_is_read() {
        let handler = ListItems::new(MemoryItems::of_ann_and_bob());
        let request = Request { subject: Some("ann".into()), ..Request::default() };
        assert_eq!(handler.handle(&request).await, Err(Failure::NoCaller));
    }
}
