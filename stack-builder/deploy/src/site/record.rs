//! What is known of an earlier publication: an object beside the site's files.
//!
//! A listing of the bucket shows neither content types nor cache headers, nor which of the objects this engine put
//! there, nor what CloudFront has still to forget. The record does; the listing says whether it is still true. It is
//! written before the first change and after the last, so that a run that was interrupted is taken up where it ended,
//! and only in the place of the one that was read, so that of two runs at once one gives way.

use super::SiteFile;
use crate::digest::hex_sha256;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The part of the bucket that no site's file lies in.
pub(crate) const FOLDER: &str = ".stack-builder/";

/// What was published, and what is still to be done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// By path.
    pub(crate) files: BTreeMap<String, Published>,
    /// Paths that CloudFront is still to forget.
    pub(crate) pending: BTreeSet<String>,
}

/// A file that was published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Published {
    /// See [`SiteFile::fingerprint`]; empty while the file is on its way.
    pub(crate) fingerprint: String,
    /// What S3 called the object's state then.
    pub(crate) etag: String,
}

impl Published {
    /// Whether the object that S3 lists with the tag `listed`, if it lists one, is the one that was published or on
    /// its way, and not somebody else's in its place.
    pub(crate) fn may_be_removed(&self, listed: Option<&String>) -> bool {
        self.etag.is_empty() || listed.is_none_or(|etag| *etag == self.etag)
    }
}

/// The record's key.
///
/// Whoever may read the site could read the record too, which names all its files. The stack's id, which ends in a
/// number that nobody outside knows, keeps the key from being guessed.
pub(crate) fn key(stack_id: &str) -> String {
    format!("{FOLDER}{}.json", &hex_sha256(stack_id.as_bytes())[..32])
}

impl Record {
    /// A record that cannot be read is none: everything is published again.
    pub(crate) fn read(text: &[u8]) -> Self {
        let record: Value = serde_json::from_slice(text).unwrap_or_default();
        let files = record["files"].as_object().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let published = |value: &Value| Published {
            fingerprint: text(&value["fingerprint"]),
            etag: text(&value["etag"]),
        };
        Self {
            files: files.map(|(path, value)| (path.clone(), published(value))).collect(),
            pending: record["pending"].as_array().into_iter().flatten().map(text).collect(),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        let files: serde_json::Map<String, Value> = self
            .files
            .iter()
            .map(|(path, file)| (path.clone(), json!({ "fingerprint": file.fingerprint, "etag": file.etag })))
            .collect();
        json!({ "version": 1, "files": files, "pending": self.pending }).to_string()
    }

    /// Whether `file` is served as it is, given what S3 lists.
    pub(crate) fn holds(&self, file: &SiteFile, listed: &BTreeMap<String, String>) -> bool {
        let Some(published) = self.files.get(&file.path) else { return false };
        published.fingerprint == file.fingerprint() && listed.get(&file.path) == Some(&published.etag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_back_and_a_damaged_one_is_none() {
        let mut record = Record::default();
        record.files.insert("a".to_owned(), Published { fingerprint: "f".to_owned(), etag: "e".to_owned() });
        record.pending.insert("/a".to_owned());
        assert_eq!(Record::read(record.to_json().as_bytes()), record);
        assert_eq!(Record::read(b"<Error>"), Record::default());
        assert_eq!(Record::read(br#"{"files": [1], "pending": {}}"#), Record::default());
    }

    #[test]
    fn the_key_tells_nothing_of_the_stack() {
        let key = key("arn:aws:cloudformation:eu-west-1:111122223333:stack/notes-dev/0");
        assert!(key.starts_with(FOLDER) && key.len() == FOLDER.len() + 37, "{key}");
        assert!(!key.contains("notes"));
    }
}
