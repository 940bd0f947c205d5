//! `destroy` where something holds on: copies of an edge function, which no emulator plays, and a stack that stays.

use crate::fixture;
use crate::harness::Test;
use crate::stub::{field, identity, result, serve};
use serde_json::json;

/// CloudFormation with one stack, `edge-dev`, whose function cannot be deleted yet.
fn cloudformation() -> String {
    let mut token = String::new();
    serve(move |head, body| {
        match field(body, "Action") {
        "GetCallerIdentity" => identity(),
        action @ "DescribeStacks" if field(body, "StackName") != "other-dev" => result(action, STACKS),
        "DescribeStacks" => (
            "400 Bad Request",
            "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>".to_owned(),
        ),
        action @ "ListStackResources" => result(action, RESOURCES),
        action @ "GetTemplate" => result(action, "<TemplateBody>{}</TemplateBody>"),
        action @ "DeleteStack" => {
            field(body, "ClientRequestToken").clone_into(&mut token);
            result(action, "")
        }
        action @ "DescribeStackEvents" => result(action, &EVENTS.replace("{token}", &token)),
        "" if head.contains("DescribeLogGroups") => ("200 OK", r#"{"logGroups": []}"#.to_owned()),
        _ => ("500 Unscripted", String::new()),
    }
    })
}

const STACKS: &str = "<Stacks><member><StackName>edge-dev</StackName><StackId>edge-1</StackId>\
    <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-20T10:00:00Z</CreationTime></member></Stacks>";

const RESOURCES: &str = "<StackResourceSummaries><member><LogicalResourceId>Gate</LogicalResourceId>\
    <PhysicalResourceId>app-gate</PhysicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType>\
    <ResourceStatus>CREATE_COMPLETE</ResourceStatus><LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp>\
    </member></StackResourceSummaries>";

const EVENTS: &str = "<StackEvents><member><StackId>edge-1</StackId><EventId>2</EventId><StackName>edge-dev</StackName>\
    <LogicalResourceId>edge-dev</LogicalResourceId><PhysicalResourceId>edge-1</PhysicalResourceId>\
    <ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>DELETE_FAILED</ResourceStatus>\
    <Timestamp>2026-11-20T10:00:02Z</Timestamp><ClientRequestToken>{token}</ClientRequestToken></member>\
    <member><StackId>edge-1</StackId><EventId>1</EventId><StackName>edge-dev</StackName>\
    <LogicalResourceId>Gate</LogicalResourceId><PhysicalResourceId>app-gate</PhysicalResourceId>\
    <ResourceType>AWS::Lambda::Function</ResourceType><ResourceStatus>DELETE_FAILED</ResourceStatus>\
    <ResourceStatusReason>Lambda was unable to delete arn because it is a replicated function. Please see our \
    documentation for Deleting Lambda@Edge Functions and Replicas.</ResourceStatusReason>\
    <Timestamp>2026-11-20T10:00:01Z</Timestamp><ClientRequestToken>{token}</ClientRequestToken></member></StackEvents>";

#[test]
fn copies_of_an_edge_function_hold_up_nothing_but_their_stack() {
    let mut manifest = fixture::manifest();
    let stack = |name: &str| {
        json!({
            "name": name, "stackName": format!("{name}-dev"), "template": "notes.template.json", "resources": {},
        })
    };
    manifest["stacks"] = json!([stack("other"), stack("edge")]);
    manifest["stacks"][1]["region"] = "us-east-1".into();
    let endpoint = cloudformation();
    let test = Test::new().manifest(&manifest).args(["destroy", "other", "edge", "--yes"]);
    let outcome = test.cloud(&endpoint).run();
    outcome.fails(
        1,
        &[
            "edge-dev in us-east-1 (CREATE_COMPLETE): destroy, 1 resource",
            "edge-dev waits for CloudFront to remove its copies of an edge function",
            "nothing to destroy: there is no stack `other-dev` in eu-west-1",
            "error: stack `edge-dev` ended in DELETE_FAILED: `Gate` (AWS::Lambda::Function) DELETE_FAILED",
            "hint: run the command again in an hour",
        ],
    );
}

#[test]
fn a_stack_that_another_one_stands_on_is_not_destroyed() {
    let mut manifest = fixture::manifest();
    let stack = |name: &str| {
        json!({
            "name": name, "stackName": format!("{name}-dev"), "template": "notes.template.json", "resources": {},
        })
    };
    manifest["stacks"] = json!([stack("edge"), stack("user")]);
    manifest["stacks"][1]["inputs"] = json!({"Gate": {"stack": "edge", "output": "Gate"}});
    let endpoint = serve(|_, body| match field(body, "Action") {
        "GetCallerIdentity" => identity(),
        "DescribeStacks" => result("DescribeStacks", STACKS),
        // Whatever else is asked for, it is more than a look at the stacks.
        action => ("500 Stub", format!("<Error><Code>No{action}</Code></Error>")),
    });
    let test = Test::new().manifest(&manifest).args(["destroy", "edge", "--yes"]);
    test.cloud(&endpoint).run().fails(
        1,
        &[
            "error: stack `user-dev` in eu-west-1 stands and takes outputs of `edge`",
            "hint: nothing was destroyed; destroy both with `stack-builder destroy user edge`",
        ],
    );
}
