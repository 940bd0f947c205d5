//! `bootstrap`, `deploy`, `outputs` and `destroy`, as far as they go without a cloud.

use crate::fixture;
use crate::harness::Test;
use crate::stub::{identity, serve};
use serde_json::{Value, json};
use std::process::{Command, Output};

/// The command without the AWS settings in this machine's files.
fn alone(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command: Command = Test::new().args(arguments.iter().copied()).command();
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "absent").env("AWS_SHARED_CREDENTIALS_FILE", "absent");
    command.envs(variables.iter().copied()).output().unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, stderr: &str) {
    assert_eq!(String::from_utf8_lossy(&output.stderr).trim_end(), stderr.trim());
    assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0));
}

#[test]
fn without_a_terminal_nothing_is_changed_unasked() {
    for command in ["deploy", "destroy"] {
        check(
            &alone(&[command], &[]),
            1,
            "
error: this needs a confirmation, and standard input is not a terminal
hint: pass `--yes` to do it without asking",
        );
    }
}

#[test]
fn no_region() {
    for command in [&["bootstrap"][..], &["deploy", "--yes"], &["outputs"], &["destroy", "--yes"]] {
        check(
            &alone(command, &[]),
            1,
            "
error: no AWS region is set
hint: pass `--region`, or set `AWS_REGION` or `region` in the AWS profile",
        );
    }
}

#[test]
fn no_credentials() {
    check(
        &alone(&["outputs", "--region", "eu-west-1", "--profile", "nobody"], &[]),
        1,
        "
error: no AWS credentials: none in the environment, the profile files, or a role of this machine (profile `nobody`)
hint: set `AWS_PROFILE`, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; with single sign-on run `aws sso login` first",
    );
}

#[test]
fn an_empty_region_is_none() {
    let keys = [("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_REGION", "")];
    let nobody = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    let run = |more: &[_]| alone(&["bootstrap"], &[&keys[..], &[nobody], more].concat());
    let stderr = |output: Output| String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr(run(&[])).starts_with("error: no AWS region is set"));
    let other = stderr(run(&[("AWS_DEFAULT_REGION", "eu-west-1")]));
    assert!(other.starts_with("error: cannot reach `http://127.0.0.1:1`"), "{other}");
}

#[test]
fn nobody_at_the_endpoint() {
    let keys = [("AWS_ACCESS_KEY_ID", "k"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_REGION", "eu-west-1")];
    let output =
        alone(&["bootstrap"], &[keys[0], keys[1], keys[2], ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let start = "error: cannot reach `http://127.0.0.1:1` for `sts:GetCallerIdentity`: Connection refused";
    assert!(stderr.starts_with(start), "{stderr}");
    assert_eq!(output.status.code(), Some(1));
}

/// Answers every request as AWS answers an expired token, which no emulator gives out within a test's time.
fn stub_of_an_expired_token() -> String {
    let body =
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>old</Message></Error></ErrorResponse>";
    serve(|_, _| ("403 Forbidden", body.to_owned()))
}

#[test]
fn an_expired_token() {
    let endpoint = stub_of_an_expired_token();
    let variables = [
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
    ];
    check(
        &alone(&["outputs"], &variables),
        1,
        "
error: the AWS credentials have expired (`sts:GetCallerIdentity`)
hint: sign in again, for example with `aws sso login`, and repeat the command; it continues where it stopped",
    );
}

#[test]
fn an_endpoint_that_is_set_to_nothing() {
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"] {
        check(
            &alone(&["outputs"], &[("AWS_REGION", "eu-west-1"), (variable, "")]),
            1,
            &format!(
                "
error: the environment variable `{variable}` is empty
hint: unset it, or give it the URL of an endpoint"
            ),
        );
    }
}

#[test]
fn a_parameter_without_a_value() {
    let output = alone(&["deploy", "--yes", "--parameter", "Address"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("write it as NAME=VALUE"));
}

/// `deploy --yes` of these stacks to eu-west-1, up to the first change.
fn deploy(manifest: &Value, arguments: &[&'static str], parts: &[&str], code: i32) {
    let endpoint = serve(|_, _| identity());
    let test = Test::new().manifest(manifest).canned("edge.template.json", &json!({}));
    let test = test.args(["deploy", "--yes"]).args(arguments.iter().copied());
    test.cloud(&endpoint).run().fails(code, parts);
}

/// `notes`, which takes an output of `edge`.
fn two_stacks() -> Value {
    let mut two = fixture::manifest();
    let mut edge = two["stacks"][0].clone();
    edge["name"] = "edge".into();
    edge["template"] = "edge.template.json".into();
    two["stacks"][0]["inputs"] = json!({"EdgeVersion": {"stack": "edge", "output": "Version"}});
    two["stacks"].as_array_mut().unwrap().push(edge);
    two
}

#[test]
fn stacks_that_were_made_for_another_region() {
    let mut elsewhere = fixture::manifest();
    elsewhere["region"] = "eu-central-1".into();
    let parts = [
        "error: the stacks were made for eu-central-1, which their archives name, and cannot go to eu-west-1",
        "hint: pass `--region eu-central-1`",
    ];
    deploy(&elsewhere, &[], &parts, 1);
}

#[test]
fn an_input_that_leads_nowhere() {
    let parts = [
        "error: stack `notes` fills its parameter `EdgeVersion` from output `Version`, which stack `edge` does not have",
        "hint: add the output `Version` to `edge`",
    ];
    deploy(&two_stacks(), &["notes"], &parts, 1);
}

#[test]
fn stacks_in_a_circle() {
    let mut circle = two_stacks();
    circle["stacks"][1]["inputs"] = json!({"Url": {"stack": "notes", "output": "Url"}});
    let parts = ["in a circle: `notes` -> `edge` -> `notes`", "hint: move what they need"];
    deploy(&circle, &[], &parts, 1);
}

#[test]
fn a_value_for_what_an_output_fills() {
    let mut two = two_stacks();
    two["stacks"][0]["inputs"] = json!({"EdgeVersion": {"stack": "edge", "output": "Url"}});
    two["stacks"][1]["template"] = "notes.template.json".into();
    let parts = [
        "error: the parameter `EdgeVersion` of `notes` cannot be given",
        "hint: output `Url` of `edge` fills it; change that stack",
    ];
    deploy(&two, &["-p", "EdgeVersion=v"], &parts, 2);
}
