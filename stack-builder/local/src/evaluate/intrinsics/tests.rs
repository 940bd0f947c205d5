//! Every intrinsic, with what it makes and what it refuses.

use super::*;
use crate::evaluate::identity::Identities;
use crate::evaluate::stack::{Conditions, Evaluated, References};
use std::collections::{BTreeMap, BTreeSet};

fn template() -> Value {
    json!({
        "Parameters": {
            "Name": { "Type": "String" },
            "Count": { "Type": "Number" },
            "Zones": { "Type": "CommaDelimitedList" },
            "Numbers": { "Type": "List<Number>" },
            "Image": { "Type": "AWS::SSM::Parameter::Value<String>" },
            "Subnets": { "Type": "AWS::SSM::Parameter::Value<List<String>>" },
            "Password": { "Type": "String", "NoEcho": "true" },
        },
        "Mappings": { "Sizes": { "us-east-1": { "dev": 1, "prod": ["a", "b"] } } },
        "Conditions": {
            "Yes": { "Fn::Equals": [{ "Ref": "Name" }, "notes"] },
            "No": { "Fn::Not": [{ "Condition": "Yes" }] },
            "Round": { "Fn::Not": [{ "Condition": "About" }] },
            "About": { "Condition": "Round" },
            "Wrong": { "Fn::Equals": ["one"] },
        },
        "Resources": {
            "Table": { "Type": "AWS::DynamoDB::Table", "Properties": { "TableName": { "Fn::Sub": "${Name}-items" } } },
            "Bucket": { "Type": "AWS::S3::Bucket" },
            "Queue": { "Type": "AWS::Kinesis::Stream" },
            "Hidden": { "Type": "AWS::S3::Bucket", "Condition": "No" },
            "Broken": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Fn::Cidr": ["10.0.0.0/16", 1] } } },
            "Circular": { "Type": "AWS::S3::Bucket", "Condition": "Round" },
            "Fn::ForEach::Many": ["X", ["a"], {}],
        },
        "Outputs": {
            "Table": { "Value": { "Ref": "Table" }, "Export": { "Name": "the-table" } },
            "Absent": { "Condition": "No", "Value": "x" },
            "Unknown": { "Value": { "Ref": "Nothing" } },
        },
        "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
    })
}

fn with<T>(work: impl FnOnce(&Scope<'_>) -> T) -> T {
    let values = [
        ("Name", "notes"),
        ("Count", "3"),
        ("Zones", "a, b,c"),
        ("Numbers", "1,2"),
        ("Image", "/image"),
        ("Subnets", "x,y"),
        ("Password", "hush"),
    ];
    let parameters: BTreeMap<_, _> =
        values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let exports = BTreeMap::from([("other-url".to_owned(), "https://x".to_owned())]);
    let scope = Scope {
        stack_name: "notes-dev",
        region: "us-east-1",
        account: "000000000000",
        template: &template(),
        parameters: &parameters,
        exports: &exports,
        origins: &References::new(),
        identities: Identities::default(),
        conditions: Conditions::default(),
    };
    work(&scope)
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a table of literals reads better so")]
fn check(value: Value, expect: Value) {
    assert_eq!(with(|scope| scope.resolve(&value)), Ok(Some(expect)), "{value}");
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "a table of literals reads better so")]
fn fails(value: Value, because: &str) {
    let error = with(|scope| scope.resolve(&value)).expect_err("it cannot be resolved").to_string();
    assert!(error.contains(because), "{value}: {error}");
}

#[test]
fn references() {
    check(json!({ "Ref": "Name" }), json!("notes"));
    check(json!({ "Ref": "Count" }), json!("3"));
    check(json!({ "Ref": "Zones" }), json!(["a", "b", "c"]));
    check(json!({ "Ref": "Numbers" }), json!(["1", "2"]));
    check(json!({ "Ref": "Image" }), json!("/image"));
    check(json!({ "Ref": "Subnets" }), json!(["x", "y"]));
    check(json!({ "Ref": "Table" }), json!("notes-items"));
    check(json!({ "Ref": "AWS::Region" }), json!("us-east-1"));
    check(json!({ "Ref": "AWS::Partition" }), json!("aws"));
    check(json!({ "Ref": "AWS::URLSuffix" }), json!("amazonaws.com"));
    check(json!({ "Ref": "AWS::NotificationARNs" }), json!([]));
    fails(json!({ "Ref": "Nothing" }), "no `Nothing`");
    fails(json!({ "Ref": ["Name"] }), "`Ref` wants text");
}

#[test]
fn attributes() {
    let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/notes-items";
    check(json!({ "Fn::GetAtt": ["Table", "Arn"] }), json!(arn));
    check(json!({ "Fn::GetAtt": "Table.Arn" }), json!(arn));
    fails(json!({ "Fn::GetAtt": "Table.Colour" }), "`Colour` of `Table`");
    fails(json!({ "Fn::GetAtt": ["Table"] }), "`Fn::GetAtt` of");
    // Of a type that nobody knows here, a guess keeps what refers to it going.
    let guess = with(|scope| scope.resolve(&json!({ "Fn::GetAtt": "Queue.Colour" })));
    assert!(guess.is_ok_and(|guess| guess.is_some_and(|guess| guess.is_string())));
}

#[test]
fn substitutions() {
    check(json!({ "Fn::Sub": "${Name}/${AWS::Region}/${!Name}/$x" }), json!("notes/us-east-1/${Name}/$x"));
    check(
        json!({ "Fn::Sub": "${Table.Arn}" }),
        json!("arn:aws:dynamodb:us-east-1:000000000000:table/notes-items"),
    );
    check(json!({ "Fn::Sub": ["${a}-${Name}", { "a": { "Ref": "Count" } }] }), json!("3-notes"));
    check(json!({ "Fn::Sub": ["${Name}", { "Name": "own" }] }), json!("own"));
    check(json!({ "Fn::Sub": "${Zones}" }), json!("a,b,c"));
    fails(json!({ "Fn::Sub": "a ${Name" }), "does not end");
    fails(json!({ "Fn::Sub": "${Nothing}" }), "no `Nothing`");
    fails(json!({ "Fn::Sub": ["a"] }), "`Fn::Sub` of");
}

#[test]
fn lists_and_texts() {
    check(json!({ "Fn::Join": ["-", ["a", { "Ref": "Count" }, 4, true]] }), json!("a-3-4-true"));
    check(json!({ "Fn::Join": ["", { "Fn::Split": [",", "a,b"] }] }), json!("ab"));
    check(json!({ "Fn::Join": [",", { "Ref": "Zones" }] }), json!("a,b,c"));
    check(json!({ "Fn::Join": [",", ["a", { "Ref": "AWS::NoValue" }]] }), json!("a"));
    check(json!({ "Fn::Split": ["/", "https://x/y"] }), json!(["https:", "", "x", "y"]));
    check(json!({ "Fn::Select": [1, { "Fn::Split": ["/", { "Fn::Sub": "a/${Name}" }] }] }), json!("notes"));
    check(json!({ "Fn::Select": ["2", { "Ref": "Zones" }] }), json!("c"));
    check(json!({ "Fn::Length": { "Ref": "Zones" } }), json!(3));
    check(json!({ "Fn::Base64": { "Ref": "Name" } }), json!("bm90ZXM="));
    check(json!({ "Fn::ToJsonString": { "a": { "Ref": "Name" } } }), json!("{\"a\":\"notes\"}"));
    check(json!({ "Fn::GetAZs": "" }), json!(["us-east-1a", "us-east-1b", "us-east-1c"]));
    check(json!({ "Fn::GetAZs": "eu-west-1" }), json!(["eu-west-1a", "eu-west-1b", "eu-west-1c"]));
    check(json!({ "Fn::ImportValue": { "Fn::Sub": "other-url" } }), json!("https://x"));
    fails(json!({ "Fn::Split": ["", "ab"] }), "not empty");
    fails(json!({ "Fn::Select": [3, { "Ref": "Zones" }] }), "no item 3");
    fails(json!({ "Fn::Select": [-1, ["a"]] }), "no item -1");
    fails(json!({ "Fn::Select": [0, { "Ref": "Nothing" }] }), "no `Nothing`");
    fails(json!({ "Fn::Join": ["-"] }), "two arguments");
    fails(json!({ "Fn::Join": ["-", [{ "a": 1 }]] }), "text is expected");
    fails(json!({ "Fn::ImportValue": "nobody" }), "exports `nobody`");
    fails(json!({ "Fn::Cidr": ["10.0.0.0/16", 1] }), "`Fn::Cidr` is not resolved");
    fails(json!({ "Fn::Transform": { "Name": "AWS::Include" } }), "`AWS::Include`");
}

#[test]
fn mappings() {
    let find = |second: &str| json!({ "Fn::FindInMap": ["Sizes", { "Ref": "AWS::Region" }, second] });
    check(find("dev"), json!(1));
    check(find("prod"), json!(["a", "b"]));
    fails(find("test"), "finds nothing");
    check(
        json!({ "Fn::FindInMap": ["Sizes", "x", "y", { "DefaultValue": { "Ref": "Name" } }] }),
        json!("notes"),
    );
}

#[test]
fn conditions() {
    check(json!({ "Fn::If": ["Yes", 1, { "Ref": "Nothing" }] }), json!(1));
    check(json!({ "a": { "Fn::If": ["No", 1, { "Ref": "AWS::NoValue" }] }, "b": 2 }), json!({ "b": 2 }));
    check(json!([1, { "Fn::If": ["No", 2, { "Ref": "AWS::NoValue" }] }]), json!([1]));
    check(json!({ "Fn::Equals": [{ "Ref": "Count" }, 3] }), json!(true));
    check(
        json!({ "Fn::And": [{ "Condition": "Yes" }, { "Fn::Not": [{ "Condition": "No" }] }] }),
        json!(true),
    );
    check(json!({ "Fn::Or": [{ "Condition": "No" }, { "Fn::Equals": ["a", "b"] }] }), json!(false));
    // A property that is called so, as in the rules of a website, is no condition.
    check(
        json!({ "Condition": { "KeyPrefixEquals": "a" } }),
        json!({ "Condition": { "KeyPrefixEquals": "a" } }),
    );
    fails(json!({ "Fn::If": ["Round", 1, 2] }), "depends on itself");
    fails(json!({ "Fn::If": ["Nobody", 1, 2] }), "no condition `Nobody`");
    fails(json!({ "Fn::If": ["Yes", 1] }), "`Fn::If` of");
    fails(json!({ "Condition": "Wrong" }), "is no condition");
}

#[test]
fn a_condition_that_fails_once_fails_again() {
    with(|scope| {
        let first = scope.condition("Wrong");
        assert!(first.is_err());
        assert_eq!(scope.condition("Wrong"), first);
        assert!(scope.condition("About").is_err_and(|error| error.0.contains("depends on itself")));
        assert_eq!(scope.condition("Yes"), Ok(true));
    });
}

#[expect(clippy::redundant_closure_for_method_calls, reason = "a path to the method has a lifetime too few")]
fn evaluated() -> Evaluated {
    with(|scope| scope.evaluate())
}

#[test]
fn what_cannot_be_had_is_named() {
    let evaluated = evaluated();
    let names: BTreeSet<_> = evaluated.resources.iter().map(|resource| &*resource.id.logical_id).collect();
    assert_eq!(names, BTreeSet::from(["Bucket", "Queue", "Table"]));
    assert_eq!(evaluated.outputs, BTreeMap::from([("Table".to_owned(), "notes-items".to_owned())]));
    assert_eq!(evaluated.exports, BTreeMap::from([("the-table".to_owned(), "notes-items".to_owned())]));
    let left_out: BTreeSet<_> =
        evaluated.left_out.iter().map(|it| (it.kind.as_str(), it.id.logical_id.as_str())).collect();
    assert_eq!(
        left_out,
        BTreeSet::from([
            ("AWS::S3::Bucket", "Broken"),
            ("AWS::S3::Bucket", "Circular"),
            ("Resource", "Fn::ForEach::Many"),
            ("Output", "Unknown"),
            ("Parameter", "Image"),
            ("Parameter", "Subnets"),
            ("Transform", "AWS::Serverless-2016-10-31"),
        ])
    );
    assert!(evaluated.left_out.iter().all(|it| !it.reason.is_empty() && it.id.stack == "notes-dev"));
}

#[test]
fn what_nobody_is_shown_stays_hidden() {
    let evaluated = evaluated();
    assert!(!evaluated.parameters.contains_key("Password"));
    assert!(evaluated.hidden.contains("hush"));
}
