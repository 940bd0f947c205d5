//! Sites: folders of files for browsers, published once their stack is up.

/// A site of a stack: what is published, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(serde::Deserialize), serde(rename_all = "camelCase"))]
pub struct Site {
    /// The logical name of its asset, a key of [`Manifest::assets`](crate::Manifest::assets).
    pub asset: String,
    /// What serves it.
    pub target: SiteTarget,
}

/// What serves a site, by the logical ids of the stack's resources.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "read",
    derive(serde::Deserialize),
    serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")
)]
#[non_exhaustive]
pub enum SiteTarget {
    /// An S3 bucket, one object a file.
    Bucket {
        /// The bucket.
        bucket: String,
        /// The CloudFront distribution whose copies of changed files are to go.
        distribution: Option<String>,
    },
    /// An Amplify application that has no repository: the site is deployed to it as one archive.
    Amplify {
        /// The application.
        app: String,
        /// Name of the branch, such as `main`.
        branch: String,
    },
}
