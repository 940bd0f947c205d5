//! Sites where the emulator has nothing to say: it has no Amplify, and its CloudFront refuses nothing.

use crate::answer;
use crate::server::{Answer, Server};
use crate::{environment, notes};
use stack_builder_assembly::{
    AssetManifest, CloudAssembly, Manifest, PackagedAsset, Site, SiteTarget, StackArtifact,
};
use stack_builder_deploy::{Environment, Error, Invalidation, Outputs, SitePlan, SiteStep, plan_site};
use std::io::{Cursor, Read as _, Write as _};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What the record of an earlier publication is asked by.
const RECORD: &str = "GET object?x-id";
const LISTING: &str = "GET bucket?list-type";
const PUT: &str = "PUT object?x-id";

fn archive() -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let files =
        [("app.js", "import './config.js'"), ("config.js.hbs", "'{{Url}}'"), ("index.html", "<p>Notes")];
    for (path, content) in files {
        archive.start_file(path, SimpleFileOptions::DEFAULT).expect("a file");
        archive.write_all(content.as_bytes()).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

/// The assembly of a stack with one packaged site.
fn assembly(folder: &TempDir, target: SiteTarget) -> (CloudAssembly, StackArtifact) {
    let stack = StackArtifact { sites: vec![Site { asset: "site".to_owned(), target }], ..notes() };
    let mut manifest = Manifest::new("notes", "dev");
    manifest.stacks.push(stack.clone());
    manifest.write(folder.path()).expect("a manifest");
    let assembly = CloudAssembly::open(folder.path()).expect("an assembly");
    let hash = "0".repeat(64);
    let path = format!("assets/{hash}.zip");
    let asset = PackagedAsset { hash, path: path.clone(), size: 1, sha256: String::new() };
    let assets = AssetManifest { assets: [("site".to_owned(), asset)].into(), ..AssetManifest::default() };
    assembly.write_assets(&assets).expect("assets");
    std::fs::create_dir(folder.path().join("assets")).expect("a folder");
    std::fs::write(folder.path().join(path), archive()).expect("an archive");
    (assembly, stack)
}

async fn plan(environment: &Environment, target: SiteTarget) -> Result<SitePlan, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let (assembly, stack) = assembly(&folder, target);
    let outputs: Outputs = [("Url".to_owned(), "https://a.example".to_owned())].into();
    plan_site(environment, &assembly, &stack, &stack.sites[0], &outputs).await
}

fn resource(physical: &str) -> Answer {
    let detail = format!(
        "<StackResourceDetail><StackId>{}</StackId><LogicalResourceId>R</LogicalResourceId>\
         <PhysicalResourceId>{physical}</PhysicalResourceId><ResourceType>T</ResourceType>\
         <LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp>\
         <ResourceStatus>CREATE_COMPLETE</ResourceStatus></StackResourceDetail>",
        answer::STACK_ID
    );
    answer::result("DescribeStackResource", &detail)
}

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

/// A site in a bucket that holds an `app.js` of somebody else's, behind a distribution.
async fn behind_cloudfront() -> (Server, SitePlan) {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStackResource", resource("site-bucket"));
    server.answer("DescribeStackResource", resource("EDISTRIBUTION"));
    let body = "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>".to_owned();
    server.answer(RECORD, Answer { status: 404, body });
    let listing =
        "<ListBucketResult><Contents><Key>app.js</Key><ETag>\"e\"</ETag></Contents></ListBucketResult>";
    server.answer(LISTING, answer::document(listing));
    server.answer(PUT, answer::status(200));
    let target =
        SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: Some("Distribution".to_owned()) };
    let plan = plan(&environment, target).await.expect("a plan");
    server.forget();
    (server, plan)
}

#[tokio::test]
async fn an_invalidation_that_is_refused_is_a_warning_and_is_remembered() {
    let (server, plan) = behind_cloudfront().await;
    assert_eq!(plan.invalidation, ["/app.js"]);
    let refusal = answer::error(400, "TooManyInvalidationsInProgress", "Your request contains too many");
    server.answer("POST invalidation", refusal);
    let mut warnings = Vec::new();
    let summary = plan
        .execute(|step| {
            if let SiteStep::NotInvalidated { problem } = step {
                warnings.push(problem);
            }
        })
        .await
        .expect("published none the less");
    assert_eq!(summary.uploaded, ["app.js", "config.js", "index.html"]);
    assert!(matches!(summary.invalidation, Invalidation::Refused(_)));
    assert!(warnings[0].contains("TooManyInvalidationsInProgress"), "{warnings:?}");
    assert!(server.body("POST invalidation", 0).contains("<Path>/app.js</Path>"));
    assert_eq!(server.regions("POST invalidation"), ["us-east-1"], "CloudFront is in no region");
    assert_eq!(server.regions(PUT)[0], "eu-west-1");
    assert!(server.body(PUT, 4).contains(r#""pending":["/app.js"]"#), "{}", server.body(PUT, 4));
}

#[tokio::test]
async fn every_page_of_the_listing_counts() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStackResource", resource("site-bucket"));
    let body = "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>".to_owned();
    server.answer(RECORD, Answer { status: 404, body });
    let first = "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>\
                 <Contents><Key>a.js</Key><ETag>\"e\"</ETag></Contents></ListBucketResult>";
    let second = "<ListBucketResult><IsTruncated>false</IsTruncated>\
                  <Contents><Key>index.html</Key><ETag>\"e\"</ETag></Contents></ListBucketResult>";
    server.answer(LISTING, answer::document(first));
    server.answer(LISTING, answer::document(second));
    let target =
        SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: Some("Distribution".to_owned()) };
    let plan = plan(&environment, target).await.expect("a plan");
    assert_eq!(
        plan.invalidation,
        ["/", "/index.html"],
        "the page that is there already is on the second one"
    );
    assert_eq!(server.asked().iter().filter(|action| *action == LISTING).count(), 2);
}

#[tokio::test]
async fn a_run_that_another_one_overtook_changes_nothing() {
    let (server, plan) = behind_cloudfront().await;
    let body = "<Error><Code>PreconditionFailed</Code><Message>not the same</Message></Error>".to_owned();
    server.replace(PUT, Answer { status: 412, body });
    let error = plan.execute(|_| {}).await.expect_err("overtaken");
    assert_eq!(error.to_string(), "another run has published to bucket `site-bucket` meanwhile");
    assert_eq!(server.asked(), [PUT], "only the record was tried");
    assert_eq!(server.header(PUT, 0, "if-none-match").as_deref(), Some("*"), "there was no record");
}

#[tokio::test]
async fn a_file_that_stays_is_named_and_tried_again() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStackResource", resource("site-bucket"));
    let record = r#"{"version": 1, "files": {"old.css": {"fingerprint": "f", "etag": "e"}}, "pending": []}"#;
    server.answer(RECORD, answer::document(record));
    server.answer(LISTING, answer::document("<ListBucketResult></ListBucketResult>"));
    server.answer(PUT, answer::status(200));
    let refusal = "<DeleteResult><Error><Key>old.css</Key><Code>AccessDenied</Code>\
                   <Message>Access Denied</Message></Error></DeleteResult>";
    server.answer("POST bucket?delete", answer::document(refusal));
    let target = SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: None };
    let plan = plan(&environment, target).await.expect("a plan");
    assert_eq!(plan.removals, ["old.css"]);
    let error = plan.execute(|_| {}).await.expect_err("a refusal");
    let message = "cannot remove a file from bucket `site-bucket`; `old.css`: Access Denied";
    assert_eq!(error.to_string(), message);
    let puts = server.asked().iter().filter(|action| *action == PUT).count();
    let last = server.body(PUT, puts - 1);
    assert!(!last.contains(r#""pending""#), "nothing says that all is done: {last}");
    assert!(server.body(PUT, 0).contains("old.css"), "the next run removes it");
}

#[tokio::test]
async fn pages_go_up_last_between_two_records() {
    let (server, plan) = behind_cloudfront().await;
    server.answer("POST invalidation", answer::document("<Invalidation/>"));
    let summary = plan.execute(|_| {}).await.expect("published");
    assert_eq!(summary.invalidation, Invalidation::Requested(vec!["/app.js".to_owned()]));
    let bodies: Vec<_> = (0..5).map(|n| server.body(PUT, n)).collect();
    assert!(bodies[0].contains(r#""fingerprint":"""#), "the first record says what is under way: {bodies:?}");
    assert!(bodies[3].contains("<p>Notes"), "{bodies:?}");
    assert!(bodies[4].contains(r#""pending":[]"#), "{bodies:?}");
    assert_eq!(server.asked().last().map(String::as_str), Some(PUT));
}
