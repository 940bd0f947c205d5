//! What a console shows of buckets and objects.

use crate::Buckets;
use crate::store::listing::{self, Query};
use stack_builder_local_core::ResourceId;

/// A bucket with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketSummary {
    /// Its place in the application.
    pub resource: ResourceId,
    /// Its name.
    pub name: String,
    /// Objects that are not deleted.
    pub objects: usize,
    /// Bytes of all versions of all objects.
    pub bytes: u64,
    /// Whether it keeps what is overwritten.
    pub versioned: bool,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectSummary {
    /// Its whole key.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When it was written, seconds since 1970.
    pub modified: u64,
    /// Entity tag, without quotes.
    pub etag: String,
    /// Media type, as its writer said.
    pub content_type: Option<String>,
}

/// Some objects of a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectPage {
    /// In the order of their keys.
    pub objects: Vec<ObjectSummary>,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<String>,
}

impl Buckets {
    /// The buckets that are served, by name.
    pub fn buckets(&self) -> Vec<BucketSummary> {
        let summary = |bucket: &std::sync::Arc<crate::buckets::Bucket>| {
            let (objects, bytes) = bucket.shelf.index().totals();
            BucketSummary {
                resource: bucket.settings.resource.clone(),
                name: bucket.name.clone(),
                objects,
                bytes,
                versioned: bucket.settings.versioning == crate::store::Versioning::Enabled,
            }
        };
        self.inner.served().values().map(summary).collect()
    }

    /// At most `limit` objects whose keys begin with `prefix` and come after `start`; `None` without such a bucket.
    pub fn objects(&self, bucket: &str, prefix: &str, start: &str, limit: usize) -> Option<ObjectPage> {
        let bucket = self.inner.bucket(bucket).ok()?;
        let query = Query {
            prefix: prefix.to_owned(),
            after: start.to_owned(),
            limit: limit.max(1),
            ..Query::default()
        };
        let page = listing::objects(&bucket.shelf.index(), &query);
        let summary = |meta: &std::sync::Arc<crate::store::Meta>| ObjectSummary {
            key: meta.key.clone(),
            size: meta.size,
            modified: meta.modified,
            etag: meta.etag.clone(),
            content_type: meta.described.content_type.clone(),
        };
        Some(ObjectPage { objects: page.objects.iter().map(summary).collect(), next: page.next })
    }
}
