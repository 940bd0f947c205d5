//! `POST /getUploadUrl {fileName, contentType}`: a place in the bucket and the leave to put one file there.

use super::{bucket::Bucket, file_id::FileId, file_name::FileName, media_type::MediaType, object_key};
use crate::{
    Caller, Failure, FromEnvironment, Handler, Request, Response, StartUpError, aws, environment, fields,
    json_body,
};
use fields::{Fields, text};
use serde_json::json;

/// Answers `{uploadUrl, key, fileId}`.
///
/// The URL is good for one PUT target, for 15 minutes, and only with the `content-type` that was asked for.
#[derive(Clone, Debug)]
pub struct GetUploadUrl {
    bucket: Bucket,
}

impl GetUploadUrl {
    /// The handler for this bucket.
    pub fn new(bucket: Bucket) -> Self {
        Self { bucket }
    }
}

impl Handler for GetUploadUrl {
    const NAME: &'static str = "uploads-get-upload-url";

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let caller = Caller::of(request)?;
        let (name, media_type) = wanted(request)?;
        let file_id = FileId::random();
        let key = object_key::of(&caller, &file_id, &name);
        let url = self.bucket.upload_url(&key, &media_type).await?;
        Ok(Response::ok(json!({"uploadUrl": url, "key": key, "fileId": file_id.as_str()})))
    }
}

impl FromEnvironment for GetUploadUrl {
    async fn from_environment() -> Result<Self, StartUpError> {
        let [bucket] = environment::required(["BUCKET_NAME"])?;
        let config = aws::configuration().await?;
        Ok(Self::new(Bucket::new(aws::s3(&config), bucket)))
    }
}

fn wanted(request: &Request) -> Result<(FileName, MediaType), Failure> {
    let body = json_body::object(request)?;
    let mut fields = Fields::of(&body);
    let name = fields.required("fileName", |value| FileName::parse(text(value)?.trim()));
    let media_type = fields.required("contentType", |value| MediaType::parse(text(value)?));
    name.zip(media_type).ok_or_else(|| fields.into_failure())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{aws::tests::offline_s3, failure::Problem};
    use serde_json::Value;

    async fn ask(subject: Option<&str>, body: &Value) -> Result<Value, Failure> {
        let request =
            Request { subject: subject.map(str::to_owned), body: body.to_string(), ..Request::default() };
        let handler = GetUploadUrl::new(Bucket::new(offline_s3(None), "uploads".into()));
        handler.handle(&request).await.map(|response| response.body.unwrap())
    }

    #[tokio::test]
    async fn the_key_is_the_callers_whatever_the_body_says() {
        let body = json!({"fileName": " a b.png ", "contentType": "image/png", "userId": "mallory", "sub": "mallory"});
        let answer = ask(Some("user-1"), &body).await.unwrap();
        let file_id = answer["fileId"].as_str().unwrap();
        assert!(FileId::parse(file_id).is_ok(), "{file_id}");
        assert_eq!(answer["key"], format!("user-1/{file_id}_a b.png"));
        let url = answer["uploadUrl"].as_str().unwrap();
        let path = format!("https://uploads.s3.eu-central-1.amazonaws.com/user-1/{file_id}_a%20b.png?");
        assert!(url.starts_with(&path), "{url}");
        assert_eq!(answer.as_object().unwrap().len(), 3);
    }

    #[tokio::test]
    async fn every_file_gets_its_own_id() {
        let body = json!({"fileName": "a", "contentType": "text/plain"});
        let (one, two) = (ask(Some("u"), &body).await.unwrap(), ask(Some("u"), &body).await.unwrap());
        assert_ne!(one["fileId"], two["fileId"]);
    }

    #[tokio::test]
    async fn without_a_claim_nothing_is_read() {
        assert_eq!(ask(None, &json!("not even an object")).await, Err(Failure::NoCaller));
    }

    #[tokio::test]
    async fn all_faults_are_named() {
        let missing = |field| Problem { field, problem: "is missing".into() };
        let both = Failure::Fields(vec![missing("fileName"), missing("contentType")]);
        assert_eq!(ask(Some("u"), &json!({})).await, Err(both));
        let failure = ask(Some("u"), &json!({"fileName": "../x", "contentType": 1})).await.unwrap_err();
        let Failure::Fields(problems) = failure else { panic!("{failure:?}") };
        assert_eq!(problems.iter().map(|p| p.field).collect::<Vec<_>>(), ["fileName", "contentType"]);
    }
}
