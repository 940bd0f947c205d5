//! What can be wrong with a site.

/// Why a site could not be published. [`SiteError::hint`] says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// The archive holds what no site may hold.
    #[error("the archive of site `{site}` holds {entry:?}, {problem}")]
    Entry {
        /// The site's asset name.
        site: String,
        /// The entry as the archive names it.
        entry: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The site has more than can be published.
    #[error("site `{site}` has more than {limit}")]
    TooMuch {
        /// The site's asset name.
        site: String,
        /// The limit, such as `10000 files`.
        limit: String,
    },
    /// A template cannot be rendered.
    #[error("cannot render `{file}` of site `{site}`{}: {problem}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Template {
        /// The site's asset name.
        site: String,
        /// The template.
        file: String,
        /// The line of the template, where known.
        line: Option<usize>,
        /// What is wrong.
        problem: String,
        /// The names that a template can use.
        names: Vec<String>,
    },
    /// The assembly wants the site served in a way that this engine does not know.
    #[error("site `{site}` is to be served in a way that this `stack-builder` does not know")]
    UnknownTarget {
        /// The site's asset name.
        site: String,
    },
    /// The template names a resource that the deployed stack does not have.
    #[error("stack `{stack}` has no resource `{logical_id}` for site `{site}`")]
    NoResource {
        /// The stack's name in CloudFormation.
        stack: String,
        /// The resource's name in the template.
        logical_id: String,
        /// The site's asset name.
        site: String,
    },
    /// Another run has published the site since this one looked at it.
    #[error("another run has published to bucket `{bucket}` meanwhile")]
    Overtaken {
        /// The bucket.
        bucket: String,
    },
    /// Files of an earlier publication that S3 did not remove.
    #[error("cannot remove {} from bucket `{bucket}`; `{key}`: {message}", if *failed == 1 { "a file".to_owned() } else { format!("{failed} files") })]
    NotRemoved {
        /// The bucket.
        bucket: String,
        /// How many files were refused in one batch.
        failed: usize,
        /// The first of them.
        key: String,
        /// What S3 said about it.
        message: String,
    },
    /// Amplify is at work on another deployment of the branch.
    #[error("Amplify takes no deployment of branch `{branch}` of app `{app}` now: {message}")]
    AmplifyBusy {
        /// The app's id.
        app: String,
        /// The branch.
        branch: String,
        /// What Amplify said.
        message: String,
    },
    /// Amplify's answer lacks what has to be in it.
    #[error("Amplify answered `{action}` without `{field}`")]
    AmplifyAnswer {
        /// The call, as an IAM action.
        action: &'static str,
        /// What is missing.
        field: &'static str,
    },
    /// Amplify did not deploy the files.
    #[error("job {job} of branch `{branch}` of Amplify app `{app}` ended in {status}{}", reason.as_deref().map(|text| format!(": {text}")).unwrap_or_default())]
    AmplifyFailed {
        /// The app's id.
        app: String,
        /// The branch.
        branch: String,
        /// The job.
        job: String,
        /// How it ended: `FAILED` or `CANCELLED`.
        status: String,
        /// What Amplify says about it.
        reason: Option<String>,
    },
    /// Amplify is still at work after a long time.
    #[error(
        "job {job} of branch `{branch}` of Amplify app `{app}` is still {status} after {minutes} minutes"
    )]
    AmplifyUnfinished {
        /// The app's id.
        app: String,
        /// The branch.
        branch: String,
        /// The job.
        job: String,
        /// Its status.
        status: String,
        /// How long was waited.
        minutes: u64,
    },
}

impl SiteError {
    /// What to do next, in one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::Entry { .. } => "mend the site's folder and run `stack-builder package`".to_owned(),
            Self::TooMuch { .. } => "serve large files from a bucket of their own".to_owned(),
            Self::Template { names, .. } => {
                format!("a template can use {}; others come with `stack.output(..)`", names.join(", "))
            }
            Self::UnknownTarget { .. } => "upgrade the `stack-builder` command".to_owned(),
            Self::NoResource { .. } => "run `stack-builder deploy` from the sources of this stack".to_owned(),
            Self::Overtaken { .. } => {
                "wait for its end and run `stack-builder deploy` again, which looks afresh".to_owned()
            }
            Self::NotRemoved { .. } => {
                "allow `s3:DeleteObject` to this identity, or lift the object's lock, and run `stack-builder deploy` \
                 again; the site is up, but for the old file"
                    .to_owned()
            }
            Self::AmplifyBusy { app, branch, .. } => format!(
                "wait for it, or end it with `aws amplify stop-job --app-id {app} --branch-name {branch} --job-id ID`; \
                 `aws amplify list-jobs --app-id {app} --branch-name {branch}` shows the id"
            ),
            Self::AmplifyAnswer { .. } => "check `AWS_ENDPOINT_URL`, the proxy and the network".to_owned(),
            Self::AmplifyFailed { app, branch, job, .. }
            | Self::AmplifyUnfinished { app, branch, job, .. } => {
                format!(
                    "look at `aws amplify get-job --app-id {app} --branch-name {branch} --job-id {job}`, \
                     and run `stack-builder deploy` again"
                )
            }
        }
    }
}
