//! `plan_site`: what would be done about a site, before anything is.

use super::amplify::AmplifyWork;
use super::bucket::BucketWork;
use super::render::{Context, render};
use super::{SiteError, SiteStep, SiteSummary, archive};
use crate::{Environment, Error, Outputs};
use stack_builder_assembly::{CloudAssembly, Site, SiteTarget, StackArtifact};

/// What a publication would do. Show it, then [`execute`](SitePlan::execute) it or let it drop.
#[derive(Debug)]
pub struct SitePlan {
    /// The site's asset name.
    pub site: String,
    /// How many files the site has.
    pub files: usize,
    /// Files that go up, because they are new or other than what is served; sorted.
    pub uploads: Vec<String>,
    /// Those of them of whose name nothing is served yet, sorted; unknown for Amplify, which tells no names, and empty.
    pub additions: Vec<String>,
    /// Files that go, because the site has them no more; sorted.
    pub removals: Vec<String>,
    /// What CloudFront is to forget: a path each, or `/*`.
    pub invalidation: Vec<String>,
    pub(crate) environment: Environment,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Bucket(Box<BucketWork>),
    Amplify(Box<AmplifyWork>),
}

/// Looks at what publishing `site` of the deployed `stack` would do; changes nothing.
///
/// `outputs` are the stack's, for the site's templates. For a bucket, two calls to find it and its distribution, one
/// for the record of the last publication and one for each 1,000 objects; for Amplify, two calls.
///
/// # Errors
/// [`Error::NotPackaged`] and [`Error::Archive`] for the archive, [`Error::Site`] for what is in it, or what a call
/// came back with.
pub async fn plan_site(
    environment: &Environment,
    assembly: &CloudAssembly,
    stack: &StackArtifact,
    site: &Site,
    outputs: &Outputs,
) -> Result<SitePlan, Error> {
    let context = Context::new(outputs, &assembly.manifest.stage, &environment.region);
    let files = render(&site.asset, packaged(assembly, stack, site)?, &context)?;
    let mut plan = SitePlan {
        site: site.asset.clone(),
        files: files.len(),
        uploads: Vec::new(),
        additions: Vec::new(),
        removals: Vec::new(),
        invalidation: Vec::new(),
        environment: environment.clone(),
        work: Work::Bucket(Box::default()),
    };
    match &site.target {
        SiteTarget::Bucket { bucket, distribution } => {
            let places = (bucket.as_str(), distribution.as_deref());
            // The SDK's futures are large; boxed, those of the callers stay small.
            let work = Box::pin(BucketWork::plan(environment, stack, &site.asset, places, files)).await?;
            plan.uploads = work.difference.uploads.iter().map(|file| file.path.clone()).collect();
            plan.uploads.sort();
            plan.additions.clone_from(&work.difference.additions);
            plan.removals.clone_from(&work.difference.removals);
            plan.invalidation.clone_from(&work.difference.invalidation);
            plan.work = Work::Bucket(Box::new(work));
        }
        SiteTarget::Amplify { app, branch } => {
            let planning = AmplifyWork::plan(environment, stack, &site.asset, (app, branch), files);
            let work = Box::pin(planning).await?;
            plan.uploads = work.files.iter().map(|file| file.path.clone()).collect();
            plan.work = Work::Amplify(Box::new(work));
        }
        _ => return Err(SiteError::UnknownTarget { site: site.asset.clone() }.into()),
    }
    Ok(plan)
}

/// The files of the site's archive.
pub(super) fn packaged(
    assembly: &CloudAssembly,
    stack: &StackArtifact,
    site: &Site,
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let absent = || Error::NotPackaged { stack: stack.name.clone(), asset: site.asset.clone() };
    let assets = assembly.assets()?;
    let asset = assets.assets.get(&site.asset).ok_or_else(absent)?;
    archive::read(&site.asset, &assembly.directory().join(&asset.path))
}

impl SitePlan {
    /// Whether the site is served as it is already.
    pub fn is_unchanged(&self) -> bool {
        self.uploads.is_empty() && self.removals.is_empty() && self.invalidation.is_empty()
    }

    /// Publishes, and reports each step; does nothing when nothing has changed.
    ///
    /// Everything but pages goes up first, then the pages, then what is gone goes away, and at last CloudFront is
    /// asked to forget what changed. It can be interrupted at any time, and the next run does the rest; until then
    /// old and new files are served side by side. Only a job of Amplify that was interrupted before it began keeps out others until it is
    /// stopped, as [`SiteError::AmplifyBusy`] says. Of two runs at once, the one that is overtaken fails with
    /// [`SiteError::Overtaken`].
    ///
    /// # Errors
    /// [`Error::Site`] when Amplify does not deploy the files, or what a call came back with. An invalidation that is
    /// refused is no error: the summary and [`SiteStep::NotInvalidated`] say so.
    pub async fn execute(self, mut report: impl FnMut(SiteStep)) -> Result<SiteSummary, Error> {
        let mut summary = SiteSummary {
            site: self.site.clone(),
            files: self.files,
            uploaded: self.uploads.clone(),
            removed: self.removals.clone(),
            ..SiteSummary::default()
        };
        if self.is_unchanged() {
            return Ok(summary);
        }
        match self.work {
            Work::Bucket(work) => {
                summary.invalidation = Box::pin(work.execute(&self.environment, &mut report)).await?;
            }
            Work::Amplify(work) => Box::pin(work.execute(&self.environment, &mut report)).await?,
        }
        Ok(summary)
    }
}
