//! The table of files in DynamoDB.

use super::{
    attributes,
    file_record::FileRecord,
    file_table::{FileTable, Page, Saved},
};
use crate::{Caller, Failure};
use aws_sdk_dynamodb::{Client, error::SdkError, operation::put_item::PutItemError, types::AttributeValue};
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

/// A DynamoDB table with the partition key `UserId` and the sort key `FileId`, both text.
#[derive(Clone, Debug)]
pub struct DynamoTable {
    client: Client,
    name: String,
}

impl DynamoTable {
    /// The table of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }
}

impl FileTable for DynamoTable {
    /// The condition is part of the one `PutItem`, so no second request can slip between check and write, and no right
    /// to read is needed.
    async fn save(&self, record: &FileRecord) -> Result<Saved, Failure> {
        let item = attributes::of_record(record)?;
        let request = self.client.put_item().table_name(&self.name).set_item(Some(item));
        let request = request
            .condition_expression("attribute_not_exists(UserId) OR S3Key = :key")
            .expression_attribute_values(":key", AttributeValue::S(record.s3_key.clone()));
        match request.send().await {
            Ok(_) => Ok(Saved::Stored),
            Err(error) if failed_condition(&error) => Ok(Saved::OtherKey),
            Err(error) => Err(Failure::aws("PutItem", &error)),
        }
    }

    /// Reads consistently, so that the page shows the file that was saved a moment ago; and asks for one item more
    /// than is wanted, so that `next` never leads to an empty page.
    async fn page(&self, owner: &Caller, limit: u32, after: Option<&str>) -> Result<Page, Failure> {
        let query = self.client.query().table_name(&self.name).consistent_read(true);
        let answer = query
            .key_condition_expression("UserId = :user")
            .expression_attribute_values(":user", AttributeValue::S(owner.as_str().into()))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1))
            .set_exclusive_start_key(after.map(|file_id| key(owner, file_id)))
            .send()
            .await
            .map_err(|error| Failure::aws("Query", &error))?;
        Ok(page(answer.items.unwrap_or_default(), limit, answer.last_evaluated_key.as_ref()))
    }
}

fn failed_condition(error: &SdkError<PutItemError>) -> bool {
    error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)
}

fn key(owner: &Caller, file_id: &str) -> Item {
    let text = |text: &str| AttributeValue::S(text.into());
    [("UserId".to_owned(), text(owner.as_str())), ("FileId".to_owned(), text(file_id))].into()
}

/// Cuts the item that was asked for in addition; without it, DynamoDB's own word on whether there is more stands.
fn page(mut items: Vec<Item>, limit: u32, last_evaluated: Option<&Item>) -> Page {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = if more { items.last().and_then(file_id) } else { last_evaluated.and_then(file_id) };
    let found = items.len();
    let records: Vec<_> = items.into_iter().filter_map(attributes::to_record).collect();
    Page { unreadable: found - records.len(), records, next }
}

fn file_id(item: &Item) -> Option<String> {
    item.get("FileId")?.as_s().ok().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Map;

    fn items(ids: &[&str]) -> Vec<Item> {
        let record = |id: &&str| FileRecord {
            user_id: "u".into(),
            file_id: (*id).into(),
            s3_key: "k".into(),
            size: 0,
            content_type: "a/b".into(),
            uploaded_at: "t".into(),
            extra: Map::new(),
        };
        ids.iter().map(|id| attributes::of_record(&record(id)).unwrap()).collect()
    }

    fn ids(page: &Page) -> Vec<&str> {
        page.records.iter().map(|record| record.file_id.as_str()).collect()
    }

    #[test]
    fn the_item_too_many_is_cut_and_becomes_next() {
        let found = page(items(&["a", "b", "c"]), 2, items(&["c"]).first());
        assert_eq!((ids(&found), found.next.as_deref()), (vec!["a", "b"], Some("b")));
    }

    #[test]
    fn the_last_page_has_no_next() {
        let found = page(items(&["a", "b"]), 2, None);
        assert_eq!((ids(&found), found.next.as_deref()), (vec!["a", "b"], None));
    }

    #[test]
    fn a_page_that_dynamodb_cut_short_goes_on_where_it_stopped() {
        let found = page(items(&["a"]), 2, items(&["a"]).first());
        assert_eq!((ids(&found), found.next.as_deref()), (vec!["a"], Some("a")));
    }

    #[test]
    fn strange_items_are_counted_and_do_not_stop_the_list() {
        let mut found = items(&["a", "b"]);
        found[1].remove("S3Key");
        let found = page(found, 1, None);
        assert_eq!((ids(&found), found.unreadable, found.next.as_deref()), (vec!["a"], 0, Some("a")));
        let mut found = items(&["a", "b"]);
        found[0].insert("Size".into(), AttributeValue::S("big".into()));
        let found = page(found, 2, None);
        assert_eq!((ids(&found), found.unreadable, found.next.as_deref()), (vec!["b"], 1, None));
    }
}
