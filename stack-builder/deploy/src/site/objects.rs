//! The objects of a site's bucket: which there are, and putting and removing them.

use super::record::Published;
use super::{SiteError, SiteFile, SiteStep};
use crate::object_deletion::{self, BATCH, Refused};
use crate::{Environment, Error};
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ObjectIdentifier};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// Files on their way at one time.
const PARALLEL: usize = 8;
/// What S3 says when another object than the expected one is there, is on its way there, or none is
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>).
const OVERTAKEN: [&str; 3] = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

/// What an object may be put in the place of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Over {
    /// Whatever is there.
    #[default]
    Anything,
    /// Nothing: there must be no object.
    Nothing,
    /// An object of this entity tag, and no other.
    Tag(String),
}

impl Over {
    /// The object that an answer tells of.
    fn tag(etag: Option<String>) -> Self {
        etag.filter(|etag| !etag.is_empty()).map_or(Self::Anything, Self::Tag)
    }
}

/// The content of an object, empty when there is none, and what may take its place unless somebody is faster.
pub(crate) async fn get(
    environment: &Environment,
    bucket: &str,
    key: &str,
) -> Result<(Vec<u8>, Over), Error> {
    let request =
        environment.s3.get_object().bucket(bucket).key(key).expected_bucket_owner(&environment.account);
    match request.send().await {
        Ok(object) => {
            let cut_off =
                |error: &dyn std::error::Error| environment.not_aws("s3:GetObject", &error.to_string());
            let body = object.body.collect().await.map_err(|error| cut_off(&error))?;
            Ok((body.to_vec(), Over::tag(object.e_tag)))
        }
        Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
            Ok((Vec::new(), Over::Nothing))
        }
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

async fn put(
    environment: Environment,
    bucket: String,
    file: SiteFile,
) -> Result<(String, u64, Published), Error> {
    let (path, size, fingerprint) = (file.path.clone(), file.content.len() as u64, file.fingerprint());
    let answer = request(&environment, &bucket, file).send().await;
    let answer = answer.map_err(environment.failed("s3:PutObject"))?;
    Ok((path, size, Published { fingerprint, etag: bare(answer.e_tag) }))
}

/// Puts the file in the place of `over`, and says what may take its place in turn.
pub(crate) async fn put_over(
    environment: &Environment,
    bucket: &str,
    file: SiteFile,
    over: Over,
) -> Result<Over, Error> {
    let request = request(environment, bucket, file);
    let request = match over {
        Over::Anything => request,
        Over::Nothing => request.if_none_match("*"),
        Over::Tag(etag) => request.if_match(etag),
    };
    match request.send().await {
        Ok(answer) => Ok(Over::tag(answer.e_tag)),
        Err(error) if error.code().is_some_and(|code| OVERTAKEN.contains(&code)) => {
            Err(SiteError::Overtaken { bucket: bucket.to_owned() }.into())
        }
        Err(error) => Err(environment.failed("s3:PutObject")(error)),
    }
}

fn request(environment: &Environment, bucket: &str, file: SiteFile) -> PutObjectFluentBuilder {
    let request = environment.s3.put_object().bucket(bucket).key(file.path);
    request
        .content_type(file.content_type)
        .cache_control(file.cache_control)
        .expected_bucket_owner(&environment.account)
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .body(ByteStream::from(file.content))
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
