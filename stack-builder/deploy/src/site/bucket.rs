//! A site in a bucket: from what is served to what is to be.

use super::difference::{Difference, difference, under_way};
use super::objects::{self, Over, put_all, put_over, remove};
use super::record::{self, Record};
use super::{Invalidation, SiteFile, SiteStep, invalidation, resource};
use crate::{Environment, Error};
use stack_builder_assembly::StackArtifact;

/// What is to be done in which bucket.
#[derive(Debug, Default)]
pub(crate) struct BucketWork {
    pub(crate) difference: Difference,
    bucket: String,
    distribution: Option<String>,
    record: RecordObject,
    before: Record,
}

/// The object that holds the record.
#[derive(Debug, Default)]
struct RecordObject {
    key: String,
    /// What was there when we looked: another run that has begun since is noticed by it.
    seen: Over,
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
        let (bucket, key) = (found.physical_id, record::key(&found.stack_id));
        let (text, seen) = objects::get(environment, &bucket, &key).await?;
        let (before, record) = (Record::read(&text), RecordObject { key, seen });
        let listed = objects::list(environment, &bucket).await?;
        let difference = difference(files, &before, &listed, distribution.is_some());
        Ok(Self { difference, bucket, distribution, record, before })
    }

    /// Assets, pages, removals, invalidation; the record before and after.
    pub(crate) async fn execute(
        mut self,
        environment: &Environment,
        report: &mut impl FnMut(SiteStep),
    ) -> Result<Invalidation, Error> {
        let Difference { uploads, removals, invalidation, mut after, .. } = self.difference;
        if !(uploads.is_empty() && removals.is_empty()) {
            let under_way = under_way(&self.before, &after, &uploads);
            self.record.write(environment, &self.bucket, &under_way).await?;
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
        self.record.write(environment, &self.bucket, &after).await?;
        Ok(outcome)
    }
}

impl RecordObject {
    async fn write(&mut self, environment: &Environment, bucket: &str, record: &Record) -> Result<(), Error> {
        let file = SiteFile {
            path: self.key.clone(),
            content: record.to_json().into_bytes(),
            content_type: "application/json",
            cache_control: "private, no-store",
        };
        self.seen = put_over(environment, bucket, file, std::mem::take(&mut self.seen)).await?;
        Ok(())
    }
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
