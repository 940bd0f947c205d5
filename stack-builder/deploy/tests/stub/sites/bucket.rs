//! A site in a bucket, where S3 or CloudFront refuses, or somebody else is at work.

use super::{plan, resource};
use crate::answer;
use crate::environment;
use crate::server::{Answer, Server};
use stack_builder_assembly::SiteTarget;
use stack_builder_deploy::{Invalidation, SitePlan, SiteStep};

/// What the record of an earlier publication is asked by.
const RECORD: &str = "GET object?x-id";
const LISTING: &str = "GET bucket?list-type";
const PUT: &str = "PUT object?x-id";

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
    assert_eq!(plan.additions, ["config.js", "index.html"], "an `app.js` is there already");
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
