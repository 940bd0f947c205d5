//! Answers in the shape of the services' APIs.

use crate::server::Answer;

pub(crate) const STACK_ID: &str = "arn:aws:cloudformation:eu-west-1:111122223333:stack/notes-dev/0";

/// Events as `(logical id, type, status, reason)`, oldest first.
pub(crate) type Events = Vec<(&'static str, &'static str, &'static str, &'static str)>;

fn ok(body: String) -> Answer {
    Answer { status: 200, body }
}

/// The error of a query API.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>request-1</RequestId></ErrorResponse>"
    );
    Answer { status, body }
}

/// A bare status, as S3 gives it to a HEAD request.
pub(crate) fn status(status: u16) -> Answer {
    Answer { status, body: String::new() }
}

/// Any document.
pub(crate) fn document(body: &str) -> Answer {
    ok(body.to_owned())
}

/// The result of a query API's `action`.
pub(crate) fn result(action: &str, content: &str) -> Answer {
    ok(format!("<{action}Response><{action}Result>{content}</{action}Result></{action}Response>"))
}

pub(crate) fn identity() -> Answer {
    result("GetCallerIdentity", "<Account>111122223333</Account>")
}

pub(crate) fn absent() -> Answer {
    error(400, "ValidationError", "Stack with id notes-dev does not exist")
}

pub(crate) fn stack(status: &str) -> Answer {
    stack_with(status, "")
}

pub(crate) fn stack_with(status: &str, more: &str) -> Answer {
    result(
        "DescribeStacks",
        &format!(
            "<Stacks><member><StackName>notes-dev</StackName><StackId>{STACK_ID}</StackId>\
             <StackStatus>{status}</StackStatus><CreationTime>2026-11-20T10:00:00Z</CreationTime>{more}\
             </member></Stacks>"
        ),
    )
}

pub(crate) fn output(key: &str, value: &str) -> String {
    format!(
        "<Outputs><member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member></Outputs>"
    )
}

pub(crate) fn created() -> Answer {
    result("CreateChangeSet", &format!("<Id>change-set-1</Id><StackId>{STACK_ID}</StackId>"))
}

pub(crate) fn change_set(status: &str, more: &str) -> Answer {
    let content = format!("<ChangeSetId>change-set-1</ChangeSetId><Status>{status}</Status>{more}");
    result("DescribeChangeSet", &content)
}

/// Events of the operation under way, given oldest first as `(logical id, type, status, reason)`.
pub(crate) fn events(events: &[(&str, &str, &str, &str)]) -> Answer {
    events_of("{token}", events)
}

/// Events of the operation with `token`.
pub(crate) fn events_of(token: &str, events: &[(&str, &str, &str, &str)]) -> Answer {
    result("DescribeStackEvents", &format!("<StackEvents>{}</StackEvents>", members(events, token)))
}

/// The same on top of an event of an earlier operation.
pub(crate) fn events_after_others(own: &[(&str, &str, &str, &str)]) -> Answer {
    let earlier = members(&[("notes-dev", STACK, "UPDATE_COMPLETE", "")], "another-token");
    let content = format!("<StackEvents>{}{earlier}</StackEvents>", members(own, "{token}"));
    result("DescribeStackEvents", &content)
}

/// The type under which a stack reports about itself.
pub(crate) const STACK: &str = "AWS::CloudFormation::Stack";

fn members(events: &[(&str, &str, &str, &str)], token: &str) -> String {
    let member = |(n, (id, kind, status, reason)): (usize, &(&str, &str, &str, &str))| {
        let physical = if *kind == STACK { STACK_ID } else { "physical" };
        format!(
            "<member><StackId>{STACK_ID}</StackId><EventId>{id}-{status}-{n}</EventId><StackName>notes-dev</StackName>\
             <LogicalResourceId>{id}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId>\
             <ResourceType>{kind}</ResourceType><Timestamp>2026-11-20T10:00:{n:02}Z</Timestamp>\
             <ResourceStatus>{status}</ResourceStatus><ResourceStatusReason>{reason}</ResourceStatusReason>\
             <ClientRequestToken>{token}</ClientRequestToken></member>"
        )
    };
    events.iter().enumerate().rev().map(|(n, event)| member((n, event))).collect()
}
