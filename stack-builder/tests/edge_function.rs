//! What an edge function becomes, and which mistakes in one are found.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use serde_json::{Value as Json, json};
use stack_builder::cfn::lambda::function::Architecture;
use stack_builder::{App, EdgeFunction, Stack, Stage, Table};
use stack_builder_assembly::{Asset, AssetPart, Manifest, Severity};
use std::collections::BTreeMap;
use std::fs;

fn synth(describe: impl FnOnce(&mut Stack) + 'static) -> (Manifest, Json) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("edge", describe);
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &[]).unwrap();
    let template = fs::read_to_string(folder.path().join("edge.template.json")).unwrap();
    (manifest, serde_json::from_str(&template).unwrap())
}

/// A pinned stack of one function that has nothing wrong with it.
#[track_caller]
fn gate(describe: impl FnOnce() -> EdgeFunction + 'static) -> (Manifest, Json) {
    let (manifest, mut template) = synth(|stack| {
        stack.pin_to_region("us-east-1");
        let gate = stack.add("Gate", describe());
        stack.output("GateVersion", gate.version_arn());
    });
    assert_eq!(manifest.diagnostics, []);
    assert_eq!(template["Outputs"]["GateVersion"]["Value"], json!({"Ref": "GateVersion"}));
    (manifest, template["Resources"].take())
}

/// The codes found in a pinned stack of one function, each with the beginning of the line that is blamed.
#[track_caller]
fn check_findings(describe: impl FnOnce() -> EdgeFunction + 'static, expect: &[(Severity, &str, &str)]) {
    let (manifest, _) = synth(|stack| {
        stack.pin_to_region("us-east-1");
        stack.add("Gate", describe());
    });
    let here: Vec<_> = include_str!("edge_function.rs").lines().collect();
    let found = manifest.diagnostics.iter().map(|found| {
        let source = found.source.as_ref().expect("a line");
        (found.severity, found.code.as_str(), &here[source.line as usize - 1][source.column as usize - 1..])
    });
    let found: Vec<_> = found.collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((severity, code, text), (expected_severity, expected, begin)) in found.iter().zip(expect) {
        assert_eq!((severity, code), (expected_severity, expected));
        assert!(text.starts_with(begin), "{code} is said to stand at {text:?}");
    }
}

#[test]
fn the_function_is_what_the_edge_takes() {
    let (_, resources) = gate(|| EdgeFunction::rust("gate"));
    let function = &resources["Gate"]["Properties"];
    for (key, expect) in [
        ("Runtime", json!("python3.13")),
        ("Handler", json!("index.handler")),
        ("Architectures", json!(["x86_64"])),
        ("MemorySize", json!(128)),
        ("Timeout", json!(5)),
        ("Environment", Json::Null),
        ("LoggingConfig", Json::Null),
    ] {
        assert_eq!(function[key], expect, "{key}");
    }
    let trust = &resources["GateRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
    let services = json!(["lambda.amazonaws.com", "edgelambda.amazonaws.com"]);
    assert_eq!(trust["Principal"], json!({"Service": services}));
    assert_eq!(resources["GateRole"]["Properties"]["Policies"], Json::Null, "nothing was granted");
}

#[test]
fn it_logs_to_its_own_group_in_whichever_region() {
    let (_, resources) = gate(|| EdgeFunction::rust("gate").log_retention(7));
    let group = "/aws/lambda/us-east-1.${Gate}";
    assert_eq!(
        resources["GateLogs"]["Properties"],
        json!({"LogGroupName": {"Fn::Sub": group}, "RetentionInDays": 7})
    );
    let policy = &resources["GateLogging"]["Properties"];
    assert_eq!(policy["Roles"], json!([{"Ref": "GateRole"}]));
    let [log] = &policy["PolicyDocument"]["Statement"].as_array().unwrap()[..] else {
        panic!("one statement")
    };
    let arn = format!("arn:${{AWS::Partition}}:logs:*:${{AWS::AccountId}}:log-group:{group}");
    assert_eq!(log["Resource"], json!([{"Fn::Sub": arn}, {"Fn::Sub": format!("{arn}:*")}]));
    assert_eq!(resources["GateVersion"]["DependsOn"], json!(["GateLogs", "GateLogging"]));
}

#[test]
fn what_was_granted_and_no_more() {
    let (manifest, template) = synth(|stack| {
        stack.pin_to_region("us-east-1");
        let sessions = stack.add("Sessions", Table::keyed_by("session-id"));
        stack.add("Gate", EdgeFunction::rust("gate").grant(sessions.allow(["dynamodb:GetItem"])));
    });
    assert_eq!(manifest.diagnostics, []);
    let policies = &template["Resources"]["GateRole"]["Properties"]["Policies"];
    let expect = json!([{
        "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": {"Fn::GetAtt": ["Sessions", "Arn"]},
    }]);
    assert_eq!(policies[0]["PolicyDocument"]["Statement"], expect);
}

#[test]
fn code_and_digest_come_from_one_archive_with_its_configuration() {
    let (manifest, _) = gate(|| EdgeFunction::rust("gate").config(&BTreeMap::from([("table", "sessions")])));
    let slots = &manifest.stacks[0].asset_slots;
    let slots: Vec<_> = slots.iter().map(|s| (s.logical_id.as_str(), s.property.as_str(), s.part)).collect();
    assert_eq!(
        slots,
        [("Gate", "Code", AssetPart::Location), ("GateVersion", "CodeSha256", AssetPart::Sha256)]
    );
    let expect = Asset::EdgeFunction { bin: "gate".to_owned(), config: json!({"table": "sessions"}) };
    assert_eq!(manifest.assets, BTreeMap::from([("edge-Gate".to_owned(), expect)]));
}

#[test]
fn two_functions_of_one_program_have_an_archive_each() {
    let (manifest, _) = synth(|stack| {
        stack.pin_to_region("us-east-1");
        stack.add("Gate", EdgeFunction::rust("gate").config(&json!({"page": "a"})));
        stack.add("Other", EdgeFunction::rust("gate").config(&json!({"page": "b"})));
    });
    assert_eq!(manifest.diagnostics, []);
    assert_eq!(manifest.assets.keys().collect::<Vec<_>>(), ["edge-Gate", "edge-Other"]);
}

#[test]
fn a_change_of_a_setting_publishes_a_version_and_the_old_one_stays() {
    let version = |describe: fn() -> EdgeFunction| gate(describe).1["GateVersion"].clone();
    let before = version(|| EdgeFunction::rust("gate"));
    assert_eq!(before["DeletionPolicy"], "RetainExceptOnCreate");
    assert_eq!(before["UpdateReplacePolicy"], "Retain");
    assert_eq!(before, version(|| EdgeFunction::rust("gate")), "the same at each synthesis");
    let description = |version: &Json| version["Properties"]["Description"].clone();
    let slower = version(|| EdgeFunction::rust("gate").timeout(4));
    let described = version(|| EdgeFunction::rust("gate").l1(|l1| l1.description("the gate")));
    assert_ne!(description(&before), description(&slower));
    assert_ne!(description(&before), description(&described));
}

#[test]
fn it_must_be_in_the_one_region() {
    let cases = [
        (None, "its stack goes to whatever region is chosen"),
        (Some("eu-west-1"), "its stack is pinned to `eu-west-1`"),
    ];
    for (region, says) in cases {
        let (manifest, _) = synth(move |stack| {
            if let Some(region) = region {
                stack.pin_to_region(region);
            }
            stack.add("Gate", EdgeFunction::rust("gate"));
        });
        let [found] = &manifest.diagnostics[..] else { panic!("{:?}", manifest.diagnostics) };
        assert_eq!((found.code.as_str(), found.severity), ("edge-region", Severity::Error));
        assert!(found.message.ends_with(says), "{found}");
    }
}

#[test]
fn what_the_edge_does_not_take_is_shown_where_it_was_set() {
    check_findings(
        || {
            EdgeFunction::rust("gate")
                .timeout(31)
                .memory(256)
                .l1(|l1| l1.architectures([Architecture::Arm64]))
                .l1(|l1| l1.environment_with(|e| e.variables([("TABLE", "sessions")])))
        },
        &[
            (Severity::Error, "edge-limit", "architectures("),
            (Severity::Error, "edge-limit", "environment_with("),
            (Severity::Warning, "edge-limit", "memory(256)"),
            (Severity::Error, "edge-limit", "timeout(31)"),
        ],
    );
    check_findings(|| EdgeFunction::rust("gate").timeout(30).memory(1_024).origin_events_only(), &[]);
}

#[test]
fn a_configuration_that_was_refused_is_shown_where_it_was_given() {
    check_findings(
        || EdgeFunction::rust("gate").checked_config("x".parse::<u8>()),
        &[(Severity::Error, "illegal-config", r#"checked_config("x""#)],
    );
    let (manifest, _) = gate(|| EdgeFunction::rust("gate").checked_config("7".parse::<u8>()));
    let expect = Asset::EdgeFunction { bin: "gate".to_owned(), config: json!(7) };
    assert_eq!(manifest.assets["edge-Gate"], expect);
}

#[test]
fn a_configuration_that_is_no_json_is_shown_where_it_was_given() {
    check_findings(
        || EdgeFunction::rust("gate").config(&BTreeMap::from([(vec![1], 2)])),
        &[(Severity::Error, "illegal-config", "config(&BTreeMap")],
    );
}

#[test]
fn a_value_printed_into_a_configuration_is_shown_where_it_was_given() {
    let page = || format!("{:?}/login", stack_builder::pseudo::region());
    check_findings(
        move || EdgeFunction::rust("gate").config(&page()),
        &[(Severity::Error, "illegal-config", "config(&page())")],
    );
}
