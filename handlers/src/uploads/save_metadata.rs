//! `POST /saveMetadata {fileId, key, size, contentType, extra}`: notes in the table what was uploaded.

use super::{
    dynamo_table::DynamoTable,
    extra,
    file_id::FileId,
    file_record::FileRecord,
    file_table::{FileTable, Saved},
    media_type::MediaType,
    object_key,
};
use crate::{
    Caller, Failure, FromEnvironment, Handler, Request, Response, StartUpError, aws, environment, fields,
    json_body, timestamp,
};
use fields::{Fields, text};
use serde_json::{Value, json};
use std::time::SystemTime;

/// The longest object that one PUT can make, 5 GiB.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html>
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

/// Answers `{status: "ok", item}`.
///
/// Saving the same file again renews its item, so a retry is harmless; a file id that the caller has already used
/// for another key is a 409. `extra` may be left out, the other fields may not.
#[derive(Clone, Debug)]
pub struct SaveMetadata<T = DynamoTable> {
    table: T,
    clock: fn() -> SystemTime,
}

impl<T: FileTable> SaveMetadata<T> {
    /// The handler for this table; `clock` tells `UploadedAt`.
    pub fn new(table: T, clock: fn() -> SystemTime) -> Self {
        Self { table, clock }
    }
}

impl<T: FileTable> Handler for SaveMetadata<T> {
    const NAME: &'static str = "uploads-save-metadata";

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let caller = Caller::of(request)?;
        let record = record(request, &caller, timestamp::utc((self.clock)()))?;
        match self.table.save(&record).await? {
            Saved::Stored => Ok(Response::ok(json!({"status": "ok", "item": record}))),
            Saved::OtherKey => Err(Failure::Conflict("this `fileId` already names another file of yours")),
        }
    }
}

impl FromEnvironment for SaveMetadata {
    async fn from_environment() -> Result<Self, StartUpError> {
        let [table] = environment::required(["TABLE_NAME"])?;
        let config = aws::configuration().await?;
        Ok(Self::new(DynamoTable::new(aws::dynamodb(&config), table), SystemTime::now))
    }
}

fn record(request: &Request, caller: &Caller, uploaded_at: String) -> Result<FileRecord, Failure> {
    let body = json_body::object(request)?;
    let mut fields = Fields::of(&body);
    let file_id = fields.required("fileId", |value| FileId::parse(text(value)?));
    let key = fields.required("key", |value| own_key(text(value)?, caller, file_id.as_ref()));
    let size = fields.required("size", size);
    let media_type = fields.required("contentType", |value| MediaType::parse(text(value)?));
    let extra = fields.optional("extra", extra::parse);
    let (Some(file_id), Some(key), Some(size), Some(media_type), Some(extra)) =
        (file_id, key, size, media_type, extra)
    else {
        return Err(fields.into_failure());
    };
    Ok(FileRecord {
        user_id: caller.as_str().into(),
        file_id: file_id.as_str().into(),
        s3_key: key.into(),
        size,
        content_type: media_type.as_str().into(),
        uploaded_at,
        extra,
    })
}

/// Without a good file id there is nothing to compare the key with, and one fault is enough to report.
fn own_key<'a>(key: &'a str, caller: &Caller, file_id: Option<&FileId>) -> Result<&'a str, &'static str> {
    match file_id {
        Some(file_id) => object_key::file_name(key, caller, file_id).map(|_| key),
        None => Ok(key),
    }
}

fn size(value: &Value) -> Result<u64, &'static str> {
    let size = value.as_u64().filter(|size| *size <= LARGEST);
    size.ok_or("must be a whole number of bytes from 0 to 5368709120")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{timestamp::tests::noon, uploads::file_table::tests::MemoryTable};

    const ID: &str = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11";

    fn body() -> Value {
        json!({
            "fileId": ID, "key": format!("user-1/{ID}_a.png"), "size": 3,
            "contentType": "image/png", "extra": {"album": "Rome"},
        })
    }

    async fn save(table: &MemoryTable, body: &Value) -> Result<Value, Failure> {
        let request =
            Request { subject: Some("user-1".into()), body: body.to_string(), ..Request::default() };
        SaveMetadata::new(table.clone(), noon).handle(&request).await.map(|response| response.body.unwrap())
    }

    async fn faults(change: &[(&str, Value)]) -> Vec<&'static str> {
        let mut body = body();
        for (field, value) in change {
            body[*field] = value.clone();
        }
        match save(&MemoryTable::default(), &body).await {
            Err(Failure::Fields(problems)) => problems.iter().map(|p| p.field).collect(),
            other => panic!("{change:?}: {other:?}"),
        }
    }

    #[tokio::test]
    async fn the_item_has_the_tables_attributes() {
        let mut body = body();
        body["userId"] = json!("mallory");
        body["UserId"] = json!("mallory");
        assert_eq!(
            save(&MemoryTable::default(), &body).await.unwrap(),
            json!({"status": "ok", "item": {
                "UserId": "user-1", "FileId": ID, "S3Key": format!("user-1/{ID}_a.png"), "Size": 3,
                "ContentType": "image/png", "UploadedAt": "2026-11-20T12:00:00Z", "Extra": {"album": "Rome"},
            }})
        );
    }

    #[tokio::test]
    async fn every_missing_field_is_named() {
        let failure = save(&MemoryTable::default(), &json!({})).await.unwrap_err();
        assert_eq!(failure.code(), "missing_fields");
        let Failure::Fields(problems) = failure else { panic!() };
        assert_eq!(
            problems.iter().map(|p| p.field).collect::<Vec<_>>(),
            ["fileId", "key", "size", "contentType"]
        );
    }

    #[tokio::test]
    async fn extra_may_be_left_out() {
        for none in [json!(null), json!({})] {
            let mut body = body();
            body["extra"] = none;
            assert_eq!(save(&MemoryTable::default(), &body).await.unwrap()["item"]["Extra"], json!({}));
        }
    }

    #[tokio::test]
    async fn a_key_outside_the_callers_prefix_is_refused() {
        let other = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a12";
        let keys = [
            String::new(),
            "a.png".into(),
            format!("user-2/{ID}_a.png"),
            format!("user-1/{other}_a.png"),
            format!("user-1/{ID}a.png"),
            format!("user-1/{ID}_"),
            format!("user-1/{ID}_../user-2/a.png"),
            format!("user-1/{ID}_.."),
            format!("user-1/{ID}_ a.png"),
            format!("/user-1/{ID}_a.png"),
            format!("user-1//{ID}_a.png"),
            format!("USER-1/{ID}_a.png"),
            format!("user-10/{ID}_a.png"),
            format!("user-1/{ID}_a\n.png"),
            format!("user-1/{ID}_{}", "x".repeat(256)),
        ];
        for key in keys {
            assert_eq!(faults(&[("key", json!(key))]).await, ["key"], "{key}");
        }
    }

    #[tokio::test]
    async fn sizes_are_whole_and_no_larger_than_a_put() {
        for size in [json!(0), json!(LARGEST)] {
            let mut body = body();
            body["size"] = size;
            assert!(save(&MemoryTable::default(), &body).await.is_ok(), "{body}");
        }
        for size in
            [json!(-1), json!(LARGEST + 1), json!(1.5), json!("3"), json!(true), json!(1e300), json!([3])]
        {
            assert_eq!(faults(&[("size", size.clone())]).await, ["size"], "{size}");
        }
    }

    #[tokio::test]
    async fn several_faults_come_together() {
        let change = [("fileId", json!("x")), ("contentType", json!("x")), ("extra", json!([]))];
        assert_eq!(faults(&change).await, ["fileId", "contentType", "extra"]);
    }

    #[tokio::test]
    async fn the_same_again_is_harmless_and_another_key_a_conflict() {
        let table = MemoryTable::default();
        let first = save(&table, &body()).await.unwrap();
        assert_eq!(save(&table, &body()).await.unwrap(), first);
        let mut other = body();
        other["key"] = json!(format!("user-1/{ID}_b.png"));
        let conflict = save(&table, &other).await.unwrap_err();
        assert_eq!(conflict.status(), 409);
        assert_eq!(json!(table.records()), json!([first["item"]]));
    }

    #[tokio::test]
    async fn without_a_claim_nothing_is_saved() {
        let table = MemoryTable::default();
        let request = Request { body: body().to_string(), ..Request::default() };
        assert_eq!(SaveMetadata::new(table.clone(), noon).handle(&request).await, Err(Failure::NoCaller));
        assert!(table.records().is_empty());
    }
}
