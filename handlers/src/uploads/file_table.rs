//! What the handlers ask of the table, apart from how DynamoDB is asked.

use super::file_record::FileRecord;
use crate::{Caller, Failure, Page};
use std::future::Future;

/// The table of files, keyed by user and file id.
pub trait FileTable {
    /// Stores a record unless the user's file id already stands for another key.
    fn save(&self, record: &FileRecord) -> impl Future<Output = Result<Saved, Failure>>;

    /// At most `limit` records of one user, in the order of their file ids, from the first after `after`.
    fn page(
        &self,
        owner: &Caller,
        limit: u32,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<FileRecord>, Failure>>;
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is in the table.
    Stored,
    /// The table holds another key for this file id, and still does.
    OtherKey,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::paging;
    use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

    /// A table in memory; clones share it.
    #[derive(Clone, Debug, Default)]
    pub(crate) struct MemoryTable(Rc<RefCell<BTreeMap<(String, String), FileRecord>>>);

    impl MemoryTable {
        pub(crate) fn put(&self, record: FileRecord) {
            self.0.borrow_mut().insert((record.user_id.clone(), record.file_id.clone()), record);
        }

        pub(crate) fn records(&self) -> Vec<FileRecord> {
            self.0.borrow().values().cloned().collect()
        }
    }

    impl FileTable for MemoryTable {
        async fn save(&self, record: &FileRecord) -> Result<Saved, Failure> {
            let same_file =
                |old: &&FileRecord| (&old.user_id, &old.file_id) == (&record.user_id, &record.file_id);
            if self.records().iter().find(same_file).is_some_and(|old| old.s3_key != record.s3_key) {
                return Ok(Saved::OtherKey);
            }
            self.put(record.clone());
            Ok(Saved::Stored)
        }

        async fn page(
            &self,
            owner: &Caller,
            limit: u32,
            after: Option<&str>,
        ) -> Result<Page<FileRecord>, Failure> {
            let records = self.records().into_iter().filter(|record| record.user_id == owner.as_str());
            Ok(paging::tests::page(records, |record| &record.file_id, limit, after))
        }
    }
}
