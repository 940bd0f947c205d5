//! Files that nobody wrote in good faith, or that are no templates: a finding, soon, and never a panic.

use crate::expect::{check, check_json, findings};
use stack_builder_validate::{Language, validate};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Judges `text`, and gives the findings; takes no longer than a person would wait.
#[track_caller]
fn soon(text: &str, language: Language) -> Vec<String> {
    let start = Instant::now();
    let found = findings(text, language);
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    found
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

#[track_caller]
fn starts(found: &[String], expect: &str) {
    assert!(found.first().is_some_and(|first| first.starts_with(expect)), "{found:#?}");
}

#[test]
fn no_template_at_all() {
    for (text, expect) in [
        ("", "1:1 unreadable: the file is empty"),
        (" \n\t\n", "1:1 unreadable: the file is empty"),
        ("\u{feff}", "1:1 unreadable: the file is empty"),
        ("just words", "1:1 wrong-type: a template is an object with the section `Resources`"),
        ("- a\n- b\n", "1:1 wrong-type: a template is an object with the section `Resources`"),
        ("null", "1:1 wrong-type: a template is an object with the section `Resources`"),
    ] {
        starts(&findings(text, Language::Unknown), expect);
    }
}

#[test]
fn other_encodings() {
    let report = validate(b"\xff\xfeR\0e\0s\0", Language::Unknown);
    assert_eq!(report.findings[0].message, "the file is not UTF-8 text but UTF-16");
    let report = validate(b"Resources:\n  B\xe9: {}\n", Language::Yaml);
    assert_eq!(report.findings[0].message, "the file is not UTF-8 text but something else");
    assert_eq!(report.findings[0].position.to_string(), "2:4");
}

#[test]
fn a_byte_order_mark_is_no_text() {
    check("\u{feff}Resources:\n  T:\n    Type: AWS::SNS::Topic\n", &[]);
    check_json("\u{feff}{\"Resources\": {\"T\": {\"Type\": \"AWS::SNS::Topic\"}}}", &[]);
}

#[test]
fn windows_lines() {
    let text = "Resources:\r\n  T:\r\n    Type: AWS::SNS::Topic\r\n    Properties:\r\n      Nam: x\r\n";
    check(text, &["5:7 unknown-property: there is no property `Nam`"]);
}

#[test]
fn nested_for_ever() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    starts(&soon(&deep("[", "]"), Language::Json), "1:513 unreadable: the JSON cannot be read: it is nested");
    starts(&soon(&deep("{\"a\":", "1}"), Language::Json), "1:");
    starts(&soon(&deep("[", "]"), Language::Yaml), "1:");
    starts(&soon(&deep("{a: ", "}"), Language::Yaml), "1:");
    let stairs: String = (0..2_000).map(|level| " ".repeat(level) + "a:\n").collect();
    starts(&soon(&stairs, Language::Yaml), "201:201 unreadable: the template is nested more than 200 levels");
    starts(&soon(&"- ".repeat(50_000), Language::Yaml), "1:401 unreadable: the template is nested more than");
    starts(&soon(&"!Sub ".repeat(50_000), Language::Yaml), "1:");
}

#[test]
fn aliases_cannot_blow_up() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{list}]");
    }
    starts(&soon(&bomb, Language::Yaml), "2:10 unreadable: CloudFormation refuses YAML aliases");
    starts(&soon("a: &a\n  b: *a\n", Language::Yaml), "2:6 unreadable: CloudFormation refuses YAML aliases");
    starts(&soon("<<: *x\n", Language::Yaml), "1:");
}

#[test]
fn two_documents() {
    starts(
        &soon("Resources: {}\n---\nResources: {}\n", Language::Yaml),
        "2:1 unreadable: the file holds more than",
    );
    check_json(
        "{} {}",
        &["1:4 unreadable: the JSON cannot be read: something follows after the end of the template"],
    );
}

#[test]
fn a_file_beyond_all_measure() {
    let huge = "x".repeat(9_000_000);
    starts(&soon(&huge, Language::Yaml), "1:1 unreadable: the file has 9000000 bytes, which is no template");
}

#[test]
fn a_great_many_keys() {
    let keys: String =
        lines((0..40_000).rev().map(|n| format!("  K{n:05}: {{Type: Custom::X, Properties: {{}}}}")));
    let text = "Resources:\n".to_owned() + &keys;
    starts(&soon(&text, Language::Yaml), "1:1 template-limit: ");
    let line = format!(
        "{{\"Resources\": {{\"T\": {{\"Type\": \"AWS::SNS::Topic\", \"Metadata\": [{}1]}}}}}}",
        "1,".repeat(200_000)
    );
    assert_eq!(soon(&line, Language::Json), [""; 0]);
}

#[test]
fn many_mistakes() {
    let keys: String = lines((0..400).map(|n| format!("  R{n}: {{Type: AWS::S3::Buket{n}}}")));
    assert_eq!(soon(&("Resources:\n".to_owned() + &keys), Language::Yaml).len(), 400);
}

#[test]
fn twenty_thousand_mistakes() {
    let resource = |n: usize| {
        format!(
            "  R{n}:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicNam: x\n      DisplayName: !Sub '${{Gone{n}}} and ${{R0.Nope}}'"
        )
    };
    let text = "Resources:\n".to_owned() + &lines((0..7_000).map(resource));
    assert_eq!(soon(&text, Language::Yaml).len(), 2 + 3 * 7_000);
    let round = |n: usize| format!("  R{n}: {{Type: 'AWS::SNS::Topic{n}', DependsOn: [R0, R{}]}}", n + 1);
    let text = "Resources:\n".to_owned() + &lines((0..7_000).map(round));
    assert!(soon(&text, Language::Yaml).len() > 7_000);
}

#[test]
fn braces_without_end() {
    for text in ["${", "{", "${A", "{A.B", "}{"] {
        let template = format!(
            "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Sub '{}'\n",
            text.repeat(200_000)
        );
        soon(&template, Language::Yaml);
    }
}

#[test]
fn names_that_would_move_the_cursor() {
    let found = findings("Resources:\n  T: {Type: \"AWS::SNS::T\\e[31mopic\\n::error::\"}\n", Language::Yaml);
    starts(&found, "2:13 unknown-type: there is no resource type `AWS::SNS::T\\u{1b}[31mopic\\n::error::`");
}

#[test]
fn keys_that_are_no_texts() {
    starts(&soon("? [a, b]\n: 1\n", Language::Yaml), "1:3 unreadable: a key is a list or a map");
    starts(&soon("{a: 1}: 2\n", Language::Yaml), "1:1 unreadable: a key is a list or a map");
    // Numbers and words are keys all the same.
    check("Resources:\n  1:\n    Type: AWS::SNS::Topic\n  yes:\n    Type: AWS::SNS::Topic\n", &[]);
}

#[test]
fn names_that_look_like_paths() {
    let text =
        "Resources:\n  \"a.b[0]\":\n    Type: AWS::SNS::Topic\n    Properties:\n      \"Topic.Name\": x\n";
    let found = findings(text, Language::Yaml);
    starts(&found, "2:3 illegal-name: the resource name `a.b[0]`");
    assert_eq!(found[1], "5:7 unknown-property: there is no property `Topic.Name`");
}

#[test]
fn every_truncation_of_a_template_is_judged() {
    let text = "Parameters:\n  P: {Type: String, Default: \"é\"}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Join ['-', [a, !Sub \"${P}\", !GetAtt T.Arn]]\n      Tags: [{Key: a, Value: >-\n        b}]\n";
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        findings(&text[..end], Language::Yaml);
        findings(&text[end..], Language::Yaml);
    }
    let json = r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"Tags": [{"Key": "\u00e9"}], "N": -1.5e3}}}}"#;
    for end in (0..json.len()).filter(|end| json.is_char_boundary(*end)) {
        findings(&json[..end], Language::Json);
        findings(&json[end..], Language::Unknown);
    }
}

#[test]
fn sections_of_the_wrong_kind() {
    for section in
        ["Resources", "Parameters", "Outputs", "Conditions", "Mappings", "Rules", "Metadata", "Transform"]
    {
        for value in
            ["null", "[]", "a", "1", "{A: null}", "{A: []}", "{A: {}}", "!Ref A", "{A: !Ref A}", "[{}]"]
        {
            findings(&format!("{section}: {value}\n"), Language::Yaml);
        }
    }
    for key in ["Type", "Properties", "DependsOn", "Metadata", "Condition", "DeletionPolicy", "UpdatePolicy"]
    {
        for value in ["null", "[]", "a", "{}", "!Ref A", "[[a]]", "{A: {A: {A: 1}}}"] {
            let text = format!("Resources:\n  A:\n    Type: AWS::S3::Bucket\n    \"{key}\": {value}\n");
            findings(&text, Language::Yaml);
        }
    }
}

#[test]
fn functions_of_the_wrong_kind() {
    for function in
        ["Ref", "GetAtt", "Sub", "Join", "If", "Select", "FindInMap", "Split", "Base64", "Foo", "Condition"]
    {
        for value in ["null", "[]", "a", "{}", "[a]", "[a, b, c, d, e]", "[[], {}]", "{a: b}", "!Ref A"] {
            let text = format!(
                "Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !{function}\n        {value}\n"
            );
            findings(&text, Language::Yaml);
        }
    }
}
