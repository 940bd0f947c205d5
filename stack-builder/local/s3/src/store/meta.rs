//! What is known of one version of an object.

use crate::store::Sum;
use s3s::dto::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

/// How a bucket keeps what is overwritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Versioning {
    /// Not at all.
    #[default]
    Off,
    /// Every version, each with its id.
    Enabled,
    /// The versions from before, and one without an id (`null`).
    Suspended,
}

/// What the writer of an object says about it, and readers get back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Described {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect: Option<String>,
    /// The headers `x-amz-meta-*`, without that prefix.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
}

/// One version of an object, or a delete marker, or a part of an upload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Meta {
    pub(crate) key: String,
    /// Grows with every write of the bucket: the newest version has the highest.
    pub(crate) order: u64,
    /// `None` for the version whose id is `null`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// Seconds since 1970.
    pub(crate) modified: u64,
    /// Bytes.
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    /// Whether this marks that the object was deleted.
    pub(crate) marker: bool,
    pub(crate) described: Described,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sum: Option<Sum>,
    /// Sizes of the parts it was uploaded in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<(String, String)>,
}

impl Meta {
    /// The version's id as the API shows it.
    pub(crate) fn version_id(&self) -> String {
        self.version.clone().unwrap_or_else(|| "null".to_owned())
    }
}

/// A time as the API has it, from seconds since 1970.
pub(crate) fn timestamp(seconds: u64) -> Timestamp {
    // Beyond the year 9999 no format has room for it.
    (UNIX_EPOCH + Duration::from_secs(seconds.min(253_402_300_799))).into()
}
