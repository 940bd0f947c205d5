//! `GET /files?limit=&next=`: the caller's files, a page at a time, each with a link to download it.

use super::{
    bucket::Bucket, dynamo_table::DynamoTable, file_id::FileId, file_record::FileRecord,
    file_table::FileTable, object_key,
};
use crate::{
    Caller, Failure, FromEnvironment, Handler, Request, Response, StartUpError, aws, cursor::Cursors,
    environment, paging,
};
use serde_json::{Value, json};

/// Answers `{files: [{fileId, fileName, key, size, contentType, uploadedAt, extra, downloadUrl}], next}`.
///
/// `next` is null on the last page, else the text to send as `next` for the one after. `limit` is 1 to 100, 50 unless
/// given. A download link is good for 15 minutes and always saves, never displays, so that an uploaded page cannot
/// run in the bucket's origin.
#[derive(Clone, Debug)]
pub struct ListFiles<T = DynamoTable> {
    table: T,
    bucket: Bucket,
}

impl<T: FileTable> ListFiles<T> {
    /// The handler for this table and bucket.
    pub fn new(table: T, bucket: Bucket) -> Self {
        Self { table, bucket }
    }

    /// One file as the page shows it, or nothing for a record whose key is not one of ours: the link must not reach
    /// another user's object, whoever wrote the record.
    async fn entry(&self, caller: &Caller, record: &FileRecord) -> Result<Option<Value>, Failure> {
        let Ok(file_id) = FileId::parse(&record.file_id) else { return Ok(None) };
        let Ok(name) = object_key::file_name(&record.s3_key, caller, &file_id) else { return Ok(None) };
        let url = self.bucket.download_url(&record.s3_key, &name).await?;
        Ok(Some(json!({
            "fileId": record.file_id,
            "fileName": name.as_str(),
            "key": record.s3_key,
            "size": record.size,
            "contentType": record.content_type,
            "uploadedAt": record.uploaded_at,
            "extra": record.extra,
            "downloadUrl": url,
        })))
    }
}

impl<T: FileTable> Handler for ListFiles<T> {
    const NAME: &'static str = "uploads-list-files";

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let caller = Caller::of(request)?;
        let cursors = Cursors::of("uploads/files", caller.as_str());
        let wanted = paging::wanted(request, cursors)?;
        let page = self.table.page(&caller, wanted.limit, wanted.after.as_deref()).await?;
        let mut files = Vec::with_capacity(page.records.len());
        let mut foreign = page.unreadable;
        for record in &page.records {
            match self.entry(&caller, record).await? {
                Some(file) => files.push(file),
                None => foreign += 1,
            }
        }
        let next = page.next.map(|file_id| cursors.encode(&file_id));
        Ok(Response {
            remark: paging::remark(foreign),
            ..Response::ok(json!({"files": files, "next": next}))
        })
    }
}

impl FromEnvironment for ListFiles {
    async fn from_environment() -> Result<Self, StartUpError> {
        let [table, bucket] = environment::required(["TABLE_NAME", "BUCKET_NAME"])?;
        let config = aws::configuration().await?;
        let table = DynamoTable::new(aws::dynamodb(&config), table);
        Ok(Self::new(table, Bucket::new(aws::s3(&config), bucket)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{aws::tests::offline_s3, uploads::file_table::tests::MemoryTable};
    use serde_json::Map;

    fn id(n: u32) -> String {
        format!("00000000-0000-4000-8000-{n:012}")
    }

    fn record(user: &str, n: u32, key: String) -> FileRecord {
        FileRecord {
            user_id: user.into(),
            file_id: id(n),
            s3_key: key,
            size: 3,
            content_type: "image/png".into(),
            uploaded_at: "2026-11-20T12:00:00Z".into(),
            extra: Map::new(),
        }
    }

    /// Five files of `ann`, one of `bob`.
    fn table() -> MemoryTable {
        let table = MemoryTable::default();
        (1..=5).for_each(|n| table.put(record("ann", n, format!("ann/{}_{n}.png", id(n)))));
        table.put(record("bob", 6, format!("bob/{}_6.png", id(6))));
        table
    }

    async fn list(table: &MemoryTable, user: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = Request { subject: Some(user.into()), query, ..Request::default() };
        let bucket = Bucket::new(offline_s3(None), "uploads".into());
        ListFiles::new(table.clone(), bucket).handle(&request).await.map(|response| response.body.unwrap())
    }

    fn names(page: &Value) -> Vec<&str> {
        page["files"].as_array().unwrap().iter().map(|file| file["fileName"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_user_sees_only_their_own_files() {
        assert_eq!(names(&list(&table(), "bob", &[]).await.unwrap()), ["6.png"]);
        let nobody = list(&table(), "eve", &[]).await.unwrap();
        assert_eq!(nobody, json!({"files": [], "next": null}));
    }

    #[tokio::test]
    async fn an_entry_holds_what_a_page_shows() {
        let mut page = list(&table(), "bob", &[]).await.unwrap();
        let url = page["files"][0].as_object_mut().unwrap().remove("downloadUrl").unwrap();
        assert!(url.as_str().unwrap().contains("response-content-disposition=attachment"), "{url}");
        assert_eq!(
            page["files"][0],
            json!({
                "fileId": id(6), "fileName": "6.png", "key": format!("bob/{}_6.png", id(6)), "size": 3,
                "contentType": "image/png", "uploadedAt": "2026-11-20T12:00:00Z", "extra": {},
            })
        );
    }

    #[tokio::test]
    async fn pages_of_any_length_make_up_the_list() {
        for limit in 1..=6 {
            let (table, limit) = (table(), limit.to_string());
            let mut page = list(&table, "ann", &[("limit", &limit)]).await.unwrap();
            let mut seen: Vec<String> = names(&page).into_iter().map(str::to_owned).collect();
            while let Some(next) = page["next"].as_str().map(str::to_owned) {
                page = list(&table, "ann", &[("limit", &limit), ("next", &next)]).await.unwrap();
                seen.extend(names(&page).into_iter().map(str::to_owned));
            }
            assert_eq!(seen, ["1.png", "2.png", "3.png", "4.png", "5.png"], "limit {limit}");
        }
    }

    #[tokio::test]
    async fn a_cursor_is_the_callers_own() {
        let page = list(&table(), "ann", &[("limit", "1")]).await.unwrap();
        let next = page["next"].as_str().unwrap();
        assert!(list(&table(), "ann", &[("next", next)]).await.is_ok());
        assert_eq!(list(&table(), "bob", &[("next", next)]).await.unwrap_err().status(), 400);
    }

    #[tokio::test]
    async fn a_record_that_points_at_anothers_object_is_left_out() {
        let table = table();
        table.put(record("eve", 7, format!("bob/{}_6.png", id(6))));
        table.put(record("eve", 8, format!("eve/{}_../x", id(8))));
        table.put(record("eve", 9, format!("eve/{}_ok.png", id(9))));
        assert_eq!(names(&list(&table, "eve", &[]).await.unwrap()), ["ok.png"]);
    }
}
