//! The rules about crates: which may know which, and what each manifest says.

use super::Finding;
use serde_json::Value;
use std::path::Path;

/// A member, and the members it may depend on. One that is not listed has no law yet, which is a finding.
const LAWS: &[(&str, &[&str])] = &[
    ("stack-builder-assembly", &[]),
    ("stack-builder-cfn", &["stack-builder-assembly"]),
    ("stack-builder", &["stack-builder-assembly", "stack-builder-cfn"]),
    ("stack-builder-validate", &["stack-builder-assembly", "stack-builder-cfn"]),
    ("stack-builder-package", &["stack-builder-assembly", "stack-builder-cfn"]),
    ("stack-builder-deploy", &["stack-builder-assembly", "stack-builder-cfn"]),
    ("stack-builder-local-core", &[]),
    (
        "stack-builder-local",
        &[
            "stack-builder-assembly",
            "stack-builder-local-api-gateway",
            "stack-builder-local-cloudfront",
            "stack-builder-local-cognito",
            "stack-builder-local-core",
            "stack-builder-local-dynamodb",
            "stack-builder-local-iam",
            "stack-builder-local-lambda",
            "stack-builder-local-logs",
            "stack-builder-local-s3",
            "stack-builder-local-secretsmanager",
        ],
    ),
    (
        "stack-builder-cli",
        &[
            "stack-builder-assembly",
            "stack-builder-validate",
            "stack-builder-package",
            "stack-builder-deploy",
            "stack-builder-local",
        ],
    ),
    ("xtask", &["stack-builder-cfn"]),
    ("edge-config", &[]),
    ("handlers", &["edge-config"]),
    ("stacks", &["stack-builder", "stack-builder-cfn", "edge-config"]),
    ("stack-builder-tests", &["stack-builder-assembly"]),
    ("conformance-echo", &[]),
    ("conformance-stacks", EXAMPLE),
];

/// A local service knows what all of them share, and not the other services.
const LOCAL_SERVICE: &[&str] = &["stack-builder-local-core"];

/// An example is a user's stacks crate.
const EXAMPLE: &[&str] = &["stack-builder", "stack-builder-cfn"];

/// The members that may name a client of AWS, and those that may be asynchronous.
const NAMES_AWS: &[&str] = &["stack-builder-deploy", "handlers"];
const ASYNC: &[&str] = &["stack-builder-deploy", "stack-builder-cli", "handlers", "conformance-echo"];

/// All findings in the output of `cargo metadata`.
pub(super) fn check(metadata: &Value, root: &Path) -> Vec<Finding> {
    let members: Vec<&Value> = metadata["packages"].as_array().into_iter().flatten().collect();
    let names: Vec<&str> = members.iter().filter_map(|member| member["name"].as_str()).collect();
    members.iter().flat_map(|member| check_member(member, &names, root)).collect()
}

fn check_member(member: &Value, members: &[&str], root: &Path) -> Vec<Finding> {
    let name = member["name"].as_str().unwrap_or_default();
    let manifest = Path::new(member["manifest_path"].as_str().unwrap_or_default());
    let file = manifest.strip_prefix(root).unwrap_or(manifest).to_string_lossy().into_owned();
    let found = |message: String| Finding { file: file.clone(), line: 1, rule: "direction", message };

    let mut findings = Vec::new();
    if member["description"].as_str().unwrap_or_default().is_empty() {
        findings.push(found(format!("`{name}` has no description; say in one line what it is for")));
    }
    let Some(allowed) = law(name, &file) else {
        findings.push(found(format!("`{name}` has no law; add it to `tidy/direction.rs`")));
        return findings;
    };
    let messages = dependencies(member).filter_map(|dependency| broken(name, dependency, allowed, members));
    findings.extend(messages.map(found));
    findings
}

fn law(name: &str, manifest: &str) -> Option<&'static [&'static str]> {
    let listed = LAWS.iter().find(|(member, _)| *member == name).map(|(_, allowed)| *allowed);
    let local = manifest.starts_with("stack-builder/local/").then_some(LOCAL_SERVICE);
    listed.or(local).or(manifest.starts_with("examples/").then_some(EXAMPLE))
}

/// The dependencies that end up in what is built; tests may know more.
fn dependencies(member: &Value) -> impl Iterator<Item = &str> {
    let dependencies = member["dependencies"].as_array().into_iter().flatten();
    dependencies
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
}

fn broken(name: &str, dependency: &str, allowed: &[&str], members: &[&str]) -> Option<String> {
    if members.contains(&dependency) && !allowed.contains(&dependency) {
        return Some(format!("`{name}` may not depend on `{dependency}`; ARCHITECTURE.md says why"));
    }
    let is_client = dependency.starts_with("aws-") && dependency != "aws-lc-rs";
    if is_client && !NAMES_AWS.contains(&name) {
        return Some(format!("`{name}` may not name `{dependency}`; only {} may", NAMES_AWS.join(" and ")));
    }
    let serves = name.starts_with("stack-builder-local");
    if dependency == "tokio" && !serves && !ASYNC.contains(&name) {
        return Some(format!(
            "`{name}` may not be asynchronous; only {} and the local services may",
            ASYNC.join(", ")
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Checks one member with the given normal and dev dependencies.
    #[track_caller]
    fn check(name: &str, normal: &[&str], dev: &[&str], expect: &[&str]) {
        let entry = |kind: Value| move |name: &&str| json!({ "name": name, "kind": kind });
        let dependencies: Vec<Value> =
            normal.iter().map(entry(Value::Null)).chain(dev.iter().map(entry(json!("dev")))).collect();
        let manifest = format!("/repository/{name}/Cargo.toml");
        let member = json!({
            "name": name, "description": "x", "manifest_path": manifest, "dependencies": dependencies
        });
        let others: Vec<Value> = LAWS
            .iter()
            .filter(|(other, _)| *other != name)
            .map(|(name, _)| json!({ "name": name, "description": "x", "dependencies": [] }))
            .collect();
        let packages = [vec![member], others].concat();
        let metadata = json!({ "packages": packages });
        let found = super::check(&metadata, Path::new("/repository"));
        let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages.len(), expect.len(), "{messages:#?}");
        for (message, part) in messages.iter().zip(expect) {
            assert!(message.contains(part), "{message:?} does not contain {part:?}");
        }
    }

    #[test]
    fn what_the_architecture_shows_is_allowed() {
        check("stack-builder", &["stack-builder-cfn", "stack-builder-assembly", "serde"], &[], &[]);
        check("stack-builder-deploy", &["stack-builder-assembly", "aws-sdk-s3", "tokio"], &[], &[]);
        check("handlers", &["aws-sdk-s3", "tokio"], &[], &[]);
    }

    #[test]
    fn the_command_does_not_know_the_language() {
        check("stack-builder-cli", &["stack-builder"], &[], &["may not depend on `stack-builder`"]);
    }

    #[test]
    fn what_acts_does_not_know_its_neighbour() {
        check(
            "stack-builder-package",
            &["stack-builder-deploy"],
            &[],
            &["may not depend on `stack-builder-deploy`"],
        );
    }

    #[test]
    fn what_describes_is_free_of_aws_and_async() {
        check("stack-builder", &["aws-sdk-s3", "tokio"], &[], &["may not name `aws-sdk-s3`", "asynchronous"]);
        check("stack-builder-cli", &["aws-config"], &[], &["may not name `aws-config`"]);
    }

    #[test]
    fn tests_may_know_more() {
        check("stack-builder-deploy", &[], &["stack-builder-package"], &[]);
    }

    #[test]
    fn a_new_member_needs_a_law_unless_it_is_an_example() {
        check("novelty", &[], &[], &["has no law"]);
        check("examples/bucket", &["stack-builder"], &[], &[]);
        check("examples/bucket", &["stack-builder-deploy"], &[], &["may not depend on"]);
    }

    #[test]
    fn a_member_says_what_it_is_for() {
        let metadata =
            json!({ "packages": [{ "name": "handlers", "manifest_path": "/r/handlers/Cargo.toml" }] });
        let found = super::check(&metadata, Path::new("/r"));
        assert_eq!(
            found[0].to_string(),
            "handlers/Cargo.toml:1: `handlers` has no description; \
            say in one line what it is for [direction]"
        );
    }
}
