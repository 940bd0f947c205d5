//! Calls of the Security Token Service.

use super::*;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, ResourceId, Resources};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const ROLE: &str = "arn:aws:iam::000000000000:role/r";

fn role(name: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "app".to_owned(), logical_id: name.to_owned() },
        kind: "AWS::IAM::Role".to_owned(),
        physical_id: name.to_owned(),
        attributes: BTreeMap::from([("Arn".to_owned(), format!("arn:aws:iam::000000000000:role/{name}"))]),
        properties,
        metadata: Value::Null,
    }
}

fn trusting(principal: Value) -> Value {
    json!({"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}})
}

fn sts(resources: Vec<Resource>) -> Sts {
    let world = World::ephemeral();
    let policies = Policies::new(&Resources::new(resources), &world);
    Sts::new(&world, policies)
}

fn admin() -> Caller {
    Caller::Principal(Principal::Administrator)
}

fn function(role: &str) -> Caller {
    Caller::Principal(Principal::Role { role: role.into(), session: "fn".into() })
}

async fn call(sts: &Sts, caller: Caller, body: &str) -> (u16, String) {
    let (parts, ()) = http::Request::post("/").body(()).expect("a request").into_parts();
    let call = ApiCall {
        caller,
        region: "us-east-1".to_owned(),
        parts: Arc::new(parts),
        body: body.to_owned().into(),
        trace: stack_builder_local_core::Trace::default(),
    };
    let response = sts.call(call).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("text"))
}

fn between<'t>(text: &'t str, name: &str) -> &'t str {
    let (_, rest) = text.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("no {name} in {text}"));
    rest.split_once("</").expect("an end").0
}

#[tokio::test]
async fn everybody_learns_who_they_are() {
    let sts = sts(Vec::new());
    let (status, xml) = call(&sts, admin(), "Action=GetCallerIdentity&Version=2011-06-15").await;
    assert_eq!((status, between(&xml, "Arn")), (200, "arn:aws:iam::000000000000:user/local"));
    assert_eq!(between(&xml, "Account"), "000000000000");
    let (_, xml) = call(&sts, function(ROLE), "Action=GetCallerIdentity").await;
    assert_eq!(between(&xml, "Arn"), "arn:aws:sts::000000000000:assumed-role/r/fn");
    assert!(between(&xml, "UserId").ends_with(":fn"));
    assert_eq!(call(&sts, Caller::Anonymous, "Action=GetCallerIdentity").await.0, 403);
}

#[tokio::test]
async fn a_trusted_caller_takes_on_the_role_for_an_hour() {
    let sts = sts(vec![role("r", trusting(json!({"AWS": "arn:aws:iam::000000000000:root"})))]);
    let body = format!("Action=AssumeRole&RoleArn={ROLE}&RoleSessionName=me");
    let (status, xml) = call(&sts, admin(), &body).await;
    assert_eq!(status, 200, "{xml}");
    assert_eq!(between(&xml, "AssumedRoleUser><AssumedRoleId"), between(&xml, "AssumedRoleId"));
    let credentials = sts.world.identities.find(between(&xml, "AccessKeyId")).expect("valid keys");
    assert_eq!(credentials.secret_key, between(&xml, "SecretAccessKey"));
    assert_eq!(credentials.session_token.as_deref(), Some(between(&xml, "SessionToken")));
    assert_eq!(credentials.principal.arn("000000000000"), "arn:aws:sts::000000000000:assumed-role/r/me");
    let expires = credentials.expires.expect("an end");
    assert_eq!(between(&xml, "Expiration"), crate::calendar::extended(expires));
    sts.world.clock.advance(Duration::from_secs(3601));
    assert!(sts.world.clock.seconds() >= expires);
}

#[tokio::test]
async fn a_caller_that_is_not_trusted_is_refused() {
    let lambda = json!({"Service": "lambda.amazonaws.com"});
    let account = json!({"AWS": "000000000000"});
    let named = json!({"AWS": "arn:aws:iam::000000000000:role/f"});
    let roles = vec![
        role("r", trusting(lambda)),
        role("a", trusting(account)),
        role("n", trusting(named)),
        role("f", json!({})),
    ];
    let sts = sts(roles);
    let f = "arn:aws:iam::000000000000:role/f";
    for (name, caller, status) in [
        ("r", admin(), 403),
        ("nowhere", admin(), 403),
        ("a", admin(), 200),
        // The account is trusted, but the function's own role allows nothing.
        ("a", function(f), 403),
        ("n", function(f), 200),
        ("n", admin(), 403),
        ("n", Caller::Anonymous, 403),
    ] {
        let body =
            format!("Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/{name}&RoleSessionName=me");
        let (got, xml) = call(&sts, caller.clone(), &body).await;
        assert_eq!(got, status, "{name} {caller:?} {xml}");
        if status == 403 {
            assert_eq!(between(&xml, "Code"), "AccessDenied");
            assert!(
                between(&xml, "Message")
                    .contains("is not authorized to perform: sts:AssumeRole on resource:")
            );
        }
    }
}

#[tokio::test]
async fn nonsense_is_answered_in_xml() {
    let sts = sts(vec![role("r", trusting(json!("*")))]);
    for (body, code) in [
        ("", "InvalidAction"),
        ("Action=<b>", "InvalidAction"),
        ("Action=AssumeRole", "ValidationError"),
        ("Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/r", "ValidationError"),
        ("Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=a b", "ValidationError"),
        (
            "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=ab&DurationSeconds=1",
            "ValidationError",
        ),
        (
            "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=ab&DurationSeconds=7200",
            "ValidationError",
        ),
        (
            "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/r&RoleSessionName=ab&Policy={}",
            "ValidationError",
        ),
        ("Action=%ff", "MalformedInput"),
    ] {
        let (status, xml) = call(&sts, admin(), body).await;
        assert_eq!((status, between(&xml, "Code")), (400, code), "{body}");
        assert!(!xml.contains("<b>"), "{xml}");
    }
}

#[tokio::test]
async fn sessions_do_not_grow_without_end() {
    let sts = sts(Vec::new());
    let (_, first) = call(&sts, admin(), "Action=GetSessionToken").await;
    for _ in 0..MOST_SESSIONS {
        call(&sts, admin(), "Action=GetSessionToken").await;
    }
    assert!(sts.world.identities.find(between(&first, "AccessKeyId")).is_none());
    assert_eq!(sts.issued.lock().expect("unpoisoned").len(), MOST_SESSIONS);
    assert_eq!(call(&sts, function(ROLE), "Action=GetSessionToken").await.0, 403);
}
