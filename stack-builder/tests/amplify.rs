//! What an Amplify application becomes.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use serde_json::{Value as Json, json};
use stack_builder::{AmplifyApp, App, SecretRef, Stack, Stage};
use stack_builder_assembly::{Manifest, SiteTarget};
use std::fs;

fn synth(stage: &str, describe: impl FnOnce(&mut Stack) + 'static) -> (Manifest, Json) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("notes", describe);
    let manifest = app.synth_to(folder.path(), &Stage::new(stage), &[]).unwrap();
    let template = fs::read_to_string(folder.path().join("notes.template.json")).unwrap();
    (manifest, serde_json::from_str(&template).unwrap())
}

/// The resources of a stack of one application that has nothing wrong with it, and its sites.
#[track_caller]
fn resources(stage: &str, app: fn() -> AmplifyApp) -> (Json, Vec<SiteTarget>) {
    let (manifest, mut template) = synth(stage, move |stack| {
        let app = stack.add("Site", app());
        stack.output("Url", app.url());
    });
    assert_eq!(manifest.diagnostics, []);
    assert_eq!(template["Outputs"]["Url"]["Value"], json!({"Fn::Sub": "https://main.${Site.DefaultDomain}"}));
    let sites = manifest.stacks[0].sites.iter().map(|site| site.target.clone()).collect();
    (template["Resources"].take(), sites)
}

fn from_repository() -> AmplifyApp {
    let token = SecretRef::from_name("github-token");
    AmplifyApp::from_dir("site/notes")
        .repository("https://github.com/me/notes", &token)
        .env("CONFIG", "export const a = 1;")
        .build_command("printf '%s' \"$CONFIG\" > site/notes/config.js")
}

#[test]
fn without_a_repository_the_folder_is_published() {
    let (resources, sites) = resources("dev", || AmplifyApp::from_dir("site/notes").error_page("/404.html"));
    assert_eq!(sites, [SiteTarget::Amplify { app: "Site".to_owned(), branch: "main".to_owned() }]);
    let app = &resources["Site"]["Properties"];
    assert_eq!(app["Platform"], "WEB");
    assert_eq!(app["CustomRules"], json!([{"Source": "/<*>", "Target": "/404.html", "Status": "404"}]));
    let headers = app["CustomHeaders"].as_str().unwrap();
    for name in
        ["strict-transport-security", "content-security-policy", "x-frame-options", "permissions-policy"]
    {
        assert!(headers.contains(&format!("- key: {name}\n")), "{name}");
    }
    for absent in ["Repository", "AccessToken", "BuildSpec"] {
        assert_eq!(app[absent], Json::Null, "{absent}");
    }
    let branch = &resources["SiteBranch"]["Properties"];
    assert_eq!(branch["EnableAutoBuild"], false);
    assert_eq!(branch["Stage"], "DEVELOPMENT");
}

#[test]
fn a_repository_is_built_with_a_token_that_no_template_holds() {
    let (resources, sites) = resources("prod", from_repository);
    assert_eq!(sites, [], "Amplify publishes what is pushed");
    let app = &resources["Site"]["Properties"];
    assert_eq!(app["Repository"], "https://github.com/me/notes");
    let token = app["AccessToken"]["Fn::Sub"].as_str().unwrap();
    assert!(
        token.starts_with("{{resolve:secretsmanager:") && token.contains(":secret:github-token"),
        "{token}"
    );
    assert!(app["BuildSpec"].as_str().unwrap().contains("baseDirectory: \"site/notes\""));
    let branch = &resources["SiteBranch"]["Properties"];
    assert_eq!(branch["EnableAutoBuild"], true);
    assert_eq!(branch["Stage"], "PRODUCTION");
    let variables = json!([{"Name": "CONFIG", "Value": "export const a = 1;"}]);
    assert_eq!(branch["EnvironmentVariables"], variables);
}

#[test]
fn the_role_writes_the_applications_log_and_nothing_else() {
    let (resources, _) = resources("dev", || AmplifyApp::from_dir("site/notes"));
    let trust = &resources["SiteRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(trust["Principal"], json!({"Service": "amplify.amazonaws.com"}));
    assert_eq!(trust["Condition"]["StringEquals"], json!({"aws:SourceAccount": {"Ref": "AWS::AccountId"}}));
    assert_eq!(resources["SiteRole"]["Properties"]["Policies"], Json::Null);
    let statements = &resources["SiteLogging"]["Properties"]["PolicyDocument"]["Statement"];
    let expect = json!([{
        "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": {"Fn::GetAtt": ["SiteLogs", "Arn"]},
    }]);
    assert_eq!(*statements, expect);
    let logs = &resources["SiteLogs"]["Properties"];
    assert_eq!(logs["LogGroupName"], json!({"Fn::Sub": "/aws/amplify/${Site.AppId}"}));
    assert_eq!(logs["RetentionInDays"], 30);
}

#[test]
fn a_branch_is_part_of_the_address() {
    let (_, template) = synth("dev", |stack| {
        let app = stack.add("Site", AmplifyApp::from_dir("site/notes").branch("feature/x"));
        stack.output("Url", app.url());
    });
    let url = &template["Outputs"]["Url"]["Value"];
    assert_eq!(*url, json!({"Fn::Sub": "https://feature-x.${Site.DefaultDomain}"}));
    assert_eq!(template["Resources"]["SiteBranch"]["Properties"]["BranchName"], "feature/x");
}

#[test]
fn what_can_have_no_effect_is_refused() {
    let (manifest, _) = synth("dev", |stack| {
        stack.add("Site", AmplifyApp::from_dir("/site").env("A", "b"));
    });
    let codes: Vec<_> = manifest.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["illegal-folder", "no-build"]);
}
