//! Where findings point: line and column, in either language and however a value is written.

use crate::expect::{check, check_json};

#[test]
fn a_value_of_the_wrong_kind() {
    for (value, column) in
        [("soon", 21), ("'soon'", 21), ("\"soon\"", 21), ("[1]", 21), ("{a: 1}", 21), ("!Split [a, b]", 21)]
    {
        let text = format!(
            "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: {value}\n"
        );
        let found = crate::expect::findings(&text, stack_builder_validate::Language::Yaml);
        assert!(found[0].starts_with(&format!("5:{column} wrong-type: ")), "{value}: {found:?}");
    }
}

#[test]
fn a_block_below_its_key() {
    let text = "\
Resources:
  Q:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds:
        - 1
      VisibilityTimeout: >-
        long
      KmsMasterKeyId:
        Ref: Gone
";
    check(
        text,
        &[
            "6:9 wrong-type: a whole number is wanted here, and this is a list",
            "8:9 wrong-type: a whole number is wanted here, and this is the text \"long\"",
            "10:9 dangling-reference: the template has no resource or parameter called `Gone`",
        ],
    );
}

#[test]
fn within_lists_and_branches() {
    let text = "\
Conditions:
  Prod: !Equals [!Ref AWS::Region, eu-central-1]
Resources:
  T:
    Type: AWS::SNS::Topic
    Properties:
      Tags:
        - Key: a
          Value: b
        - Key: c
          Valu: d
        - Fn::If:
            - Prod
            - {Key: e}
            - !Ref AWS::NoValue
";
    check(
        text,
        &[
            "10:11 missing-property: the required property `Value` is missing",
            "11:11 unknown-property: there is no property `Valu`",
            "14:15 missing-property: the required property `Value` is missing",
        ],
    );
}

#[test]
fn wide_characters_count_as_one() {
    let text = "Resources: {Ü: {Type: AWS::SNS::Topic, Properties: {TopicName: \"😀\", Nam: 1}}}\n";
    let found = crate::expect::findings(text, stack_builder_validate::Language::Yaml);
    assert!(found[0].starts_with("1:13 illegal-name"), "{found:?}");
    assert!(found.last().unwrap().starts_with("1:69 unknown-property"), "{found:?}");
}

#[test]
fn json_in_many_lines_and_in_one() {
    let text = "{\n  \"Resources\": {\n    \"Q\": {\n      \"Type\": \"AWS::SQS::Queue\",\n      \"Properties\": {\n\t\"DelaySeconds\": \"soon\", \"Nam\": {\"Ref\": \"Gone\"}\n      }\n    }\n  }\n}\n";
    check_json(
        text,
        &[
            "6:18 wrong-type: a whole number is wanted here, and this is the text \"soon\"",
            "6:26 unknown-property: there is no property `Nam`",
            "6:33 dangling-reference: the template has no resource or parameter called `Gone`",
        ],
    );
    let line = r#"{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"DelaySeconds":[]}}}}"#;
    check_json(line, &["1:74 wrong-type: a whole number is wanted here, and this is a list"]);
}

#[test]
fn what_the_readers_refuse() {
    for (text, expect) in [
        ("{\"a\": 1,}", "1:8 unreadable: the JSON cannot be read: a comma stands before the closing bracket"),
        ("{\n\"a\": 1\n\"b\": 2}", "2:7 unreadable: the JSON cannot be read: a comma is missing"),
        ("{\"a\": 'b'}", "1:7 unreadable: the JSON cannot be read: a string stands in single quotes"),
        ("{a: 1}", "1:2 unreadable: the JSON cannot be read: a key has no quotation marks"),
        ("{\"a\": 1 // b\n}", "1:9 unreadable: the JSON cannot be read: JSON has no comments"),
        ("{\"a\": [1, 2}", "1:12 unreadable: the JSON cannot be read: "),
        ("{\"a\": {", "1:"),
    ] {
        let found = crate::expect::findings(text, stack_builder_validate::Language::Json);
        assert!(found.len() == 1 && found[0].starts_with(expect), "{text}: {found:?}");
    }
    for (text, expect) in [
        ("a:\n\tb: 1\n", "2:2 unreadable: the YAML cannot be read: "),
        ("a: b: c\n", "1:5 unreadable: the YAML cannot be read: "),
        ("a: [1, 2\nb: 3\n", "2:"),
        ("a: 'b\n", "1:"),
        ("  a: 1\n b: 2\n", "2:2 unreadable: the YAML cannot be read: "),
    ] {
        let found = crate::expect::findings(text, stack_builder_validate::Language::Yaml);
        assert!(found.len() == 1 && found[0].starts_with(expect), "{text}: {found:?}");
    }
}

#[test]
fn a_key_that_stands_twice() {
    let text = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Type: AWS::SNS::Topic\n";
    check(text, &["4:5 duplicate-key: the key `Type` stands twice, first in line 3"]);
}
