//! What a resource type's schema forbids, and what CloudFormation's language does: one table, a mistake a row.

use crate::expect::{check, findings};
use stack_builder_validate::Language;

/// Judges a queue whose properties are `lines`, and compares the findings.
#[track_caller]
fn queue(lines: &str, expect: &[&str]) {
    let indented: String = lines.lines().fold(String::new(), |text, line| text + "      " + line + "\n");
    check(&format!("Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n{indented}"), expect);
}

#[test]
fn what_cloudformation_converts_is_legal() {
    queue(
        "DelaySeconds: '80'\nFifoQueue: 'true'\nContentBasedDeduplication: false\nQueueName: 123.fifo",
        &[],
    );
    queue("DelaySeconds: {Ref: AWS::NoValue}", &[]);
    queue("DelaySeconds: '{{resolve:ssm:delay}}'", &[]);
    check(
        "Resources:\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [a]\n      PolicyDocument: {any: [thing, 1]}\n",
        &[],
    );
}

#[test]
fn values() {
    queue("DelaySeconds: 901", &["5:21 out-of-range: 901 is more than 900"]);
    queue("DelaySeconds: '901'", &["5:21 out-of-range: 901 is more than 900"]);
    queue(
        "DelaySeconds: 1.5",
        &["5:21 wrong-type: a whole number is wanted here, and this is the number 1.5"],
    );
    queue(
        "FifoQueue: maybe",
        &["5:18 wrong-type: `true` or `false` is wanted here, and this is the text \"maybe\""],
    );
    queue("QueueName: [a]", &["5:18 wrong-type: a text is wanted here, and this is a list"]);
    queue(
        "QueueName: !GetAZs ''",
        &["5:18 wrong-type: a text is wanted here, and `Fn::GetAZs` yields a list"],
    );
    queue("Tags: !Sub a", &["5:13 wrong-type: a list is wanted here, and `Fn::Sub` yields a text"]);
    queue("Tags: {a: b}", &["5:13 wrong-type: a list is wanted here, and this is an object"]);
    queue("Tags: [a]", &["5:14 wrong-type: an object is wanted here, and this is the text \"a\""]);
    queue("DelaySeconds:", &["5:19 null-value: the value is null"]);
    queue("DeduplicationScope: all", &["5:27 not-allowed: \"all\" is none of messageGroup, queue"]);
}

#[test]
fn names() {
    let text = "\
Resources:
  Q:
    Type: AWS::SQS::Queue
    QueueName: beside
    DependOn: T
    Properties:
      QueueNam: typo
      Arn: read-only
      Frobnicate: 1
  T:
    Type: AWS::SQS::Topic
";
    let report = stack_builder_validate::validate(text.as_bytes(), Language::Yaml);
    let said: Vec<_> = report
        .findings
        .iter()
        .map(|f| {
            format!("{} {}: {} / {}", f.position, f.rule, f.message, f.hint.as_deref().unwrap_or_default())
        })
        .collect();
    let expect = [
        "4:5 unknown-key: the property `QueueName` stands beside `Properties` and not in it / indent it under `Properties`",
        "5:5 unknown-key: a resource has no key `DependOn` / did you mean `DependsOn`?",
        "7:7 unknown-property: there is no property `QueueNam` / did you mean `QueueName`?",
        "8:7 read-only-property: `Arn` is an attribute, which AWS sets and nobody else can / ",
    ];
    assert_eq!(said[..4], expect);
    assert!(
        said[4].starts_with("9:7 unknown-property: there is no property `Frobnicate` / there are "),
        "{said:?}"
    );
    let expect =
        "11:11 unknown-type: there is no resource type `AWS::SQS::Topic` / did you mean `AWS::SNS::Topic`?";
    assert_eq!(said[5], expect);
}

#[test]
fn required_properties() {
    let text = "Resources:\n  R:\n    Type: AWS::Route53::RecordSet\n    Properties:\n      Type: A\n";
    check(
        text,
        &[
            "2:3 missing-property: the required property `Name` is missing",
            "2:3 required-choice: exactly one of `HostedZoneId` and `HostedZoneName` must be set",
        ],
    );
}

#[test]
fn references() {
    let text = "\
Parameters:
  Stage: {Type: String}
Resources:
  A:
    Type: AWS::SNS::Topic
    DependsOn: Gone
    Condition: Never
    Properties:
      TopicName: !GetAtt B.Arm
      DisplayName: !Sub \"${Stagee} ${B.QueueNam} ${B.QueueName}\"
      KmsMasterKeyId: !If [Nor, a, b]
      SignatureVersion: !FindInMap [NoMap, a, b]
  B:
    Type: AWS::SQS::Queue
Outputs:
  Url:
    Value: !Ref Stages
    Condition: Neither
  Name:
    Value: !Ref Stage
";
    check(
        text,
        &[
            "6:16 dangling-reference: the template has no resource called `Gone`",
            "7:16 dangling-reference: the template has no condition called `Never`",
            "9:18 unknown-attribute: `B` of type AWS::SQS::Queue has no attribute `Arm`",
            "10:20 dangling-reference: the template has no resource or parameter called `Stagee`",
            "10:20 unknown-attribute: `B` of type AWS::SQS::Queue has no attribute `QueueNam`",
            "11:28 dangling-reference: the template has no condition called `Nor`",
            "12:37 dangling-reference: the template has no mapping called `NoMap`",
            "17:12 dangling-reference: the template has no resource or parameter called `Stages`",
            "18:16 dangling-reference: the template has no condition called `Neither`",
        ],
    );
}

#[test]
fn cycles() {
    let text = "\
Resources:
  A:
    Type: AWS::SNS::Topic
    Properties: {DisplayName: !Ref B}
  B:
    Type: AWS::SNS::Topic
    DependsOn: A
";
    check(text, &["2:3 dependency-cycle: resources wait for each other: A -> B -> A"]);
}

#[test]
fn functions() {
    let row = |value: &str| {
        let text = format!(
            "Mappings:\n  M: {{a: {{b: c}}}}\nResources:\n  A:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: {value}\n"
        );
        findings(&text, Language::Yaml)
    };
    for (value, expect) in [
        ("!Join [',']", "7:20 function: `Fn::Join` wants [delimiter, list], and has 1 arguments"),
        (
            "!Join [',', a]",
            "7:20 function: the second argument of `Fn::Join` is a list: it wants [delimiter, list]",
        ),
        ("!Select 0", "7:20 function: `Fn::Select` wants [index, list]"),
        ("!GetAtt A", "7:20 function: `Fn::GetAtt` wants a resource and an attribute of it"),
        ("!Ref [A]", "7:20 function: `Ref` wants the name of a resource or a parameter"),
        (
            "!Sub {a: b}",
            "7:20 function: `Fn::Sub` wants a text, or a list of a text and an object of variables",
        ),
        ("!FindInMap [M, a, z]", "7:20 function: the mapping `M` has no key `z`"),
        ("!FindInMap [M, z, b]", "7:20 function: the mapping `M` has no key `z`"),
        ("{'Fn::Jion': [a]}", "7:20 function: there is no function `Fn::Jion`"),
        ("!Jion [a]", "7:20 function: there is no function `Fn::Jion`"),
        (
            "!ImportValue [a]",
            "7:20 function: `Fn::ImportValue` wants the name of an export, and not another import",
        ),
    ] {
        let found = row(value);
        assert!(found.iter().any(|found| found == expect), "{value}: {found:#?}");
    }
    assert_eq!(row("!FindInMap [M, a, b]"), [""; 0]);
    assert_eq!(row("!Sub ['${x}', {x: !FindInMap [M, a, b]}]"), [""; 0]);
}

#[test]
fn sections() {
    let topic = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n";
    for (section, expect) in [
        ("Resource: {}", "4:1 unknown-key: the template has no key `Resource`"),
        ("AWSTemplateFormatVersion: 2010-09-10", "4:27 not-allowed: the only version of the template format"),
        ("Description: [a]", "4:14 wrong-type: the description is a text"),
        ("Parameters:\n  P: {Default: a}", "5:3 missing-property: the parameter has no `Type`"),
        ("Parameters:\n  P: {Type: Text}", "5:13 not-allowed: there is no such type of parameter"),
        (
            "Parameters:\n  P: {Type: String, Deflaut: a}",
            "5:21 unknown-key: a parameter has no key `Deflaut`",
        ),
        (
            "Parameters:\n  P: {Type: Number, Default: a}",
            "5:30 parameter-default: the default \"a\" is no number",
        ),
        (
            "Parameters:\n  P: {Type: String, AllowedValues: [a], Default: b}",
            "5:50 parameter-default: the default \"b\" is none",
        ),
        ("Outputs:\n  O: {Description: a}", "5:3 missing-property: the output has no `Value`"),
        ("Outputs:\n  O: {Value: [a]}", "5:14 wrong-type: the value of an output is a text"),
        ("Outputs:\n  O: {Value: a, Exports: {}}", "5:17 unknown-key: an output has no key `Exports`"),
        ("Conditions:\n  C: true", "5:6 wrong-type: a condition is a function such as `Fn::Equals`"),
        ("Mappings:\n  M: {a: b}", "5:10 wrong-type: a mapping has two levels of keys"),
        (
            "Parameters:\n  T: {Type: String}",
            "2:3 repeated-name: `T` is the name of a parameter and of a resource",
        ),
        ("Outputs:\n  O-O: {Value: a}", "5:3 illegal-name: the output name `O-O` holds '-'"),
    ] {
        let found = findings(&format!("{topic}{section}\n"), Language::Yaml);
        assert!(found.iter().any(|found| found.starts_with(expect)), "{section}: {found:#?}");
    }
}

#[test]
fn attributes_of_resources() {
    for (lines, expect) in [
        ("DeletionPolicy: Keep", "4:21 not-allowed: `DeletionPolicy` is one of Delete, Retain"),
        ("UpdateReplacePolicy: RetainExceptOnCreate", "4:26 not-allowed: `UpdateReplacePolicy` is one of"),
        ("DependsOn: !Ref T", "4:16 wrong-type: `DependsOn` takes names of resources"),
        ("Properties: [a]", "4:17 wrong-type: `Properties` is an object"),
    ] {
        let found =
            findings(&format!("Resources:\n  T:\n    Type: AWS::SNS::Topic\n    {lines}\n"), Language::Yaml);
        assert!(found.iter().any(|found| found.starts_with(expect)), "{lines}: {found:#?}");
    }
    check("Resources:\n  T: {}\n", &["2:3 missing-property: the resource `T` has no `Type`"]);
}

#[test]
fn macros_modules_and_third_parties_are_not_judged_beyond_what_is_known() {
    let sam = "\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 3}}
Resources:
  F:
    Type: AWS::Serverless::Function
    Connectors: {}
    Properties: {Events: {Api: {Type: HttpApi}}}
  Q:
    Type: AWS::SQS::Queue
    Properties: {QueueNam: !Ref FRole}
";
    check(sam, &["10:18 unknown-property: there is no property `QueueNam`"]);
    let report = stack_builder_validate::validate(sam.as_bytes(), Language::Yaml);
    let expect = [
        "references: a macro or loop rewrites the template before CloudFormation reads it",
        "properties of AWS::Serverless::Function: their schema is not known here",
    ];
    assert_eq!(report.unchecked, expect);
    check(
        "Resources:\n  F: {Type: AWS::Serverless::Function}\n",
        &["2:13 unknown-type: `AWS::Serverless::Function` is known to the macro of SAM only"],
    );
    check(
        "Resources:\n  M: {Type: My::S3::Bucket::MODULE}\n  T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref MBucket}}\n",
        &[],
    );
    check(
        "Resources:\n  M: {Type: Datadog::Monitors::Monitor, Properties: {a: !Ref Gone}}\n",
        &["2:57 dangling-reference: the template has no resource or parameter called `Gone`"],
    );
    check(
        "Resources:\n  C: {Type: Custom::Own, Version: '1.0', Properties: {ServiceToken: a, b: [c]}}\n  D: {Type: AWS::CDK::Metadata}\n",
        &[],
    );
    check(
        "Resources:\n  F: {Type: AWS::SNS::Topic, Properties: {'Fn::Transform': {Name: AWS::Include}, Odd: 1}}\n",
        &["2:82 unknown-property: there is no property `Odd`"],
    );
}

#[test]
fn the_languages_extensions() {
    let text = "\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Topics:
    - Name
    - [A, B]
    - Topic${Name}: {Type: AWS::SNS::Topic}
  Q:
    Type: AWS::SQS::Queue
    DeletionPolicy: !Ref AWS::StackName
    UpdateReplacePolicy: Delete
";
    check(text, &[]);
    let without = text.replace("Transform: AWS::LanguageExtensions\n", "");
    check(
        &without,
        &[
            "2:3 function: `Fn::ForEach` works only with the transform `AWS::LanguageExtensions`",
            "8:21 not-allowed: `DeletionPolicy` is one of Delete, Retain, RetainExceptOnCreate, Snapshot",
        ],
    );
}
