//! Whole policies against whole calls.

use super::*;
use serde_json::{Value, json};
use stack_builder_local_core::{Event, Resource};
use std::collections::BTreeMap;

const TABLE: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/notes";

fn resource(kind: &str, logical_id: &str, physical_id: &str, arn: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "app-dev".to_owned(), logical_id: logical_id.to_owned() },
        kind: kind.to_owned(),
        physical_id: physical_id.to_owned(),
        attributes: BTreeMap::from([("Arn".to_owned(), arn.to_owned())]),
        properties,
        metadata: Value::Null,
    }
}

fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::000000000000:role/{name}")
}

fn allow(action: &str, arn: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": arn}]})
}

fn deny(action: &str, arn: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": action, "Resource": arn}})
}

fn role(name: &str, properties: Value) -> Resource {
    resource("AWS::IAM::Role", "ApiRole", name, &role_arn(name), properties)
}

fn inline(documents: &[Value]) -> Value {
    let policies: Vec<_> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| json!({"PolicyName": format!("p{index}"), "PolicyDocument": document}))
        .collect();
    json!({ "Policies": policies })
}

fn policies(resources: Vec<Resource>) -> (Policies, World) {
    let world = World::ephemeral();
    (Policies::new(&Resources::new(resources), &world), world)
}

fn caller(name: &str) -> Caller {
    Caller::Principal(Principal::Role { role: role_arn(name).into(), session: "fn".into() })
}

fn decide(resources: Vec<Resource>, action: &str, arn: &str) -> Decision {
    policies(resources).0.judge(&Ask::new(&caller("r"), action, arn))
}

fn denied(decision: Decision) -> (String, String) {
    match decision {
        Decision::Denied { message, advice } => (message, advice),
        Decision::Allowed => panic!("allowed"),
    }
}

#[test]
fn what_is_allowed_is_allowed_and_nothing_else() {
    let role = || vec![role("r", inline(&[allow("dynamodb:Put*", TABLE)]))];
    assert!(decide(role(), "dynamodb:PutItem", TABLE).is_allowed());
    assert!(decide(role(), "DynamoDB:putitem", TABLE).is_allowed());
    let (message, advice) = denied(decide(role(), "dynamodb:GetItem", TABLE));
    assert_eq!(
        message,
        format!(
            "User: arn:aws:sts::000000000000:assumed-role/r/fn is not authorized to perform: dynamodb:GetItem on \
             resource: {TABLE} because no identity-based policy allows the dynamodb:GetItem action"
        )
    );
    assert_eq!(
        advice,
        format!(
            "the role `ApiRole` of the stack `app-dev` lacks a statement with Action `dynamodb:GetItem` and Resource \
             `{TABLE}`; statement number 1 of the policy `p0` has the resource, but allows `dynamodb:Put*`"
        )
    );
}

#[test]
fn advice_names_the_resource_and_the_near_miss() {
    let table = resource("AWS::DynamoDB::Table", "Notes", "notes", TABLE, json!({}));
    let role = role("r", inline(&[allow("dynamodb:Query", TABLE)]));
    let index = format!("{TABLE}/index/by-day");
    let (_, advice) = denied(decide(vec![table, role], "dynamodb:Query", &index));
    assert_eq!(
        advice,
        format!(
            "the role `ApiRole` of the stack `app-dev` lacks a statement with Action `dynamodb:Query` and Resource \
             `{index}` (`Notes` of the stack `app-dev`); statement number 1 of the policy `p0` allows the action, \
             but on `{TABLE}`"
        )
    );
}

#[test]
fn a_condition_that_does_not_hold_is_told() {
    let mut policy = allow("dynamodb:Query", TABLE);
    policy["Statement"][0]["Sid"] = json!("OwnRows");
    policy["Statement"][0]["Condition"] =
        json!({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["me"]}});
    let (policies, _) = policies(vec![role("r", inline(&[policy]))]);
    let caller = caller("r");
    let mut ask = Ask::new(&caller, "dynamodb:Query", TABLE);
    ask.context.insert("dynamodb:leadingkeys".to_owned(), vec!["me".to_owned()]);
    assert!(policies.judge(&ask).is_allowed());
    ask.context.insert("dynamodb:leadingkeys".to_owned(), vec!["you".to_owned()]);
    let (_, advice) = denied(policies.judge(&ask));
    assert!(
        advice.ends_with(
            "statement `OwnRows` of the policy `p0` allows this, but under a condition that does not hold"
        ),
        "{advice}"
    );
}

#[test]
fn a_denial_counts_most() {
    let both = || inline(&[allow("*", "*"), deny("dynamodb:Delete*", "*")]);
    assert!(decide(vec![role("r", both())], "dynamodb:GetItem", TABLE).is_allowed());
    let (message, advice) = denied(decide(vec![role("r", both())], "dynamodb:DeleteItem", TABLE));
    assert!(message.ends_with(" with an explicit deny in an identity-based policy"), "{message}");
    assert_eq!(
        advice,
        "statement number 1 of the policy `p1` of the role `ApiRole` of the stack `app-dev` denies it"
    );
}

#[test]
fn opposites() {
    let document = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"}]});
    let role = || vec![role("r", inline(std::slice::from_ref(&document)))];
    assert!(decide(role(), "s3:GetObject", "arn:aws:s3:::open/k").is_allowed());
    assert!(!decide(role(), "s3:GetObject", "arn:aws:s3:::secret/k").is_allowed());
    assert!(!decide(role(), "iam:PassRole", "*").is_allowed());
}

#[test]
fn attached_policies_count() {
    let policy = |kind, id, extra: Value| {
        let mut properties = json!({"PolicyName": "p", "PolicyDocument": allow("s3:GetObject", "*")});
        properties.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
        resource(kind, "P", id, id, properties)
    };
    let plain = || role("r", json!({}));
    let arn = "arn:aws:iam::000000000000:policy/p";
    let attached = [
        vec![plain(), policy("AWS::IAM::Policy", "p", json!({"Roles": ["r"]}))],
        vec![plain(), policy("AWS::IAM::ManagedPolicy", arn, json!({"Roles": ["r"]}))],
        vec![plain(), policy("AWS::IAM::RolePolicy", "p|r", json!({"RoleName": "r"}))],
        vec![
            role("r", json!({"ManagedPolicyArns": [arn]})),
            policy("AWS::IAM::ManagedPolicy", arn, json!({})),
        ],
        vec![role("r", json!({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]}))],
    ];
    for resources in attached {
        assert!(decide(resources.clone(), "s3:GetObject", "arn:aws:s3:::b/k").is_allowed(), "{resources:?}");
        assert!(!decide(resources, "s3:PutObject", "arn:aws:s3:::b/k").is_allowed());
    }
    assert!(
        !decide(
            vec![plain(), policy("AWS::IAM::Policy", "p", json!({"Roles": ["other"]}))],
            "s3:GetObject",
            "*"
        )
        .is_allowed()
    );
}

#[test]
fn what_is_not_understood_is_noted_and_allows_nothing() {
    let odd = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Feels": {"like": "it"}}}]});
    let mut properties = inline(&[odd]);
    properties["ManagedPolicyArns"] = json!(["arn:aws:iam::aws:policy/SomethingRare"]);
    let (policies, _) = policies(vec![role("r", properties)]);
    let notes: Vec<_> = policies.notes().into_iter().map(|note| note.text).collect();
    assert_eq!(
        notes,
        [
            "policy `p0`, statement number 1: condition `Feels` cannot compare with `it`; the statement is ignored",
            "the policy `arn:aws:iam::aws:policy/SomethingRare` is not known here and allows nothing",
        ]
    );
    assert!(!policies.judge(&Ask::new(&caller("r"), "s3:GetObject", "*")).is_allowed());
}

#[test]
fn a_boundary_narrows() {
    let arn = "arn:aws:iam::000000000000:policy/boundary";
    let boundary =
        || resource("AWS::IAM::ManagedPolicy", "B", arn, arn, json!({"PolicyDocument": allow("s3:*", "*")}));
    let mut properties = inline(&[allow("*", "*")]);
    properties["PermissionsBoundary"] = json!(arn);
    let all = || vec![boundary(), role("r", properties.clone())];
    assert!(decide(all(), "s3:GetObject", "*").is_allowed());
    let (message, _) = denied(decide(all(), "sqs:SendMessage", "*"));
    assert!(
        message.ends_with("because no permissions boundary allows the sqs:SendMessage action"),
        "{message}"
    );
}

fn bucket_policy(effect: &str, principal: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": principal,
        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]})
}

fn by_resource(policy: &Value, caller: &Caller, role_properties: Value) -> Decision {
    let (policies, _) = policies(vec![role("r", role_properties)]);
    let mut ask = Ask::new(caller, "s3:GetObject", "arn:aws:s3:::b/k");
    ask.resource_policy = Some(policy);
    policies.judge(&ask)
}

#[test]
fn the_policy_of_a_resource_suffices_when_it_names_the_caller() {
    let session = "arn:aws:sts::000000000000:assumed-role/r/fn";
    for (principal, allowed) in [
        (json!("*"), true),
        (json!({"AWS": "*"}), true),
        (json!({"AWS": role_arn("r")}), true),
        (json!({"AWS": [role_arn("x"), session]}), true),
        (json!({"AWS": role_arn("x")}), false),
        // The account alone leaves it to the role's own policies.
        (json!({"AWS": "000000000000"}), false),
        (json!({"AWS": "arn:aws:iam::000000000000:root"}), false),
        (json!({"Service": "cloudfront.amazonaws.com"}), false),
    ] {
        let policy = bucket_policy("Allow", principal.clone());
        assert_eq!(by_resource(&policy, &caller("r"), json!({})).is_allowed(), allowed, "{principal}");
    }
}

#[test]
fn the_policy_of_a_resource_can_deny_the_developer_too() {
    let admin = Caller::Principal(Principal::Administrator);
    let policy = bucket_policy("Deny", json!("*"));
    let (message, _) = denied(by_resource(&policy, &admin, json!({})));
    assert!(message.starts_with("User: arn:aws:iam::000000000000:user/local is not"), "{message}");
    assert!(message.ends_with(" with an explicit deny in a resource-based policy"), "{message}");
    assert!(!by_resource(&policy, &caller("r"), inline(&[allow("*", "*")])).is_allowed());
    assert!(by_resource(&bucket_policy("Allow", json!({"AWS": "x"})), &admin, json!({})).is_allowed());
    let account = bucket_policy("Deny", json!({"AWS": "000000000000"}));
    assert!(!by_resource(&account, &caller("r"), inline(&[allow("*", "*")])).is_allowed());
    let others = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
        "NotPrincipal": {"AWS": role_arn("r")}}]});
    assert!(by_resource(&others, &caller("r"), inline(&[allow("*", "*")])).is_allowed());
    assert!(!by_resource(&others, &admin, json!({})).is_allowed());
}

#[test]
fn services_and_strangers_need_the_resource() {
    let service = |source: &str| Caller::Service {
        name: "cloudfront.amazonaws.com".to_owned(),
        source_arn: source.to_owned(),
    };
    let mut policy = bucket_policy("Allow", json!({"Service": "cloudfront.amazonaws.com"}));
    let mine = "arn:aws:cloudfront::000000000000:distribution/E1";
    policy["Statement"][0]["Condition"] =
        json!({"StringEquals": {"aws:SourceArn": mine, "AWS:SourceAccount": "000000000000"}});
    assert!(by_resource(&policy, &service(mine), json!({})).is_allowed());
    assert!(
        !by_resource(&policy, &service("arn:aws:cloudfront::000000000000:distribution/E2"), json!({}))
            .is_allowed()
    );
    let (message, _) = denied(by_resource(&policy, &Caller::Anonymous, json!({})));
    assert_eq!(
        message,
        "User: anonymous is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no \
         resource-based policy allows the s3:GetObject action"
    );
    assert!(by_resource(&bucket_policy("Allow", json!("*")), &Caller::Anonymous, json!({})).is_allowed());
}

#[test]
fn only_tls_is_asked_for_and_loopback_is_enough() {
    let mut policy = bucket_policy("Deny", json!("*"));
    policy["Statement"][0]["Condition"] = json!({"Bool": {"aws:SecureTransport": "false"}});
    assert!(by_resource(&policy, &caller("r"), inline(&[allow("*", "*")])).is_allowed());
}

#[test]
fn a_refusal_is_told_once_and_never_without_end() {
    let (policies, world) = policies(vec![role("r", json!({}))]);
    let caller = caller("r");
    (0..3).for_each(|_| assert!(!policies.judge(&Ask::new(&caller, "s3:GetObject", "*")).is_allowed()));
    let notices = world.journal.notices();
    let [Event::Notice { resource: Some(id), severity: Severity::Warning, .. }] = &notices[..] else {
        panic!("{notices:?}")
    };
    assert_eq!(id.logical_id, "ApiRole");
    for key in 0..2 * MOST_TOLD {
        policies.judge(&Ask::new(&caller, "s3:GetObject", &format!("arn:aws:s3:::b/{key}")));
    }
    assert_eq!(policies.0.told.lock().expect("unpoisoned").len(), MOST_TOLD);
}

#[test]
fn a_changed_template_changes_the_judgement() {
    let (policies, _) = policies(vec![role("r", json!({}))]);
    let caller = caller("r");
    assert!(!policies.judge(&Ask::new(&caller, "s3:GetObject", "*")).is_allowed());
    policies.apply(&Resources::new(vec![role("r", inline(&[allow("s3:*", "*")]))]));
    assert!(policies.judge(&Ask::new(&caller, "s3:GetObject", "*")).is_allowed());
}

#[test]
fn a_changed_policy_of_a_resource_is_seen_at_the_same_place() {
    let (policies, _) = policies(vec![role("r", json!({}))]);
    let mut policy = bucket_policy("Allow", json!("*"));
    for allowed in [true, false, true] {
        policy["Statement"][0]["Effect"] = json!(if allowed { "Allow" } else { "Deny" });
        let mut ask = Ask::new(&Caller::Anonymous, "s3:GetObject", "arn:aws:s3:::b/k");
        ask.resource_policy = Some(&policy);
        assert_eq!(policies.judge(&ask).is_allowed(), allowed);
    }
}

#[test]
fn a_policy_of_a_resource_that_is_not_understood_is_told() {
    let (policies, world) = policies(vec![role("r", inline(&[allow("*", "*")]))]);
    let policy =
        json!({"Statement": [{"Effect": "Perhaps", "Principal": "*", "Action": "*", "Resource": "*"}]});
    let caller = caller("r");
    let mut ask = Ask::new(&caller, "s3:GetObject", "arn:aws:s3:::b/k");
    ask.resource_policy = Some(&policy);
    (0..2).for_each(|_| assert!(policies.judge(&ask).is_allowed()));
    let notices = world.journal.notices();
    let [Event::Notice { message, .. }] = &notices[..] else { panic!("{notices:?}") };
    assert_eq!(
        message,
        "the policy of `arn:aws:s3:::b/k`, statement number 1: `Effect` is neither `Allow` nor `Deny`; the statement \
         is ignored"
    );
}
