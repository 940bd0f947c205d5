//! Deletions that fail, and what is written between the emptying and the deleting.

use crate::answer::{self, STACK};
use crate::server::{Answer, Server};
use crate::{notes, regions};
use stack_builder_deploy::{DestroyEvent, Destruction, plan_destroy};

const BUCKET: &str = "AWS::S3::Bucket";
const ONE_VERSION: &str = "<ListVersionsResult><Version><Key>a&amp;b</Key><VersionId>v1</VersionId></Version>\
    <DeleteMarker><Key>a&amp;b</Key><VersionId>v2</VersionId></DeleteMarker></ListVersionsResult>";
const NO_VERSION: &str = "<ListVersionsResult></ListVersionsResult>";

/// A stack of one bucket that goes and one that stays.
async fn planned(server: &Server) -> Destruction {
    let regions = regions(server, &[]).await;
    server.answer("DescribeStacks", answer::stack("CREATE_COMPLETE"));
    let resource = |id: &str| {
        format!(
            "<member><LogicalResourceId>{id}</LogicalResourceId><PhysicalResourceId>notes-{id}</PhysicalResourceId>\
             <ResourceType>{BUCKET}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>\
             <LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp></member>"
        )
    };
    let resources =
        format!("<StackResourceSummaries>{}{}</StackResourceSummaries>", resource("Files"), resource("Kept"));
    server.answer("ListStackResources", answer::result("ListStackResources", &resources));
    let template = r#"<TemplateBody>{"Resources": {"Kept": {"DeletionPolicy": "Retain"}}}</TemplateBody>"#;
    server.answer("GetTemplate", answer::result("GetTemplate", template));
    for page in [ONE_VERSION, ONE_VERSION, NO_VERSION] {
        server.answer("GET bucket?versions", answer::document(page));
    }
    server.answer("POST bucket?delete", answer::document("<DeleteResult></DeleteResult>"));
    server.answer(
        "GET bucket?uploads",
        answer::document("<ListMultipartUploadsResult></ListMultipartUploadsResult>"),
    );
    server.answer("DeleteStack", answer::result("DeleteStack", ""));
    let plan = plan_destroy(&regions, &notes()).await.expect("planned").expect("a stack");
    assert_eq!((plan.buckets.len(), plan.buckets[0].objects), (1, 2));
    assert_eq!(plan.retained[0].resource.physical_id, "notes-Kept");
    plan.execute()
}

fn failed() -> answer::Events {
    vec![
        ("notes-dev", STACK, "DELETE_IN_PROGRESS", ""),
        ("Files", BUCKET, "DELETE_FAILED", "The bucket you tried to delete is not empty"),
        ("notes-dev", STACK, "DELETE_FAILED", "The following resource(s) failed to delete: [Files]"),
    ]
}

fn deleted() -> answer::Events {
    vec![
        ("notes-dev", STACK, "DELETE_IN_PROGRESS", "again"),
        ("Kept", BUCKET, "DELETE_SKIPPED", ""),
        ("notes-dev", STACK, "DELETE_COMPLETE", ""),
    ]
}

#[tokio::test]
async fn an_object_written_meanwhile_is_met_by_a_second_emptying() {
    let server = Server::start().await;
    let mut destruction = planned(&server).await;
    server.answer("DescribeStackEvents", answer::events(&failed()));
    server.answer("DescribeStackEvents", answer::events(&deleted()));
    let mut again = 0;
    while let Some(event) = destruction.next().await.expect("an event") {
        again += usize::from(event == DestroyEvent::TryingAgain);
    }
    let summary = destruction.finish().await.expect("gone");
    assert_eq!((again, summary.objects, summary.gone.len(), summary.retained.len()), (1, 2, 1, 1));
    assert!(server.body("POST bucket?delete", 0).contains("<VersionId>v2</VersionId>"));
    assert_ne!(
        server.body("DeleteStack", 0),
        server.body("DeleteStack", 1),
        "no retry of the first deletion"
    );
}

#[tokio::test]
async fn a_deletion_that_fails_twice_says_why() {
    let server = Server::start().await;
    let destruction = planned(&server).await;
    server.answer("DescribeStackEvents", answer::events(&failed()));
    let error = destruction.finish().await.expect_err("it stays");
    assert_eq!(
        error.to_string(),
        "stack `notes-dev` ended in DELETE_FAILED: `Files` (AWS::S3::Bucket) DELETE_FAILED: \
         The bucket you tried to delete is not empty"
    );
    assert_eq!(server.asked().iter().filter(|action| *action == "DeleteStack").count(), 2);
}

#[tokio::test]
async fn an_object_that_cannot_be_deleted_stops_before_the_stack_is_touched() {
    let server = Server::start().await;
    server.answer(
        "POST bucket?delete",
        answer::document(
            "<DeleteResult><Error><Key>a&amp;b</Key><Code>AccessDenied</Code><Message>Locked</Message></Error></DeleteResult>",
        ),
    );
    let destruction = planned(&server).await;
    let error = destruction.finish().await.expect_err("locked");
    assert_eq!(error.to_string(), "cannot empty bucket `notes-Files`: 1 object was refused; `a&b`: Locked");
    assert!(!server.asked().contains(&"DeleteStack".to_owned()));
}

#[tokio::test]
async fn unfinished_uploads_go_page_by_page_and_one_that_ended_is_no_obstacle() {
    let server = Server::start().await;
    let destruction = planned(&server).await;
    let page = |key: &str, more: bool| {
        answer::document(&format!(
            "<ListMultipartUploadsResult><IsTruncated>{more}</IsTruncated><Upload><Key>{key}</Key>\
             <UploadId>1</UploadId></Upload></ListMultipartUploadsResult>"
        ))
    };
    server.replace("GET bucket?uploads", page("a", true));
    server.answer("GET bucket?uploads", page("b", false));
    let body = "<Error><Code>NoSuchUpload</Code><Message>it ended</Message></Error>".to_owned();
    server.answer("DELETE object?x-id", Answer { status: 404, body });
    server.answer("DELETE object?x-id", answer::status(204));
    server.answer("DescribeStackEvents", answer::events(&deleted()));
    destruction.finish().await.expect("gone");
    let aborted = server.asked().iter().filter(|action| *action == "DELETE object?x-id").count();
    assert_eq!(aborted, 2);
}
