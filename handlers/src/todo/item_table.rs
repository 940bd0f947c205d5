//! What the handlers ask of the table, apart from how DynamoDB is asked.

use super::{item::Item, item_id::ItemId};
use crate::{Failure, Page, UserName};
use std::future::Future;

/// The table of items, keyed by user and id.
pub trait ItemTable {
    /// At most `limit` items of one user, in the order of their ids, from the first after `after`.
    fn page(
        &self,
        owner: &UserName,
        limit: u32,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<Item>, Failure>>;

    /// One item of this user, unless they have none of this id.
    fn get(&self, owner: &UserName, id: &ItemId) -> impl Future<Output = Result<Option<Item>, Failure>>;

    /// Stores an item under an id that the user does not have yet.
    fn add(&self, owner: &UserName, item: &Item) -> impl Future<Output = Result<(), Failure>>;

    /// Changes an item and gives it back as it is then, unless the user has none of this id.
    fn change(
        &self,
        owner: &UserName,
        id: &ItemId,
        change: &Change,
    ) -> impl Future<Output = Result<Option<Item>, Failure>>;

    /// Takes an item out; whether there was one.
    fn delete(&self, owner: &UserName, id: &ItemId) -> impl Future<Output = Result<bool, Failure>>;
}

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Another text, or the one it has.
    pub item: Option<String>,
    /// Whether it is done.
    pub completed: bool,
    /// When this is.
    pub lastupdate_date: String,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Request, paging};
    use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

    type Rows = BTreeMap<(String, String), Item>;

    /// A table in memory; clones share it.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct MemoryItems(Rc<RefCell<Rows>>);

    impl MemoryItems {
        /// A table in which `ann` has the items `a-1` to `a-5` and `bob` has `b-1`.
        pub(crate) fn of_ann_and_bob() -> Self {
            let table = Self::default();
            (1..=5).for_each(|n| table.put("ann", &format!("a-{n}")));
            table.put("bob", "b-1");
            table
        }

        /// The user's items, by their ids.
        pub(crate) fn of(&self, user: &str) -> Vec<Item> {
            let rows = self.0.borrow();
            rows.iter().filter(|((owner, _), _)| owner == user).map(|(_, item)| item.clone()).collect()
        }

        fn put(&self, owner: &str, id: &str) {
            let date = "2026-11-01T00:00:00Z".to_owned();
            let item = Item {
                id: id.into(),
                item: format!("Do {id}"),
                completed: false,
                creation_date: date.clone(),
                lastupdate_date: date,
            };
            self.0.borrow_mut().insert((owner.into(), id.into()), item);
        }
    }

    fn key(owner: &UserName, id: &str) -> (String, String) {
        (owner.as_str().into(), id.into())
    }

    impl ItemTable for MemoryItems {
        async fn page(
            &self,
            owner: &UserName,
            limit: u32,
            after: Option<&str>,
        ) -> Result<Page<Item>, Failure> {
            Ok(paging::tests::page(self.of(owner.as_str()).into_iter(), |item| &item.id, limit, after))
        }

        async fn get(&self, owner: &UserName, id: &ItemId) -> Result<Option<Item>, Failure> {
            Ok(self.0.borrow().get(&key(owner, id.as_str())).cloned())
        }

        async fn add(&self, owner: &UserName, item: &Item) -> Result<(), Failure> {
            self.0.borrow_mut().insert(key(owner, &item.id), item.clone());
            Ok(())
        }

        async fn change(
            &self,
            owner: &UserName,
            id: &ItemId,
            change: &Change,
        ) -> Result<Option<Item>, Failure> {
            let mut rows = self.0.borrow_mut();
            let Some(row) = rows.get_mut(&key(owner, id.as_str())) else { return Ok(None) };
            row.item = change.item.clone().unwrap_or_else(|| row.item.clone());
            row.completed = change.completed;
            row.lastupdate_date.clone_from(&change.lastupdate_date);
            Ok(Some(row.clone()))
        }

        async fn delete(&self, owner: &UserName, id: &ItemId) -> Result<bool, Failure> {
            Ok(self.0.borrow_mut().remove(&key(owner, id.as_str())).is_some())
        }
    }

    /// A request of this user with this body, whose token says nothing else.
    pub(crate) fn with_body(user: &str, body: &serde_json::Value) -> Request {
        Request { username: Some(user.into()), body: body.to_string(), ..Request::default() }
    }
}
