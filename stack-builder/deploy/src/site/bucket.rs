//! A site in a bucket: what differs from what is served, and the way from one to the other.

use super::plan::pages_last;
use super::record::{self, Published, Record};
use super::{Invalidation, SiteFile, SiteStep, invalidation, resource};
use crate::{Environment, Error};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, Delete, ObjectIdentifier};
use stack_builder_assembly::StackArtifact;
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// Files on their way at one time.
const PARALLEL: usize = 8;
/// The most keys that one deletion takes.
const BATCH: usize = 1000;

/// What differs.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// In the order in which they go up.
    pub(crate) uploads: Vec<SiteFile>,
    /// Sorted.
    pub(crate) removals: Vec<String>,
    /// As CloudFront is asked.
    pub(crate) invalidation: Vec<String>,
    /// What the record says when all is done.
    after: Record,
}

/// The files of the site against what was published and what the bucket lists (key to entity tag).
pub(crate) fn difference(
    files: Vec<SiteFile>,
    published: &Record,
    listed: &BTreeMap<String, String>,
    cached: bool,
) -> Difference {
    let wanted: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let mut uploads: Vec<_> = files.into_iter().filter(|file| !published.holds(file, listed)).collect();
    pages_last(&mut uploads);
    // Only what this engine put there: the bucket may hold other things.
    let removals: Vec<_> = published.files.keys().filter(|path| !wanted.contains(*path)).cloned().collect();
    let mut after = published.clone();
    after.files.retain(|path, _| wanted.contains(path));
    // Before the first publication nobody can have asked for a file, unless one is there already.
    let first = published.files.is_empty();
    let known = |path: &&str| !first || listed.contains_key(*path);
    let changed = uploads.iter().map(|file| file.path.as_str()).filter(known);
    let changed = changed.chain(removals.iter().map(String::as_str));
    if cached {
        after.pending.extend(invalidation::paths(changed));
    } else {
        after.pending.clear();
    }
    let invalidation = invalidation::bounded(&after.pending);
    after.pending = invalidation.iter().cloned().collect();
    Difference { uploads, removals, invalidation, after }
}

/// What is to be done in which bucket.
#[derive(Debug, Default)]
pub(crate) struct BucketWork {
    pub(crate) difference: Difference,
    bucket: String,
    distribution: Option<String>,
    record_key: String,
    before: Record,
}

impl BucketWork {
    /// Looks at the bucket and the distribution that go by these names in the template.
    pub(crate) async fn plan(
        environment: &Environment,
        stack: &StackArtifact,
        site: &str,
        (bucket, distribution): (&str, Option<&str>),
        files: Vec<SiteFile>,
    ) -> Result<Self, Error> {
        let found = resource::find(environment, &stack.stack_name, site, bucket).await?;
        let distribution = match distribution {
            Some(name) => Some(resource::find(environment, &stack.stack_name, site, name).await?.physical_id),
            None => None,
        };
        let (bucket, record_key) = (found.physical_id, record::key(&found.stack_id));
        let before = recorded(environment, &bucket, &record_key).await?;
        let listed = list(environment, &bucket).await?;
        let difference = difference(files, &before, &listed, distribution.is_some());
        Ok(Self { difference, bucket, distribution, record_key, before })
    }

    /// Assets, pages, removals, invalidation; the record before and after.
    pub(crate) async fn execute(
        self,
        environment: &Environment,
        report: &mut impl FnMut(SiteStep),
    ) -> Result<Invalidation, Error> {
        let Difference { uploads, removals, invalidation, mut after } = self.difference;
        if !(uploads.is_empty() && removals.is_empty()) {
            let under_way = under_way(&self.before, &after, &uploads);
            write_record(environment, &self.bucket, &self.record_key, &under_way).await?;
        }
        let (pages, others) = uploads.into_iter().partition(SiteFile::is_page);
        for wave in [others, pages] {
            let put = put_all(environment, &self.bucket, wave, report).await?;
            after.files.extend(put);
        }
        remove(environment, &self.bucket, &removals).await?;
        for path in removals {
            report(SiteStep::Removed { path });
        }
        let outcome = forget(environment, self.distribution.as_deref(), invalidation, report).await;
        if !matches!(outcome, Invalidation::Refused(_)) {
            after.pending.clear();
        }
        write_record(environment, &self.bucket, &self.record_key, &after).await?;
        Ok(outcome)
    }
}

/// What holds while the files are on their way: no longer what was, and not yet what is to be.
fn under_way(before: &Record, after: &Record, uploads: &[SiteFile]) -> Record {
    let mut record = Record { files: before.files.clone(), pending: after.pending.clone() };
    record.files.extend(uploads.iter().map(|file| (file.path.clone(), Published::default())));
    record
}

async fn recorded(environment: &Environment, bucket: &str, key: &str) -> Result<Record, Error> {
    let request =
        environment.s3.get_object().bucket(bucket).key(key).expected_bucket_owner(&environment.account);
    match request.send().await {
        Ok(object) => {
            let cut_off =
                |error: &dyn std::error::Error| environment.not_aws("s3:GetObject", &error.to_string());
            let body = object.body.collect().await.map_err(|error| cut_off(&error))?;
            Ok(Record::read(&body.into_bytes()))
        }
        Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
            Ok(Record::default())
        }
        Err(error) => Err(environment.failed("s3:GetObject")(error)),
    }
}

async fn list(environment: &Environment, bucket: &str) -> Result<BTreeMap<String, String>, Error> {
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
async fn put_all(
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

async fn write_record(
    environment: &Environment,
    bucket: &str,
    key: &str,
    record: &Record,
) -> Result<(), Error> {
    let file = SiteFile {
        path: key.to_owned(),
        content: record.to_json().into_bytes(),
        content_type: "application/json",
        cache_control: "private, no-store",
    };
    put(environment.clone(), bucket.to_owned(), file).await.map(drop)
}

/// In a bucket with versions this leaves a marker, and the old versions to the bucket's lifecycle.
async fn remove(environment: &Environment, bucket: &str, paths: &[String]) -> Result<(), Error> {
    for batch in paths.chunks(BATCH) {
        let objects = batch.iter().filter_map(|path| ObjectIdentifier::builder().key(path).build().ok());
        let Ok(batch) = Delete::builder().set_objects(Some(objects.collect())).quiet(true).build() else {
            continue;
        };
        let request = environment
            .s3
            .delete_objects()
            .bucket(bucket)
            .expected_bucket_owner(&environment.account)
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .delete(batch);
        let answer = request.send().await.map_err(environment.failed("s3:DeleteObject"))?;
        if let Some(first) = answer.errors().first() {
            return Err(Error::Service {
                action: "s3:DeleteObject",
                code: first.code().unwrap_or_default().to_owned(),
                message: format!(
                    "{}: {}",
                    first.key().unwrap_or_default(),
                    first.message().unwrap_or_default()
                ),
                request_id: "unknown".to_owned(),
            });
        }
    }
    Ok(())
}

/// The site is up whatever comes of this: caches that could not be told are a warning.
async fn forget(
    environment: &Environment,
    distribution: Option<&str>,
    paths: Vec<String>,
    report: &mut impl FnMut(SiteStep),
) -> Invalidation {
    let Some(distribution) = distribution.filter(|_| !paths.is_empty()) else {
        return Invalidation::Unneeded;
    };
    match invalidation::request(environment, distribution, &paths).await {
        Ok(()) => {
            report(SiteStep::Invalidated { paths: paths.clone() });
            Invalidation::Requested(paths)
        }
        Err(error) => {
            let problem = error.to_string();
            report(SiteStep::NotInvalidated { problem: problem.clone() });
            Invalidation::Refused(problem)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, content: &str) -> SiteFile {
        SiteFile {
            path: path.to_owned(),
            content: content.as_bytes().to_vec(),
            content_type: super::super::kind::content_type(path),
            cache_control: "no-cache",
        }
    }

    /// The record and the listing after `files` have been published.
    fn published(files: &[SiteFile]) -> (Record, BTreeMap<String, String>) {
        let etag = |file: &SiteFile| format!("etag of {}", String::from_utf8_lossy(&file.content));
        let entry = |file: &SiteFile| {
            (file.path.clone(), Published { fingerprint: file.fingerprint(), etag: etag(file) })
        };
        let record = Record { files: files.iter().map(entry).collect(), pending: BTreeSet::new() };
        (record, files.iter().map(|file| (file.path.clone(), etag(file))).collect())
    }

    #[track_caller]
    fn check(difference: &Difference, uploads: &[&str], removals: &[&str], invalidation: &[&str]) {
        let paths: Vec<_> = difference.uploads.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            (paths.as_slice(), &*difference.removals),
            (uploads, &*removals.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>())
        );
        assert_eq!(difference.invalidation, invalidation);
    }

    #[test]
    fn at_first_everything_goes_up_pages_last_and_nothing_is_forgotten() {
        let files =
            vec![file("a/index.html", "a"), file("index.html", "i"), file("app.js", "j"), file("z.css", "z")];
        let found = difference(files, &Record::default(), &BTreeMap::new(), true);
        check(&found, &["app.js", "z.css", "a/index.html", "index.html"], &[], &[]);
    }

    #[test]
    fn what_somebody_else_put_there_is_replaced_and_forgotten() {
        let listed =
            [("index.html".to_owned(), "other".to_owned()), ("photo.jpg".to_owned(), "p".to_owned())].into();
        let found = difference(vec![file("index.html", "i")], &Record::default(), &listed, true);
        check(&found, &["index.html"], &[], &["/", "/index.html"]);
    }

    #[test]
    fn nothing_goes_up_twice() {
        let files = vec![file("app.js", "j"), file("index.html", "i")];
        let (record, listed) = published(&files);
        check(&difference(files, &record, &listed, true), &[], &[], &[]);
    }

    #[test]
    fn only_what_changed_goes_up_and_is_forgotten() {
        let (record, listed) =
            published(&[file("app.js", "j"), file("index.html", "i"), file("old.css", "o")]);
        let files = vec![file("app.js", "j2"), file("index.html", "i"), file("new.css", "n")];
        let found = difference(files, &record, &listed, true);
        check(&found, &["app.js", "new.css"], &["old.css"], &["/app.js", "/new.css", "/old.css"]);
        assert_eq!(found.after.files.keys().collect::<Vec<_>>(), ["app.js", "index.html"]);
    }

    #[test]
    fn another_header_or_a_hand_in_the_bucket_is_a_change_too() {
        let (record, mut listed) = published(&[file("app.js", "j"), file("x.js", "x"), file("y.js", "y")]);
        let mut files = vec![file("app.js", "j"), file("x.js", "x"), file("y.js", "y")];
        files[0].cache_control = "public";
        listed.insert("x.js".to_owned(), "other".to_owned());
        listed.remove("y.js");
        let found = difference(files, &record, &listed, false);
        check(&found, &["app.js", "x.js", "y.js"], &[], &[]);
    }

    #[test]
    fn an_interrupted_run_is_taken_up() {
        let (before, listed) = published(&[file("app.js", "j"), file("old.css", "o")]);
        let first = difference(vec![file("app.js", "j2")], &before, &listed, true);
        let record = under_way(&before, &first.after, &first.uploads);
        // The file went up, and old.css is gone; then the run ended.
        let (_, listed) = published(&[file("app.js", "j2")]);
        let second = difference(vec![file("app.js", "j2")], &record, &listed, true);
        check(&second, &["app.js"], &["old.css"], &["/app.js", "/old.css"]);
        // Even if the sources have gone back meanwhile.
        let (_, listed) = published(&[file("app.js", "j")]);
        check(
            &difference(vec![file("app.js", "j")], &record, &listed, true),
            &["app.js"],
            &["old.css"],
            &["/app.js", "/old.css"],
        );
    }

    #[test]
    fn what_cloudfront_refused_to_forget_is_asked_again() {
        let files = vec![file("app.js", "j")];
        let (mut record, listed) = published(&files);
        record.pending.insert("/app.js".to_owned());
        check(&difference(files.clone(), &record, &listed, true), &[], &[], &["/app.js"]);
        check(&difference(files, &record, &listed, false), &[], &[], &[]);
    }
}
