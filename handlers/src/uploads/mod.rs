//! The uploads application: files go from the browser to S3 through presigned URLs, their metadata to DynamoDB.
//!
//! | handler | route | rights it needs, all of them |
//! |---|---|---|
//! | [`GetUploadUrl`] | `POST /getUploadUrl` | `s3:PutObject` on the bucket's objects |
//! | [`SaveMetadata`] | `POST /saveMetadata` | `dynamodb:PutItem` on the table |
//! | [`ListFiles`] | `GET /files` | `dynamodb:Query` on the table, `s3:GetObject` on the bucket's objects |
//!
//! Settings: `BUCKET_NAME` and `TABLE_NAME` (keyed `UserId` + `FileId`), each where it is needed. The user is the
//! `sub` of the verified token, always.
//!
//! Behind an HTTP API that is all. The REST variant, which the page calls from its own origin, also sets
//! `ALLOWED_ORIGINS` ([`crate::AllowedOrigins`]) on each function.

mod bucket;
mod content_disposition;
mod dynamo_table;
mod extra;
mod file_id;
mod file_name;
mod file_record;
mod file_table;
mod get_upload_url;
mod list_files;
mod media_type;
mod object_key;
mod save_metadata;

pub use bucket::Bucket;
pub use dynamo_table::DynamoTable;
pub use file_record::FileRecord;
pub use file_table::{FileTable, Saved};
pub use get_upload_url::GetUploadUrl;
pub use list_files::ListFiles;
pub use save_metadata::SaveMetadata;
