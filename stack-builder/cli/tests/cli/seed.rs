//! `seed`: what is said before anything is done, and what is not said at all.

use crate::fixture;
use crate::harness::Test;
use crate::stub::{field, identity, result, serve};
use serde_json::json;
use std::fs;

#[test]
fn production_is_refused_before_anything_else() {
    for stage in ["prod", "production"] {
        Test::new().args(["seed", "--yes", "--stage", stage]).run().fails(
            2,
            &[
                &format!("error: demonstration data does not belong into the stage `{stage}`"),
                "hint: pass `--allow-production` if it does",
            ],
        );
    }
}

#[test]
fn without_a_terminal_nothing_is_loaded_unasked() {
    Test::new().args(["seed"]).run().fails(1, &["hint: pass `--yes` to do it without asking"]);
}

/// A stack `notes-dev` with a secret that has no value yet, and a user pool without users.
fn cloud() -> String {
    let member = |id: &str, kind: &str| {
        format!(
            "<member><LogicalResourceId>{id}</LogicalResourceId><PhysicalResourceId>p-{id}</PhysicalResourceId>\
             <ResourceType>{kind}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>\
             <LastUpdatedTimestamp>2026-11-20T10:00:00Z</LastUpdatedTimestamp></member>"
        )
    };
    let members =
        member("Passwords", "AWS::SecretsManager::Secret") + &member("Users", "AWS::Cognito::UserPool");
    let resources = format!("<StackResourceSummaries>{members}</StackResourceSummaries>");
    let absent = r#"{"__type": "ResourceNotFoundException", "message": "no value"}"#;
    serve(move |head, body| match field(body, "Action") {
        "GetCallerIdentity" => identity(),
        action @ "ListStackResources" => result(action, &resources),
        _ if head.contains("GetSecretValue") => ("400 Bad Request", absent.to_owned()),
        _ => ("200 OK", "{}".to_owned()),
    })
}

#[test]
fn neither_a_secret_nor_a_password_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seed.json");
    let data = json!({
        "secrets": {"Passwords": {"picard": "makeitso"}},
        "users": {"Users": [{"userName": "kirk", "password": "KHAAAN!!!"}]},
    });
    fs::write(&file, data.to_string()).unwrap();
    let test = Test::new().cloud(&cloud()).args(["seed", "--yes", "--json", "--verbose", "--file"]);
    let outcome = test.args([file.to_str().unwrap()]).run();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    let loaded = json!([
        {"secret": "Passwords", "changed": true},
        {"userPool": "Users", "user": "kirk", "new": true},
    ]);
    assert_eq!(outcome.json()["stacks"][0]["loaded"], loaded);
    for hidden in ["makeitso", "KHAAAN"] {
        assert!(!outcome.stdout.contains(hidden) && !outcome.stderr.contains(hidden), "{}", outcome.stderr);
    }
}

#[test]
fn a_file_that_is_not_there_is_told_with_where_it_belongs() {
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["seed"] = "seed/gone.json".into();
    let missing = || Test::new().manifest(&manifest).cloud(&cloud());
    missing().args(["seed", "--yes"]).run().fails(
        1,
        &[
            "seed/gone.json`",
            "caused by: No such file",
            "hint: a stack's `stack.seed(\"..\")` is relative to",
        ],
    );
    let deployed = missing().args(["deploy", "--yes"]).run();
    assert_ne!(deployed.code, Some(0), "this cloud can only seed");
    let warning = "warning: `stack-builder seed` cannot load the demonstration data of `notes`: cannot read";
    assert!(deployed.stderr.contains(warning), "{}", deployed.stderr);
}
