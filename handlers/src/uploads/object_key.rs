//! Where a file lies in the bucket: `{user}/{file id}_{file name}`.

use super::{file_id::FileId, file_name::FileName};
use crate::Caller;

/// The key of a caller's file. At most 421 bytes, well under the 1,024 that S3 takes.
pub(crate) fn of(caller: &Caller, file_id: &FileId, name: &FileName) -> String {
    format!("{}{}", prefix(caller, file_id), name.as_str())
}

/// The file name in a key, provided that it is the caller's key for this file.
pub(crate) fn file_name(key: &str, caller: &Caller, file_id: &FileId) -> Result<FileName, &'static str> {
    let name = key.strip_prefix(&prefix(caller, file_id)).and_then(|name| FileName::parse(name).ok());
    name.ok_or("must be the key that `/getUploadUrl` gave with this `fileId`")
}

fn prefix(caller: &Caller, file_id: &FileId) -> String {
    format!("{}/{}_", caller.as_str(), file_id.as_str())
}
