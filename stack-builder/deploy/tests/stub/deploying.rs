//! Change sets, visible progress, and the first cause.

use crate::answer::{self, STACK};
use crate::server::Server;
use crate::{environment, notes};
use stack_builder_assembly::{CloudAssembly, Manifest, write_json};
use stack_builder_deploy::{Activity, ChangeSet, Environment, Error, Prepared, Regions, prepare};
use std::collections::BTreeMap;
use tempfile::TempDir;

const QUEUE: &str = "AWS::SQS::Queue";

fn assembly(folder: &TempDir, template: &serde_json::Value) -> CloudAssembly {
    let mut manifest = Manifest::new("notes", "dev");
    manifest.stacks.push(notes());
    write_json(&folder.path().join("notes.template.json"), template).expect("a template");
    manifest.write(folder.path()).expect("an assembly");
    CloudAssembly::open(folder.path()).expect("an assembly")
}

async fn prepared(environment: &Environment) -> Result<Prepared, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let template = serde_json::json!({"Resources": {"Queue": {"Type": QUEUE}}});
    let assembly = assembly(&folder, &template);
    let regions = Regions::new(environment.clone(), &assembly.manifest)?;
    prepare(&regions, &assembly, &assembly.manifest.stacks[0], &BTreeMap::new()).await
}

async fn change_set(server: &Server, environment: &Environment) -> ChangeSet {
    server.answer("CreateChangeSet", answer::created());
    server.answer("DescribeChangeSet", answer::change_set("CREATE_IN_PROGRESS", ""));
    server.answer("DescribeChangeSet", answer::change_set("CREATE_COMPLETE", ""));
    match prepared(environment).await.expect("prepared") {
        Prepared::ChangeSet(change_set) => *change_set,
        Prepared::NoChange { .. } => panic!("there should be changes"),
    }
}

#[tokio::test]
async fn progress_is_seen_while_it_happens_and_only_that_of_this_operation() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::stack("UPDATE_COMPLETE"));
    server.answer("DescribeStacks", answer::stack_with("UPDATE_COMPLETE", &answer::output("Url", "u")));
    let change_set = change_set(&server, &environment).await;
    let steps = [
        ("notes-dev", STACK, "UPDATE_IN_PROGRESS", ""),
        ("Queue", QUEUE, "CREATE_IN_PROGRESS", ""),
        ("Queue", QUEUE, "CREATE_COMPLETE", ""),
        ("notes-dev", STACK, "UPDATE_COMPLETE", ""),
    ];
    server.answer("ExecuteChangeSet", answer::result("ExecuteChangeSet", ""));
    for seen in [0, 1, 2, 2, 4] {
        server.answer("DescribeStackEvents", answer::events_after_others(&steps[..seen]));
    }
    let mut activity = change_set.execute().await.expect("started");
    let mut statuses = Vec::new();
    while let Some(event) = activity.next().await.expect("an event") {
        statuses.push(event.status);
    }
    assert_eq!(statuses, steps.map(|step| step.2));
    assert_eq!(activity.finish().await.expect("outputs")["Url"], "u");
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|action| *action == "DescribeStackEvents").count(), 5);
    assert_eq!(asked.len(), 11, "one deployment takes no more calls than these: {asked:?}");
}

#[tokio::test]
async fn the_first_cause_of_a_rollback_comes_first() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::absent());
    let change_set = change_set(&server, &environment).await;
    server.answer("ExecuteChangeSet", answer::result("ExecuteChangeSet", ""));
    let mut steps = vec![
        ("notes-dev", STACK, "CREATE_IN_PROGRESS", "User Initiated"),
        ("Other", QUEUE, "CREATE_FAILED", "Resource creation cancelled"),
        ("Queue", QUEUE, "CREATE_FAILED", "Invalid request"),
        // Not the end: the rollback is still to come.
        ("notes-dev", STACK, "CREATE_FAILED", "The following resource(s) failed to create: [Queue]"),
    ];
    server.answer("DescribeStackEvents", answer::events(&steps));
    steps.push(("notes-dev", STACK, "ROLLBACK_IN_PROGRESS", ""));
    steps.push(("notes-dev", STACK, "ROLLBACK_COMPLETE", ""));
    server.answer("DescribeStackEvents", answer::events(&steps));
    let error = change_set.execute().await.expect("started").finish().await.expect_err("a failure");
    let expected = "stack `notes-dev` ended in ROLLBACK_COMPLETE: `Queue` (AWS::SQS::Queue) CREATE_FAILED: Invalid request";
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().expect("a hint").contains("stack-builder destroy"));
}

#[tokio::test]
async fn a_stack_at_rest_ends_the_watch_even_without_a_last_event() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::stack("UPDATE_COMPLETE"));
    let change_set = change_set(&server, &environment).await;
    server.answer("ExecuteChangeSet", answer::result("ExecuteChangeSet", ""));
    server.answer("DescribeStackEvents", answer::events(&[("notes-dev", STACK, "UPDATE_IN_PROGRESS", "")]));
    tokio::time::timeout(std::time::Duration::from_mins(1), async {
        change_set.execute().await.expect("started").finish().await.expect("outputs");
    })
    .await
    .expect("an end");
}

#[tokio::test]
async fn want_of_changes_leaves_no_change_set_behind() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::stack_with("CREATE_COMPLETE", &answer::output("Url", "u")));
    server.answer("CreateChangeSet", answer::created());
    let reason = "<StatusReason>The submitted information didn't contain changes.</StatusReason>";
    server.answer("DescribeChangeSet", answer::change_set("FAILED", reason));
    server.answer("DeleteChangeSet", answer::result("DeleteChangeSet", ""));
    let Ok(Prepared::NoChange { outputs }) = prepared(&environment).await else {
        panic!("no changes expected")
    };
    assert_eq!(outputs["Url"], "u");
    assert_eq!(server.asked().last().map(String::as_str), Some("DeleteChangeSet"));
}

#[tokio::test]
async fn a_refused_creation_shows_the_findings_and_leaves_no_stack_behind() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::absent());
    server.answer("DescribeStacks", answer::stack("REVIEW_IN_PROGRESS"));
    server.answer("CreateChangeSet", answer::created());
    let reason = "<StatusReason>Early validation failed; call DescribeEvents</StatusReason>";
    server.answer("DescribeChangeSet", answer::change_set("FAILED", reason));
    server.answer(
        "DescribeEvents",
        answer::result(
            "DescribeEvents",
            "<OperationEvents><member><EventType>VALIDATION_ERROR</EventType><LogicalResourceId>Queue</LogicalResourceId>\
             <ValidationPath>/Resources/Queue</ValidationPath>\
             <ValidationStatusReason>It exists already</ValidationStatusReason></member></OperationEvents>",
        ),
    );
    server.answer("DeleteStack", answer::result("DeleteStack", ""));
    let error = prepared(&environment).await.expect_err("a refusal");
    let expected = "no change set for stack `notes-dev`: Early validation failed; call DescribeEvents\n  /Resources/Queue: It exists already";
    assert_eq!(error.to_string(), expected);
    assert_eq!(server.asked().last().map(String::as_str), Some("DeleteStack"));
}

#[tokio::test]
async fn a_change_set_left_by_a_killed_run_is_replaced() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::stack("REVIEW_IN_PROGRESS"));
    let taken = answer::error(400, "AlreadyExistsException", "ChangeSet exists");
    server.answer("CreateChangeSet", taken);
    server.answer("DeleteChangeSet", answer::result("DeleteChangeSet", ""));
    let change_set = change_set(&server, &environment).await;
    assert_eq!(server.body("CreateChangeSet", 0), server.body("CreateChangeSet", 1));
    server.answer("DeleteStack", answer::result("DeleteStack", ""));
    change_set.discard().await.expect("discarded");
    assert_eq!(server.asked().last().map(String::as_str), Some("DeleteStack"), "the empty stack goes too");
}

#[tokio::test]
async fn a_stack_that_another_run_created_meanwhile_is_not_deleted() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::absent());
    server.answer("DescribeStacks", answer::stack("CREATE_COMPLETE"));
    let change_set = change_set(&server, &environment).await;
    server.answer("DeleteChangeSet", answer::result("DeleteChangeSet", ""));
    change_set.discard().await.expect("discarded");
    let asked = server.asked();
    assert!(!asked.contains(&"DeleteStack".to_owned()), "{asked:?}");
    assert_eq!(asked.last().map(String::as_str), Some("DeleteChangeSet"));
}

#[tokio::test]
async fn a_state_from_before_the_operation_does_not_end_the_watch() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::stack("UPDATE_COMPLETE"));
    let change_set = change_set(&server, &environment).await;
    server.answer("ExecuteChangeSet", answer::result("ExecuteChangeSet", ""));
    server.answer("DescribeStackEvents", answer::events(&[]));
    let mut activity = change_set.execute().await.expect("started");
    // Longer than the quiet looks after which the stack itself is asked.
    let looked = tokio::time::timeout(std::time::Duration::from_secs(18), activity.next()).await;
    assert!(looked.is_err(), "the watch ended with {looked:?}");
    assert!(server.asked().iter().filter(|action| *action == "DescribeStacks").count() > 1);
}

#[tokio::test]
async fn an_operation_that_another_run_began_can_be_joined() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::stack("UPDATE_IN_PROGRESS"));
    let mut steps = vec![("notes-dev", STACK, "UPDATE_IN_PROGRESS", "")];
    server.answer("DescribeStackEvents", answer::events_of("others", &steps));
    steps.push(("notes-dev", STACK, "UPDATE_COMPLETE", ""));
    server.answer("DescribeStackEvents", answer::events_of("others", &steps));
    let mut activity = Activity::join(&environment, "notes-dev").await.expect("joined").expect("a stack");
    let mut statuses = Vec::new();
    while let Some(event) = activity.next().await.expect("an event") {
        statuses.push(event.status);
    }
    assert_eq!(statuses, ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]);
}
