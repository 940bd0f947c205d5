//! States and answers that end a deployment before it begins, each with a way out.

use crate::server::{Answer, Server};
use crate::{answer, config, environment, notes, regions};
use stack_builder_deploy::{Environment, Error, outputs, plan_destroy, prepare_bootstrap};

#[track_caller]
fn check(error: &Error, message: &str, hint: &str) {
    assert_eq!(error.to_string(), message);
    let given = error.hint().unwrap_or_default();
    assert!(given.contains(hint), "`{given}` should contain `{hint}`");
}

async fn identified_by(answer: Answer) -> Error {
    let server = Server::start().await;
    server.answer("GetCallerIdentity", answer);
    Environment::from_config(&config(&server)).await.expect_err("an error")
}

#[tokio::test]
async fn an_expired_token_asks_for_a_new_one() {
    let error = identified_by(answer::error(403, "ExpiredToken", "The security token is expired")).await;
    check(&error, "the AWS credentials have expired (`sts:GetCallerIdentity`)", "sign in again");
}

#[tokio::test]
async fn throttling_is_met_with_patience_first() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::error(400, "Throttling", "Rate exceeded"));
    server.answer("DescribeStacks", answer::stack_with("CREATE_COMPLETE", &answer::output("Url", "u")));
    let outputs = outputs(&environment, "notes-dev").await.expect("the second answer");
    assert_eq!((outputs["Url"].as_str(), server.asked().len()), ("u", 2));
}

#[tokio::test]
async fn nobody_at_the_endpoint() {
    let server = Server::start().await;
    // A port that was free a moment ago.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let config = config(&server).to_builder().endpoint_url(format!("http://127.0.0.1:{port}")).build();
    let error = Environment::from_config(&config).await.expect_err("nobody");
    let message = format!(
        "cannot reach `http://127.0.0.1:{port}` for `sts:GetCallerIdentity`: Connection refused (os error 111)"
    );
    check(&error, &message, "AWS_ENDPOINT_URL");
}

#[tokio::test]
async fn stacks_that_take_no_change_set() {
    for (status, message, hint) in [
        (
            "ROLLBACK_COMPLETE",
            "can only be deleted",
            "aws cloudformation delete-stack --stack-name stack-builder-bootstrap",
        ),
        ("UPDATE_IN_PROGRESS", "another operation is under way", "when it is done"),
        ("UPDATE_ROLLBACK_FAILED", "cannot be deployed", "continue-update-rollback"),
        ("DELETE_FAILED", "cannot be deployed", "destroy"),
    ] {
        let server = Server::start().await;
        let environment = environment(&server).await;
        server.answer("HEAD bucket", answer::status(200));
        server.answer("DescribeStacks", answer::stack(status));
        let error = prepare_bootstrap(&environment, None).await.expect_err(status);
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.hint().expect("a hint").contains(hint), "{:?}", error.hint());
        assert_eq!(server.asked(), ["HEAD bucket", "DescribeStacks"], "nothing is changed");
    }
}

#[tokio::test]
async fn a_bucket_deleted_behind_the_bootstrap_stacks_back() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("HEAD bucket", answer::status(404));
    server.answer(
        "DescribeStacks",
        answer::stack_with("CREATE_COMPLETE", &answer::output("AssetBucketName", "b")),
    );
    check(
        &prepare_bootstrap(&environment, None).await.expect_err("the bucket is gone"),
        "stack `stack-builder-bootstrap` says that bucket `stack-builder-assets-111122223333-eu-west-1` exists, but it was deleted",
        "aws cloudformation delete-stack --stack-name stack-builder-bootstrap --region eu-west-1",
    );
}

#[tokio::test]
async fn a_bucket_of_another_account_is_not_used() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("HEAD bucket", answer::status(403));
    check(
        &prepare_bootstrap(&environment, None).await.expect_err("not ours"),
        "bucket `stack-builder-assets-111122223333-eu-west-1` is not account 111122223333's own, or these credentials may not use it",
        "belong to this account",
    );
}

#[tokio::test]
async fn a_protected_stack_names_the_command_that_lifts_it() {
    let server = Server::start().await;
    let regions = regions(&server, &[]).await;
    let protection = "<EnableTerminationProtection>true</EnableTerminationProtection>";
    server.answer("DescribeStacks", answer::stack_with("CREATE_COMPLETE", protection));
    check(
        &plan_destroy(&regions, &notes()).await.expect_err("protected"),
        "stack `notes-dev` is protected against deletion",
        "update-termination-protection --no-enable-termination-protection --stack-name notes-dev",
    );
}

#[tokio::test]
async fn a_denied_call_is_named() {
    let server = Server::start().await;
    let environment = environment(&server).await;
    server.answer("DescribeStacks", answer::error(403, "AccessDenied", "User u may not"));
    check(
        &outputs(&environment, "notes-dev").await.expect_err("denied"),
        "not allowed to call `cloudformation:DescribeStacks`: User u may not",
        "allow `cloudformation:DescribeStacks`",
    );
}
