//! The objects of a site's bucket: which there are, and putting and removing them.

use super::record::Published;
use super::{SiteError, SiteFile, SiteStep};
use crate::object_deletion::{self, BATCH, Refused};
use crate::{Environment, Error};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ObjectIdentifier};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// Files on their way at one time.
const PARALLEL: usize = 8;

/// The content of an object; `None` when there is none.
pub(crate) async fn get(
    environment: &Environment,
    bucket: &str,
    key: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let request =
        environment.s3.get_object().bucket(bucket).key(key).expected_bucket_owner(&environment.account);
    match request.send().await {
        Ok(object) => {
            let cut_off =
                |error: &dyn std::error::Error| environment.not_aws("s3:GetObject", &error.to_string());
            let body = object.body.collect().await.map_err(|error| cut_off(&error))?;
            Ok(Some(body.to_vec()))
        }
        Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => Ok(None),
        Err(error) => Err(environment.failed("s3:GetObject")(error)),
    }
}

/// Entity tags by key.
pub(crate) async fn list(environment: &Environment, bucket: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut listed = BTreeMap::new();
    let mut next = None;
    loop {
        let request =
            environment.s3.list_objects_v2().bucket(bucket).expected_bucket_owner(&environment.account);
        let page = request.set_continuation_token(next.take()).send().await;
        let page = page.map_err(environment.failed("s3:ListBucket"))?;
        let pair = |object: aws_sdk_s3::types::Object| Some((object.key?, bare(object.e_tag)));
        listed.extend(page.contents.into_iter().flatten().filter_map(pair));
        next = page.next_continuation_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(listed);
        }
    }
}

/// An entity tag without its quotation marks, which not every answer has.
fn bare(etag: Option<String>) -> String {
    etag.unwrap_or_default().trim_matches('"').to_owned()
}

/// Puts the files there, several at a time, and says under which tags.
pub(crate) async fn put_all(
    environment: &Environment,
    bucket: &str,
    files: Vec<SiteFile>,
    report: &mut impl FnMut(SiteStep),
) -> Result<Vec<(String, Published)>, Error> {
    let (mut queue, mut running, mut done) = (files.into_iter(), JoinSet::new(), Vec::new());
    loop {
        while running.len() < PARALLEL
            && let Some(file) = queue.next()
        {
            running.spawn(put(environment.clone(), bucket.to_owned(), file));
        }
        match running.join_next().await {
            Some(Ok(put)) => {
                let (path, size, published) = put?;
                report(SiteStep::Uploaded { path: path.clone(), size });
                done.push((path, published));
            }
            Some(Err(panic)) => std::panic::resume_unwind(panic.into_panic()),
            None => return Ok(done),
        }
    }
}

pub(crate) async fn put(
    environment: Environment,
    bucket: String,
    file: SiteFile,
) -> Result<(String, u64, Published), Error> {
    let fingerprint = file.fingerprint();
    let size = file.content.len() as u64;
    let request = environment
        .s3
        .put_object()
        .bucket(bucket)
        .key(&file.path)
        .content_type(file.content_type)
        .cache_control(file.cache_control)
        .expected_bucket_owner(&environment.account)
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .body(ByteStream::from(file.content));
    let answer = request.send().await.map_err(environment.failed("s3:PutObject"))?;
    Ok((file.path, size, Published { fingerprint, etag: bare(answer.e_tag) }))
}

/// Removes the objects. In a bucket with versions this leaves a marker, and the old versions to the bucket's lifecycle.
pub(crate) async fn remove(environment: &Environment, bucket: &str, paths: &[String]) -> Result<(), Error> {
    for batch in paths.chunks(BATCH) {
        let objects = batch.iter().filter_map(|path| ObjectIdentifier::builder().key(path).build().ok());
        let deletion = object_deletion::delete(environment, "s3:DeleteObject", bucket, objects.collect());
        if let Some(Refused { count: failed, key, message }) = deletion.await? {
            let bucket = bucket.to_owned();
            return Err(SiteError::NotRemoved { bucket, failed, key, message }.into());
        }
    }
    Ok(())
}
