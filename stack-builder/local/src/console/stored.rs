//! What is stored: tables with their items, buckets with their objects.

use super::Console;
use super::asked::{Asked, Refused, Shown};
use serde_json::{Value, json};
use stack_builder_local_dynamodb::TableInfo;
use stack_builder_local_s3::{BucketSummary, ObjectSummary};

impl Console {
    pub(super) fn tables(&self) -> Value {
        self.stores.tables.tables().iter().map(table).collect()
    }

    /// A page of a table's items; `start` is the `LastEvaluatedKey` of the page before.
    pub(super) fn items(&self, asked: &Asked) -> Shown {
        let (name, limit) = (asked.required("table")?, asked.limit(25, 100)?);
        let start = match asked.text("start") {
            "" => None,
            text => {
                Some(serde_json::from_str(text).map_err(|_| Refused(400, "`start` is no key".to_owned()))?)
            }
        };
        self.stores.tables.scan_page(name, start, limit).map_err(|why| Refused(400, why))
    }

    pub(super) fn buckets(&self) -> Value {
        self.stores.buckets.buckets().iter().map(bucket).collect()
    }

    /// A page of a bucket's objects whose keys begin with `prefix` and come after `start`.
    pub(super) fn objects(&self, asked: &Asked) -> Shown {
        let (name, limit) = (asked.required("bucket")?, asked.limit(100, 500)?);
        let page = self.stores.buckets.objects(name, asked.text("prefix"), asked.text("start"), limit);
        let page = page.ok_or_else(|| Refused(404, "there is no such bucket".to_owned()))?;
        Ok(json!({ "objects": page.objects.iter().map(object).collect::<Vec<_>>(), "next": page.next }))
    }
}

fn table(table: &TableInfo) -> Value {
    json!({
        "name": table.name,
        "resource": table.resource.as_ref().map(ToString::to_string),
        "items": table.items,
        "bytes": table.bytes,
        "key": table.key,
        "indexes": table.indexes,
        "ttl": table.ttl,
    })
}

fn bucket(bucket: &BucketSummary) -> Value {
    json!({
        "name": bucket.name,
        "resource": bucket.resource.to_string(),
        "objects": bucket.objects,
        "bytes": bucket.bytes,
        "versioned": bucket.versioned,
    })
}

fn object(object: &ObjectSummary) -> Value {
    json!({
        "key": object.key,
        "size": object.size,
        "modified": object.modified,
        "etag": object.etag,
        "type": object.content_type,
    })
}
