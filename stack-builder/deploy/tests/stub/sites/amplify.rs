//! A site on Amplify, which the emulator does not have.

use super::{plan, resource};
use crate::answer;
use crate::environment;
use crate::server::{Answer, Server};
use stack_builder_assembly::SiteTarget;
use stack_builder_deploy::Environment;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

fn amplify() -> SiteTarget {
    SiteTarget::Amplify { app: "App".to_owned(), branch: "main".to_owned() }
}

/// The branch with this deployment active and this tag of ours.
fn branch(active: &str, tag: &str) -> Answer {
    let arn = "arn:aws:amplify:eu-west-1:111122223333:apps/d1/branches/main";
    answer::document(&format!(
        r#"{{"branch": {{"branchArn": "{arn}", "activeJobId": "{active}", "tags": {{"stack-builder:site": "{tag}"}}}}}}"#
    ))
}

fn job(status: &str, reason: &str) -> Answer {
    answer::document(&format!(
        r#"{{"job": {{"summary": {{"jobId": "7", "status": "{status}"}}, "steps": [{{"status": "{status}", "statusReason": "{reason}"}}]}}}}"#
    ))
}

/// An app whose branch has never been deployed to, and which takes one deployment.
async fn undeployed() -> (Server, Environment) {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStackResource", resource("arn:aws:amplify:eu-west-1:111122223333:apps/d1"));
    server.answer("GET main", branch("", ""));
    server.answer("GET main", branch("7", ""));
    let upload = format!(r#"{{"jobId": "7", "zipUploadUrl": "{}/zips/7?X-Amz-Signature=s"}}"#, server.url());
    server.answer("POST deployments", answer::document(&upload));
    server.answer("PUT object?X-Amz-Signature", answer::status(200));
    server.answer("POST start", answer::document("{}"));
    (server, environment)
}

#[tokio::test]
async fn amplify_deploys_one_archive_once() {
    let (server, environment) = undeployed().await;
    server.answer("GET 7", job("PENDING", ""));
    server.answer("GET 7", job("SUCCEED", ""));
    let plan_of_first = plan(&environment, amplify()).await.expect("a plan");
    assert_eq!(plan_of_first.uploads, ["app.js", "config.js", "index.html"]);
    server.answer("POST tags", answer::document("{}"));
    plan_of_first.execute(|_| {}).await.expect("deployed");
    let asked = [
        "DescribeStackResource",
        "GET main",
        "POST deployments",
        "PUT object?X-Amz-Signature",
        "POST start",
        "GET 7",
        "GET 7",
        "GET main",
        "POST tags",
    ];
    assert_eq!(server.asked(), asked);
    let tags: serde_json::Value = serde_json::from_str(&server.body("POST tags", 0)).expect("JSON");
    let tag = tags["tags"]["stack-builder:site"].as_str().expect("a tag");
    assert!(tag.starts_with("7/") && tag.len() == 66, "{tag}");
    server.answer("GET main", branch("7", tag));
    server.answer("GET main", branch("8", tag));
    // The stub repeats its last answer until there is another: the branch without a tag once more.
    assert!(!plan(&environment, amplify()).await.expect("a plan").is_unchanged());
    let again = plan(&environment, amplify()).await.expect("a plan");
    assert!(again.is_unchanged() && again.files == 3, "{again:?}");
    let by_hand = plan(&environment, amplify()).await.expect("a plan");
    assert!(!by_hand.is_unchanged(), "somebody has deployed something else");
}

#[tokio::test]
async fn calls_share_connections() {
    let (server, environment) = undeployed().await;
    server.answer("GET 7", job("SUCCEED", ""));
    server.answer("POST tags", answer::document("{}"));
    plan(&environment, amplify()).await.expect("a plan").execute(|_| {}).await.expect("deployed");
    let calls = server.asked().len();
    assert!(
        calls >= 8 && server.connections() <= 4,
        "{} connections for {calls} calls",
        server.connections()
    );
}

#[tokio::test]
async fn a_job_of_amplify_that_cannot_start_is_stopped() {
    let (server, environment) = undeployed().await;
    let plan = plan(&environment, amplify()).await.expect("a plan");
    let refused = answer::error(403, "AccessDenied", "Request has expired");
    server.replace("PUT object?X-Amz-Signature", refused);
    server.answer("DELETE stop", answer::document("{}"));
    let error = plan.execute(|_| {}).await.expect_err("a refusal");
    assert_eq!(error.to_string(), "not allowed to call `s3:PutObject`: Request has expired");
    assert_eq!(server.asked().last().map(String::as_str), Some("DELETE stop"));
    assert!(!server.asked().contains(&"POST start".to_owned()));
}

#[tokio::test]
async fn the_archive_for_amplify_holds_rendered_files() {
    let (server, environment) = undeployed().await;
    server.answer("GET 7", job("SUCCEED", ""));
    server.answer("POST tags", answer::document("{}"));
    plan(&environment, amplify()).await.expect("a plan").execute(|_| {}).await.expect("deployed");
    let mut archive =
        ZipArchive::new(Cursor::new(server.bytes("PUT object?X-Amz-Signature", 0))).expect("an archive");
    let names: Vec<_> = archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    assert_eq!(names, ["app.js", "config.js", "index.html"]);
    let mut config = String::new();
    archive.by_name("config.js").expect("the file").read_to_string(&mut config).expect("text");
    assert_eq!(config, "'https://a.example'");
}

#[tokio::test]
async fn a_job_of_amplify_that_fails_says_why() {
    let (server, environment) = undeployed().await;
    server.answer("GET 7", job("FAILED", "no index.html"));
    let plan = plan(&environment, amplify()).await.expect("a plan");
    let error = plan.execute(|_| {}).await.expect_err("a failure");
    assert_eq!(
        error.to_string(),
        "job 7 of branch `main` of Amplify app `d1` ended in FAILED: no index.html"
    );
    assert!(error.hint().expect("a hint").contains("aws amplify get-job --app-id d1"));
    assert!(!server.asked().contains(&"POST tags".to_owned()), "the next run tries again");
}

#[tokio::test]
async fn a_job_of_amplify_under_way_is_named() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStackResource", resource("d1"));
    server.answer("GET main", branch("", ""));
    let refusal = r#"{"__type": "BadRequestException", "message": "The last job 6 was not finished"}"#;
    server.answer("POST deployments", Answer { status: 400, body: refusal.to_owned() });
    let plan = plan(&environment, amplify()).await.expect("a plan");
    let error = plan.execute(|_| {}).await.expect_err("a refusal");
    assert_eq!(
        error.to_string(),
        "Amplify takes no deployment of branch `main` of app `d1` now: The last job 6 was not finished"
    );
}
