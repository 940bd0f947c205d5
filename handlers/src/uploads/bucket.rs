//! Presigned URLs of the bucket; signing needs no network.

use super::{content_disposition, file_name::FileName, media_type::MediaType};
use crate::Failure;
use aws_sdk_s3::{
    Client,
    error::SdkError,
    operation::{get_object::GetObjectError, put_object::PutObjectError},
    presigning::PresigningConfig,
};
use std::time::Duration;

/// How long a URL works. The credentials of a Lambda role outlive it.
const LIFETIME: Duration = Duration::from_mins(15);

/// The bucket that holds the files.
#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    name: String,
}

impl Bucket {
    /// The bucket of this name.
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// A URL for PUTs of this object. The media type is part of what is signed: S3 refuses a PUT that
    /// names another one.
    pub(crate) async fn upload_url(&self, key: &str, media_type: &MediaType) -> Result<String, Failure> {
        let request = self.client.put_object().bucket(&self.name).key(key).content_type(media_type.as_str());
        let signed = request.presigned(lifetime()?).await;
        signed
            .map(|url| url.uri().to_owned())
            .map_err(|e: SdkError<PutObjectError>| Failure::aws("sign PUT", &e))
    }

    /// A URL that saves this object under its own name.
    pub(crate) async fn download_url(&self, key: &str, name: &FileName) -> Result<String, Failure> {
        let disposition = content_disposition::attachment(name);
        let request = self.client.get_object().bucket(&self.name).key(key);
        let signed = request.response_content_disposition(disposition).presigned(lifetime()?).await;
        signed
            .map(|url| url.uri().to_owned())
            .map_err(|e: SdkError<GetObjectError>| Failure::aws("sign GET", &e))
    }
}

fn lifetime() -> Result<PresigningConfig, Failure> {
    PresigningConfig::expires_in(LIFETIME).map_err(|error| Failure::Internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::tests::offline_s3;

    async fn upload(endpoint: Option<&str>) -> String {
        let bucket = Bucket::new(offline_s3(endpoint), "uploads".into());
        bucket.upload_url("u/i_a.png", &MediaType::parse("image/png; charset=x").unwrap()).await.unwrap()
    }

    fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
        let (_, query) = url.split_once('?').unwrap();
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    #[tokio::test]
    async fn the_content_type_is_signed_and_nothing_a_browser_cannot_send() {
        let url = upload(None).await;
        assert_eq!(parameter(&url, "X-Amz-SignedHeaders"), Some("content-type%3Bhost"), "{url}");
        assert_eq!(parameter(&url, "X-Amz-Expires"), Some("900"), "{url}");
        assert!(!url.contains("checksum"), "{url}");
    }

    #[tokio::test]
    async fn an_endpoint_of_ones_own_is_addressed_by_path() {
        for endpoint in
            ["http://127.0.0.1:9000", "http://localhost:9000", "http://[::1]:9000", "https://s3.example.org"]
        {
            let url = upload(Some(endpoint)).await;
            assert!(url.starts_with(&format!("{endpoint}/uploads/u/i_a.png?")), "{url}");
        }
    }

    #[tokio::test]
    async fn a_download_saves_under_the_files_name() {
        let bucket = Bucket::new(offline_s3(None), "uploads".into());
        let url = bucket.download_url("u/i_a.png", &FileName::parse("ä \"b\".png").unwrap()).await.unwrap();
        let disposition = parameter(&url, "response-content-disposition").unwrap();
        assert_eq!(
            disposition,
            "attachment%3B%20filename%3D%22_%20_b_.png%22%3B%20filename%2A%3DUTF-8%27%27%25C3%25A4%2520%2522b%2522.png"
        );
        assert_eq!(parameter(&url, "X-Amz-Expires"), Some("900"));
    }
}
