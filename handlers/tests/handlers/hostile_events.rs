//! No event makes a handler panic, and every event gets a well-formed answer.

use crate::hostile::statuses;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use handlers::{
    Caller, Failure, Page, UserName,
    todo::{
        AddItem, Change, CompleteItem, DeleteItem, GetItem, Item, ItemId, ItemTable, ListItems, UpdateItem,
    },
    uploads::{Bucket, FileRecord, FileTable, GetUploadUrl, ListFiles, SaveMetadata, Saved},
};
use serde_json::json;
use std::time::SystemTime;

const ID: &str = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11";

/// Tables that take everything from everybody but `bob`, whom the bodies name and no token does. One page of files
/// has two records, one of them not ours.
#[derive(Clone)]
struct AnyTable;

impl FileTable for AnyTable {
    async fn save(&self, record: &FileRecord) -> Result<Saved, Failure> {
        assert_ne!(record.user_id, "bob");
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

fn item(owner: &UserName, id: &str) -> Item {
    assert_ne!(owner.as_str(), "bob");
    let date = String::new();
    let lastupdate_date = date.clone();
    Item { id: id.into(), item: "x".into(), completed: false, creation_date: date, lastupdate_date }
}

impl ItemTable for AnyTable {
    async fn page(&self, owner: &UserName, _: u32, _: Option<&str>) -> Result<Page<Item>, Failure> {
        Ok(Page { records: vec![item(owner, ID)], unreadable: 1, next: Some(ID.into()) })
    }

    async fn get(&self, owner: &UserName, id: &ItemId) -> Result<Option<Item>, Failure> {
        Ok(Some(item(owner, id.as_str())))
    }

    async fn add(&self, owner: &UserName, added: &Item) -> Result<(), Failure> {
        item(owner, &added.id);
        Ok(())
    }

    async fn change(&self, owner: &UserName, id: &ItemId, _: &Change) -> Result<Option<Item>, Failure> {
        Ok(Some(item(owner, id.as_str())))
    }

    async fn delete(&self, owner: &UserName, id: &ItemId) -> Result<bool, Failure> {
        item(owner, id.as_str());
        Ok(true)
    }
}

fn bucket() -> Bucket {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"));
    Bucket::new(aws_sdk_s3::Client::from_conf(config.build()), "uploads".into())
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
        "extra": {"a": {"b": [1]}}, "userId": "bob", "UserId": "bob", "sub": "bob",
    });
    let handler = SaveMetadata::new(AnyTable, SystemTime::now);
    assert_eq!(statuses(handler, body).await, [200, 400, 401, 413, 415]);
}

#[tokio::test]
async fn list_items() {
    assert_eq!(statuses(ListItems::new(AnyTable), json!({})).await, [200, 400, 401]);
}

#[tokio::test]
async fn get_item() {
    assert_eq!(statuses(GetItem::new(AnyTable), json!({})).await, [200, 400, 401]);
}

#[tokio::test]
async fn add_item() {
    let body = json!({"item": "x", "completed": false, "cognito-username": "bob", "cognito:username": "bob"});
    assert_eq!(statuses(AddItem::new(AnyTable, SystemTime::now), body).await, [201, 400, 401, 413, 415]);
}

#[tokio::test]
async fn update_item() {
    let body = json!({"item": "x", "completed": true, "cognito-username": "bob"});
    assert_eq!(statuses(UpdateItem::new(AnyTable, SystemTime::now), body).await, [200, 400, 401, 413, 415]);
}

#[tokio::test]
async fn complete_item() {
    assert_eq!(statuses(CompleteItem::new(AnyTable, SystemTime::now), json!({})).await, [200, 400, 401]);
}

#[tokio::test]
async fn delete_item() {
    assert_eq!(statuses(DeleteItem::new(AnyTable), json!({})).await, [204, 400, 401]);
}
