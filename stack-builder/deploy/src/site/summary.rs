//! What is reported while a site is published, and at the end.

/// One step of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SiteStep {
    /// A file is served as it is now.
    Uploaded {
        /// Its path from the site's root.
        path: String,
        /// Its size in bytes.
        size: u64,
    },
    /// A file is served no more.
    Removed {
        /// Its path from the site's root.
        path: String,
    },
    /// The whole site is on its way to Amplify, as one archive.
    Deploying {
        /// The archive's size in bytes.
        size: u64,
        /// Amplify's name for the deployment.
        job: String,
    },
    /// CloudFront was asked to forget what it keeps of the changed files; it takes a minute or so.
    Invalidated {
        /// The paths.
        paths: Vec<String>,
    },
    /// CloudFront refused to; visitors may see the old files until they expire, and the next run asks again.
    NotInvalidated {
        /// Why.
        problem: String,
    },
}

/// What a publication did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteSummary {
    /// The site's asset name.
    pub site: String,
    /// How many files the site has.
    pub files: usize,
    /// Files that went up, sorted.
    pub uploaded: Vec<String>,
    /// Files that are gone, sorted.
    pub removed: Vec<String>,
    /// What became of CloudFront's copies.
    pub invalidation: Invalidation,
}

/// What became of the copies that CloudFront keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Invalidation {
    /// Nothing that it keeps has changed, or no distribution serves the site.
    #[default]
    Unneeded,
    /// It forgets what is under these paths.
    Requested(Vec<String>),
    /// It refused, for this reason; the next run asks again.
    Refused(String),
}

impl SiteSummary {
    /// Whether the site was served as it is before.
    pub fn is_unchanged(&self) -> bool {
        self.uploaded.is_empty() && self.removed.is_empty() && self.invalidation == Invalidation::Unneeded
    }
}
