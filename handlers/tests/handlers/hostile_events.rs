//! No event makes a handler panic, and every event gets a well-formed answer.

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use handlers::{
    AllowedOrigins, Answered, Caller, Failure, Handler, Invocation, Page, respond,
    uploads::{Bucket, FileRecord, FileTable, GetUploadUrl, ListFiles, SaveMetadata, Saved},
};
use serde_json::{Value, json};
use std::time::SystemTime;

const ID: &str = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11";

/// A xorshift generator: the same events in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn value(&mut self) -> Value {
        let values = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e308),
            json!(u64::MAX),
            json!(""),
            json!("\u{0}\u{202e}../\\\"\r\n"),
            json!("ä".repeat(9000)),
            json!("e30="),
            json!("{}"),
            json!("[[[["),
            json!([]),
            json!([[{}]]),
            json!({}),
            json!({"sub": {"sub": []}}),
        ];
        values[self.roll(values.len())].clone()
    }

    /// Replaces or removes one to three things anywhere in the value.
    fn spoil(&mut self, value: &mut Value) {
        for _ in 0..=self.roll(3) {
            self.spoil_one(value);
        }
    }

    fn spoil_one(&mut self, value: &mut Value) {
        let stop = self.roll(4) == 0;
        match value {
            Value::Object(fields) if !fields.is_empty() && !stop => {
                let name = fields.keys().nth(self.roll(fields.len())).unwrap().clone();
                if self.roll(5) == 0 {
                    fields.remove(&name);
                } else {
                    self.spoil_one(&mut fields[&name]);
                }
            }
            other => *other = self.value(),
        }
    }
}

/// A table that takes everything and lists two records, one of them not ours.
#[derive(Clone)]
struct AnyTable;

impl FileTable for AnyTable {
    async fn save(&self, _: &FileRecord) -> Result<Saved, Failure> {
        Ok(Saved::Stored)
    }

    async fn page(&self, owner: &Caller, _: u32, _: Option<&str>) -> Result<Page<FileRecord>, Failure> {
        let key = |name: &str| format!("{}/{ID}_{name}", owner.as_str());
        let records = [key("a.png"), key("../b.png"), "elsewhere".into()].map(|s3_key| FileRecord {
            user_id: owner.as_str().into(),
            file_id: ID.into(),
            s3_key,
            size: 1,
            content_type: "a/b".into(),
            uploaded_at: String::new(),
            extra: serde_json::Map::new(),
        });
        Ok(Page { records: records.into(), unreadable: 1, next: Some(ID.into()) })
    }
}

fn bucket() -> Bucket {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"));
    Bucket::new(aws_sdk_s3::Client::from_conf(config.build()), "uploads".into())
}

fn event(body: &Value) -> Value {
    json!({
        "version": "2.0",
        "headers": {"content-type": "application/json"},
        "queryStringParameters": {"limit": "10", "next": "AAAA"},
        "requestContext": {"routeKey": "X", "authorizer": {"jwt": {"claims": {"sub": "ann"}}}},
        "body": body,
        "isBase64Encoded": false,
    })
}

/// Spoils the body and then, half of the time, the event round it.
fn hostile(dice: &mut Dice, body: &Value) -> Value {
    let mut body = body.clone();
    dice.spoil(&mut body);
    let mut event = event(&body.to_string().into());
    if dice.roll(2) == 0 {
        dice.spoil(&mut event);
    }
    event
}

async fn statuses<H: Handler>(handler: H, body: Value) -> Vec<u64> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut seen = std::collections::BTreeSet::new();
    let invocation = Invocation { request_id: "r-1", trace: None };
    let origins = AllowedOrigins::default();
    for _ in 0..3000 {
        let event = hostile(&mut dice, &body);
        let Answered { answer, log, .. } = respond(&handler, &event, invocation, &origins).await;
        assert_eq!(log["status"], answer["statusCode"], "{event}");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(answer["headers"]["cache-control"], "no-store", "{event}");
        assert_eq!(answer["statusCode"] == 200, body.get("error").is_none(), "{event}");
        seen.insert(answer["statusCode"].as_u64().unwrap());
    }
    seen.into_iter().collect()
}

#[tokio::test]
async fn get_upload_url() {
    let body = json!({"fileName": "a.png", "contentType": "image/png"});
    assert_eq!(statuses(GetUploadUrl::new(bucket()), body).await, [200, 400, 401, 413, 415]);
}

#[tokio::test]
async fn list_files() {
    assert_eq!(statuses(ListFiles::new(AnyTable, bucket()), json!({})).await, [200, 400, 401]);
}

#[tokio::test]
async fn save_metadata() {
    let body = json!({
        "fileId": ID, "key": format!("ann/{ID}_a.png"), "size": 3, "contentType": "image/png",
        "extra": {"a": {"b": [1]}},
    });
    let handler = SaveMetadata::new(AnyTable, SystemTime::now);
    assert_eq!(statuses(handler, body).await, [200, 400, 401, 413, 415]);
}
