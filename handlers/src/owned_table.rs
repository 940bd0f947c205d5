//! A DynamoDB table in which every item belongs to a user, and no request can reach another user's.

use crate::{
    Failure, Page,
    attributes::{self, Attributes},
};
use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        delete_item::builders::DeleteItemFluentBuilder, get_item::builders::GetItemFluentBuilder,
        put_item::builders::PutItemFluentBuilder, update_item::builders::UpdateItemFluentBuilder,
    },
    types::AttributeValue,
};
use serde::{Serialize, de::DeserializeOwned};

/// The names of a table's key attributes, both text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// The partition key: whose the item is.
    pub(crate) owner: &'static str,
    /// The sort key: which of theirs.
    pub(crate) id: &'static str,
}

/// A table, and the requests that concern one item or one user's items.
#[derive(Clone, Debug)]
pub(crate) struct OwnedTable {
    client: Client,
    name: String,
    key: Key,
}

impl OwnedTable {
    /// The table of this name.
    pub(crate) fn new(client: Client, name: String, key: Key) -> Self {
        Self { client, name, key }
    }

    /// A `PutItem` of this record, which holds the key attributes.
    pub(crate) fn put(&self, record: &impl Serialize) -> Result<PutItemFluentBuilder, Failure> {
        let item = attributes::of_record(record)?;
        Ok(self.client.put_item().table_name(&self.name).set_item(Some(item)))
    }

    /// A consistent `GetItem`: it finds what was written a moment ago.
    pub(crate) fn get(&self, owner: &str, id: &str) -> GetItemFluentBuilder {
        let request = self.client.get_item().table_name(&self.name).set_key(Some(self.item_key(owner, id)));
        request.consistent_read(true)
    }

    /// An `UpdateItem`.
    pub(crate) fn update(&self, owner: &str, id: &str) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.name).set_key(Some(self.item_key(owner, id)))
    }

    /// A `DeleteItem`.
    pub(crate) fn delete(&self, owner: &str, id: &str) -> DeleteItemFluentBuilder {
        self.client.delete_item().table_name(&self.name).set_key(Some(self.item_key(owner, id)))
    }

    /// At most `limit` records of one user, in the order of their ids, from the first after `after`.
    ///
    /// Reads consistently, so that the list shows what was saved a moment ago; and asks for one item more than is
    /// wanted, so that `next` never leads to an empty page.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        owner: &str,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<T>, Failure> {
        let query = self.client.query().table_name(&self.name).consistent_read(true);
        let answer = query
            .key_condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", self.key.owner)
            .expression_attribute_values(":owner", AttributeValue::S(owner.into()))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1))
            .set_exclusive_start_key(after.map(|id| self.item_key(owner, id)))
            .send()
            .await
            .map_err(|error| Failure::aws("Query", &error))?;
        Ok(self.cut(answer.items.unwrap_or_default(), limit, answer.last_evaluated_key.as_ref()))
    }

    fn item_key(&self, owner: &str, id: &str) -> Attributes {
        let attribute = |name: &str, text: &str| (name.to_owned(), AttributeValue::S(text.into()));
        [attribute(self.key.owner, owner), attribute(self.key.id, id)].into()
    }

    /// Cuts the item that was asked for in addition; without it, DynamoDB's own word on whether there is more stands.
    fn cut<T: DeserializeOwned>(
        &self,
        mut items: Vec<Attributes>,
        limit: u32,
        last_evaluated: Option<&Attributes>,
    ) -> Page<T> {
        let id = |item: &Attributes| item.get(self.key.id)?.as_s().ok().cloned();
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = if more { items.last().and_then(id) } else { last_evaluated.and_then(id) };
        let found = items.len();
        let records: Vec<_> = items.into_iter().filter_map(attributes::to_record).collect();
        Page { unreadable: found - records.len(), records, next }
    }
}

/// Whether a write was refused because its condition did not hold.
pub(crate) fn failed_condition<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("ConditionalCheckFailedException")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::tests::offline_dynamodb;
    use serde::Deserialize;

    #[derive(Serialize, Deserialize)]
    struct Record {
        user: String,
        id: String,
        size: u64,
    }

    fn table() -> OwnedTable {
        OwnedTable::new(offline_dynamodb(), "T".into(), Key { owner: "user", id: "id" })
    }

    fn items(ids: &[&str]) -> Vec<Attributes> {
        let record = |id: &&str| Record { user: "u".into(), id: (*id).into(), size: 1 };
        ids.iter().map(|id| attributes::of_record(&record(id)).unwrap()).collect()
    }

    fn cut(items: Vec<Attributes>, limit: u32, last: Option<&Attributes>) -> (String, usize, Option<String>) {
        let page: Page<Record> = table().cut(items, limit, last);
        (page.records.into_iter().map(|record| record.id).collect(), page.unreadable, page.next)
    }

    #[tokio::test]
    async fn the_item_too_many_is_cut_and_becomes_next() {
        let found = cut(items(&["a", "b", "c"]), 2, items(&["c"]).first());
        assert_eq!(found, ("ab".into(), 0, Some("b".into())));
    }

    #[tokio::test]
    async fn the_last_page_has_no_next() {
        assert_eq!(cut(items(&["a", "b"]), 2, None), ("ab".into(), 0, None));
    }

    #[tokio::test]
    async fn a_page_that_dynamodb_cut_short_goes_on_where_it_stopped() {
        assert_eq!(cut(items(&["a"]), 2, items(&["a"]).first()), ("a".into(), 0, Some("a".into())));
    }

    #[tokio::test]
    async fn strange_items_are_counted_and_do_not_stop_the_list() {
        let mut found = items(&["a", "b"]);
        found[1].remove("size");
        assert_eq!(cut(found, 1, None), ("a".into(), 0, Some("a".into())));
        let mut found = items(&["a", "b"]);
        found[0].insert("size".into(), AttributeValue::S("big".into()));
        assert_eq!(cut(found, 2, None), ("b".into(), 1, None));
    }
}
