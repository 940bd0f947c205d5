//! A site on Amplify: one archive of all files, and a job that deploys it.
//!
//! See <https://docs.aws.amazon.com/amplify/latest/userguide/manual-deploys.html>.

use super::{SiteError, SiteFile, SiteStep, archive, resource};
use crate::backoff::Backoff;
use crate::call::Call;
use crate::digest::hex_sha256;
use crate::service::Service;
use crate::{Environment, Error};
use serde_json::{Value, json};
use stack_builder_assembly::StackArtifact;
use tokio::time::{Duration, Instant};

/// The branch's tag that says what was deployed: the job that did it, and the fingerprint of the files.
///
/// A tag is all that a branch without a repository can keep. With the job in it, a deployment by hand shows.
const TAG: &str = "stack-builder:site";
/// How long a job may take; one of this kind takes seconds.
const LONGEST: Duration = Duration::from_mins(15);

/// What is to be deployed where.
#[derive(Debug)]
pub(crate) struct AmplifyWork {
    /// Sorted by path; none when they are deployed already.
    pub(crate) files: Vec<SiteFile>,
    app: String,
    branch: String,
    fingerprint: String,
}

impl AmplifyWork {
    /// Looks at the branch of the app that goes by this name in the template.
    pub(crate) async fn plan(
        environment: &Environment,
        stack: &StackArtifact,
        site: &str,
        (app, branch): (&str, &str),
        files: Vec<SiteFile>,
    ) -> Result<Self, Error> {
        let found = resource::find(environment, &stack.stack_name, site, app).await?;
        let fingerprint = fingerprint(&files);
        let (app, branch) = (app_id(&found.physical_id).to_owned(), branch.to_owned());
        let mut work = Self { files, app, branch, fingerprint };
        let standing = work.branch(environment).await?;
        if standing["tags"][TAG].as_str() == Some(work.tag(&standing).as_str()) {
            work.files.clear();
        }
        Ok(work)
    }

    /// Uploads, starts the job, and waits for its end.
    pub(crate) async fn execute(
        self,
        environment: &Environment,
        report: &mut impl FnMut(SiteStep),
    ) -> Result<(), Error> {
        let files = self.files.iter().map(|file| (file.path.as_str(), file.content.as_slice()));
        let unwritable = |source| Error::Archive { path: "(in memory)".to_owned(), source };
        let archive = archive::write(files).map_err(unwritable)?;
        let created = self.create(environment).await?;
        let job = text(&created, "amplify:CreateDeployment", "jobId")?;
        let url = text(&created, "amplify:CreateDeployment", "zipUploadUrl")?;
        report(SiteStep::Deploying { size: archive.len() as u64, job: job.clone() });
        if let Err(error) = self.start(environment, &job, &url, archive).await {
            // A job that never starts would keep out every other. What went wrong first is what counts.
            let _ = self.stop(environment, &job).await;
            return Err(error);
        }
        self.awaited(environment, &job).await?;
        self.remember(environment).await
    }

    async fn start(
        &self,
        environment: &Environment,
        job: &str,
        url: &str,
        archive: Vec<u8>,
    ) -> Result<(), Error> {
        upload(environment, url, archive).await?;
        let body = json!({ "jobId": job });
        self.post(environment, "amplify:StartDeployment", "deployments/start", &body).await.map(drop)
    }

    async fn stop(&self, environment: &Environment, job: &str) -> Result<(), Error> {
        let path = format!("{}/jobs/{}/stop", self.path(), encoded(job));
        let call = Call::new("amplify:StopJob", "DELETE", path);
        environment.call(&Service::AMPLIFY, call).await.map(drop)
    }

    async fn create(&self, environment: &Environment) -> Result<Value, Error> {
        let created = self.post(environment, "amplify:CreateDeployment", "deployments", &json!({})).await;
        created.map_err(|error| match error {
            // Amplify has no code of its own for this.
            Error::Service { message, .. } if message.contains("not finished") => {
                SiteError::AmplifyBusy { app: self.app.clone(), branch: self.branch.clone(), message }.into()
            }
            error => error,
        })
    }

    async fn awaited(&self, environment: &Environment, job: &str) -> Result<(), Error> {
        let (mut backoff, start) = (Backoff::new(), Instant::now());
        loop {
            let answer = self.get(environment, "amplify:GetJob", &format!("/jobs/{}", encoded(job))).await?;
            let answer = &answer["job"];
            let status = text(&answer["summary"], "amplify:GetJob", "status")?;
            let (app, branch, job) = (self.app.clone(), self.branch.clone(), job.to_owned());
            match status.as_str() {
                "SUCCEED" => return Ok(()),
                "FAILED" | "CANCELLED" => {
                    let reason = reason(answer);
                    return Err(SiteError::AmplifyFailed { app, branch, job, status, reason }.into());
                }
                _ if start.elapsed() > LONGEST => {
                    let minutes = LONGEST.as_secs() / 60;
                    return Err(SiteError::AmplifyUnfinished { app, branch, job, status, minutes }.into());
                }
                _ => backoff.pause().await,
            }
        }
    }

    async fn remember(&self, environment: &Environment) -> Result<(), Error> {
        let branch = self.branch(environment).await?;
        let arn = text(&branch, "amplify:GetBranch", "branchArn")?;
        let call = Call::new("amplify:TagResource", "POST", format!("/tags/{}", encoded(&arn)));
        let tags = json!({ "tags": { TAG: self.tag(&branch) } });
        let call = call.body("application/json", tags.to_string().into_bytes());
        environment.call(&Service::AMPLIFY, call).await.map(drop)
    }

    fn tag(&self, branch: &Value) -> String {
        format!("{}/{}", branch["activeJobId"].as_str().unwrap_or_default(), self.fingerprint)
    }

    async fn branch(&self, environment: &Environment) -> Result<Value, Error> {
        let mut answer = self.get(environment, "amplify:GetBranch", "").await?;
        Ok(answer["branch"].take())
    }

    async fn get(&self, environment: &Environment, action: &'static str, rest: &str) -> Result<Value, Error> {
        let call = Call::new(action, "GET", format!("{}{rest}", self.path()));
        environment.call_json(&Service::AMPLIFY, call).await
    }

    async fn post(
        &self,
        environment: &Environment,
        action: &'static str,
        rest: &str,
        body: &Value,
    ) -> Result<Value, Error> {
        let call = Call::new(action, "POST", format!("{}/{rest}", self.path()));
        let call = call.body("application/json", body.to_string().into_bytes());
        environment.call_json(&Service::AMPLIFY, call).await
    }

    fn path(&self) -> String {
        format!("/apps/{}/branches/{}", encoded(&self.app), encoded(&self.branch))
    }
}

async fn upload(environment: &Environment, url: &str, archive: Vec<u8>) -> Result<(), Error> {
    let (origin, path) = parted(url);
    let call = Call::new("s3:PutObject", "PUT", path).body("application/zip", archive);
    environment.upload_presigned(origin, call).await
}

/// `https://host` and the rest.
fn parted(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |colon| colon + 3);
    let path = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    url.split_at(path)
}

/// CloudFormation knows an app by its ARN, the API by the last part of it.
fn app_id(physical: &str) -> &str {
    physical.rsplit('/').next().unwrap_or(physical)
}

fn fingerprint(files: &[SiteFile]) -> String {
    let files = files.iter().map(|file| format!("{}\0{}\n", file.path, hex_sha256(&file.content)));
    hex_sha256(files.collect::<String>().as_bytes())
}

/// What the step that failed says.
fn reason(job: &Value) -> Option<String> {
    let steps = job["steps"].as_array().into_iter().flatten();
    let mut failed = steps.filter(|step| step["status"] == "FAILED" || step["status"] == "CANCELLED");
    failed.find_map(|step| step["statusReason"].as_str()).map(str::to_owned)
}

fn text(answer: &Value, action: &'static str, field: &'static str) -> Result<String, Error> {
    let value = answer[field].as_str().filter(|text| !text.is_empty());
    Ok(value.ok_or(SiteError::AmplifyAnswer { action, field })?.to_owned())
}

/// As one part of a path.
fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_names_are_taken_apart() {
        assert_eq!(parted("https://h.example/a/b?c=d"), ("https://h.example", "/a/b?c=d"));
        assert_eq!(parted("https://h.example"), ("https://h.example", ""));
        assert_eq!(app_id("arn:aws:amplify:eu-west-1:111122223333:apps/d1234"), "d1234");
        assert_eq!(app_id("d1234"), "d1234");
        assert_eq!(encoded("feature/a b"), "feature%2Fa%20b");
    }

    #[test]
    fn the_fingerprint_covers_names_and_content() {
        let file = |path: &str, content: &str| SiteFile {
            path: path.to_owned(),
            content: content.as_bytes().to_vec(),
            content_type: "text/html",
            cache_control: "no-cache",
        };
        let one = fingerprint(&[file("a", "1"), file("b", "2")]);
        assert_eq!(one, fingerprint(&[file("a", "1"), file("b", "2")]));
        assert_ne!(one, fingerprint(&[file("a", "2"), file("b", "1")]));
        assert_ne!(one, fingerprint(&[file("a", "1")]));
    }
}
