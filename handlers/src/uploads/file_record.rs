//! One file's metadata, as the table holds it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The item `{UserId, FileId, S3Key, Size, ContentType, UploadedAt, Extra}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FileRecord {
    /// The owner: the `sub` claim of the token that saved it. Partition key.
    pub user_id: String,
    /// A UUID, in lower case with hyphens. Sort key.
    pub file_id: String,
    /// The object's key: `{UserId}/{FileId}_{file name}`.
    pub s3_key: String,
    /// Bytes, as the browser counted them.
    pub size: u64,
    /// The media type that the object was uploaded with.
    pub content_type: String,
    /// When it was saved, RFC 3339 in UTC, to the second.
    pub uploaded_at: String,
    /// Whatever small object the page wanted to keep with it.
    pub extra: Map<String, Value>,
}
