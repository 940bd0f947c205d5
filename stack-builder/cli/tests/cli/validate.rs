//! `validate`: findings with their lines, for people and for programs, and what is left to the exit code.

use crate::fixture;
use crate::harness::Test;
use serde_json::json;
use std::io::Write as _;
use std::process::Stdio;

const BAD: &str = "\
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: soon
      QueuName: !Ref Nam
";

const WARNED: &str = "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n";

fn bad() -> Test {
    Test::new().outside().file("bad.yaml", BAD).file("warned.yaml", WARNED)
}

#[test]
fn findings_show_their_line() {
    bad().args(["validate", "bad.yaml", "warned.yaml"]).run().check(
        1,
        "
error[wrong-type]: a whole number is wanted here, and this is the text \"soon\"
  --> bad.yaml:5:21
   |
 5 |       DelaySeconds: soon
   |                     ^
   in: Resources.Queue.Properties.DelaySeconds

error[unknown-property]: there is no property `QueuName`
  --> bad.yaml:6:7
   |
 6 |       QueuName: !Ref Nam
   |       ^
   in: Resources.Queue.Properties.QueuName
 hint: did you mean `QueueName`?

error[dangling-reference]: the template has no resource or parameter called `Nam`
  --> bad.yaml:6:17
   |
 6 |       QueuName: !Ref Nam
   |                 ^
   in: Resources.Queue.Properties.QueuName
 hint: declare the resource or parameter, or remove what refers to it

warning[log-group-without-retention]: the log group `Log` keeps every line for ever
  --> warned.yaml:2:3
   |
 2 |   Log:
   |   ^
   in: Resources.Log
 hint: set `RetentionInDays`, such as 30",
        "judged 2 templates: 3 errors, 1 warning",
    );
}

#[test]
fn warnings_pass_unless_they_are_denied() {
    bad().args(["validate", "warned.yaml"]).run().fails(0, &["judged 1 template: 1 warning"]);
    bad().args(["validate", "warned.yaml", "--deny-warnings"]).run().fails(1, &["1 warning"]);
}

#[test]
fn for_programs() {
    let outcome = bad().args(["validate", "bad.yaml", "--json"]).run();
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.stderr, "");
    let document = outcome.json();
    assert_eq!((&document["errors"], &document["warnings"]), (&json!(3), &json!(0)));
    let first = json!({
        "rule": "wrong-type", "severity": "error",
        "message": "a whole number is wanted here, and this is the text \"soon\"",
        "hint": null, "line": 5, "column": 21, "path": "Resources.Queue.Properties.DelaySeconds",
        "source": null,
    });
    assert_eq!(document["templates"][0]["file"], "bad.yaml");
    assert_eq!(document["templates"][0]["findings"][0], first);
}

#[test]
fn for_code_hosts() {
    let outcome = bad().args(["validate", "bad.yaml", "--sarif"]).run();
    let document = outcome.json();
    assert_eq!(document["version"], "2.1.0");
    let result = &document["runs"][0]["results"][1];
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("unknown-property"), &json!("error")));
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region, &json!({"startLine": 6, "startColumn": 7}));
    bad().args(["validate", "bad.yaml", "--sarif", "--json"]).run().fails(2, &["cannot be used with"]);
}

#[test]
fn standard_input() {
    let test = Test::new().outside().args(["validate", "-"]);
    let mut child =
        test.command().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(WARNED.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("  --> -:2:3\n   |\n 2 |   Log:\n"), "{stdout}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_is_no_template() {
    let test = || Test::new().outside().file("empty.yaml", "").file("broken.json", "{\n  \"a\": 1,\n}");
    let outcome = test().args(["validate", "empty.yaml", "broken.json"]).run();
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome.stdout.contains("error[unreadable]: the file is empty\n  --> empty.yaml:1:1"),
        "{}",
        outcome.stdout
    );
    let comma = "error[unreadable]: the JSON cannot be read: a comma stands before the closing bracket\n  --> broken.json:2:9";
    assert!(outcome.stdout.contains(comma), "{}", outcome.stdout);
}

#[test]
fn a_file_that_is_not_there() {
    let outcome = bad().args(["validate", "gone.yaml"]).run();
    outcome.fails(2, &["error: cannot read `gone.yaml`", "caused by: No such file", "hint: "]);
    bad().args(["validate", "."]).run().fails(2, &["cannot read `.`", "name the templates themselves"]);
}

#[test]
fn the_rules_explain_themselves() {
    let rules = Test::new().outside().args(["validate", "--rules"]).run();
    assert!(rules.stdout.contains("unused-parameter "), "{}", rules.stdout);
    let page = Test::new().outside().args(["validate", "--explain", "unused-parameter"]).run();
    for part in ["unused-parameter (warning)", "\nWhy\n", "\nBad\n", "\nGood\n"] {
        assert!(page.stdout.contains(part), "no {part:?} in:\n{}", page.stdout);
    }
    let unknown = Test::new().outside().args(["validate", "--explain", "unused-paramter"]).run();
    unknown.fails(2, &["there is no rule `unused-paramter`", "did you mean `unused-parameter`?"]);
}

#[test]
fn without_a_template_the_stacks_are_judged() {
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["sources"] =
        json!({"Table": {"file": "stacks/src/main.rs", "line": 4, "column": 5}});
    let outcome = Test::new().manifest(&manifest).args(["validate"]).run();
    assert_eq!(outcome.code, Some(1), "{}", outcome.stderr);
    let finding = "error[missing-property]: the required property `KeySchema` is missing";
    assert!(outcome.stdout.contains(finding), "{}", outcome.stdout);
    let line = " from: stacks/src/main.rs:4:5  println!(\"a program may print\");";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
}

#[test]
fn a_hundred_findings_are_shown() {
    let properties = |n: usize| format!("      Odd{n}: 1\n");
    let head = "Resources:\n  News:\n    Type: AWS::SNS::Topic\n    Properties:\n".to_owned();
    let text: String = std::iter::once(head).chain((0..130).map(properties)).collect();
    let judged = || Test::new().outside().file("many.yaml", &text);
    let outcome = judged().args(["validate", "many.yaml"]).run();
    assert_eq!(outcome.stdout.matches("error[unknown-property]").count(), 100);
    assert!(outcome.stdout.contains("\n… and 30 more findings; `--json` and `--sarif` tell them all\n"));
    assert!(outcome.stderr.contains("judged 1 template: 130 errors"), "{}", outcome.stderr);
    let all = judged().args(["validate", "many.yaml", "--json"]).run().json();
    assert_eq!(all["templates"][0]["findings"].as_array().map(Vec::len), Some(130));
}

#[test]
fn nothing_of_a_template_moves_the_cursor() {
    let text = "Resources:\n  \"T\\n::error::\":\n    Type: \"AWS::SNS::T\\e[31mopic\" # \u{9b}\n";
    let outcome = Test::new().outside().file("odd.yaml", text).args(["validate", "odd.yaml"]).run();
    assert!(outcome.stdout.contains("`AWS::SNS::T\\u{1b}[31mopic`"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("`T\\n::error::`"), "{}", outcome.stdout);
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!outcome.stdout.contains(control), "{}", outcome.stdout);
}
