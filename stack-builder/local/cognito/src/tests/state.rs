//! What outlives the process, and what never reaches the disk.

use super::{Bench, PASSWORD, SERVER, pool_properties, resources};
use serde_json::json;
use stack_builder_local_core::{State, World};
use std::fs;
use std::path::Path;

const ANN: &str = "ann@example.org";

fn bench(folder: &Path) -> Bench {
    let world = World { state: State::Folder(folder.to_owned()), ..World::ephemeral() };
    Bench::in_world(world, pool_properties(), json!({}))
}

fn files(folder: &Path) -> Vec<(std::path::PathBuf, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.push((entry.path(), fs::read_to_string(entry.path()).unwrap()));
        }
    }
    all
}

#[test]
fn a_restart_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let first = bench(folder.path());
    let sub = first.user(ANN);
    first.admin("CreateGroup", json!({ "GroupName": "readers" })).unwrap();
    let [access, _, refresh] = first.tokens(ANN);
    let secret = first.pools.client_secret(SERVER);
    drop(first);

    let second = bench(folder.path());
    let user = second.call("GetUser", json!({ "AccessToken": access })).expect("the same key");
    assert_eq!(user["Username"], sub);
    second.call("GetTokensFromRefreshToken", json!({ "RefreshToken": refresh })).expect("the same session");
    second.sign_in(ANN, PASSWORD).expect("the same password");
    second.admin("GetGroup", json!({ "GroupName": "readers" })).expect("the same groups");
    assert_eq!(second.pools.client_secret(SERVER), secret);
}

#[test]
fn keys_that_cannot_be_read_are_put_aside_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let first = bench(folder.path());
    first.user(ANN);
    let [access, ..] = first.tokens(ANN);
    drop(first);
    let (kept, _) = files(folder.path()).into_iter().find(|(path, _)| path.ends_with("pool.json")).unwrap();
    fs::write(&kept, "{\"key\":").unwrap();

    let world = World { state: State::Folder(folder.path().to_owned()), ..World::ephemeral() };
    let second = Bench::in_world(world.clone(), pool_properties(), json!({}));
    let told = format!("{:?}", world.journal.notices());
    assert!(told.contains("could not be read") && told.contains("pool.json.broken"), "{told}");
    assert_eq!(fs::read_to_string(kept.with_extension("json.broken")).unwrap(), "{\"key\":");
    second.call("GetUser", json!({ "AccessToken": access })).expect_err("another key");
    second.sign_in(ANN, PASSWORD).expect("the same user");
}

#[test]
fn no_password_and_no_token_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let bench = bench(folder.path());
    bench.user(ANN);
    let [_, _, refresh] = bench.tokens(ANN);
    bench.call("ForgotPassword", json!({ "Username": ANN })).unwrap();
    let random = refresh.split_once('.').unwrap().1;
    let files = files(folder.path());
    assert!(files.len() >= 2, "{files:?}");
    for (path, content) in files {
        assert!(!content.contains(PASSWORD) && !content.contains(random), "{}", path.display());
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777,
            0o600
        );
    }
}

#[test]
fn a_broken_file_is_told_and_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let first = bench(folder.path());
    first.user(ANN);
    first.user("bob@example.org");
    let ann = files(folder.path()).into_iter().find(|(_, content)| content.contains(ANN)).unwrap().0;
    drop(first);
    fs::write(ann, "{").unwrap();
    let second = bench(folder.path());
    assert_eq!(second.world.journal.notices().len(), 1);
    second.sign_in("bob@example.org", PASSWORD).expect("the others are there");
    assert!(second.sign_in(ANN, PASSWORD).is_err());
}

#[test]
fn a_changed_template_keeps_its_users() {
    let bench = Bench::new();
    bench.user(ANN);
    let [access, ..] = bench.tokens(ANN);
    bench.pools.apply(&resources(pool_properties(), json!({ "AccessTokenValidity": 2 })));
    let again = bench.sign_in(ANN, PASSWORD).expect("signed in");
    assert_eq!(again["AuthenticationResult"]["ExpiresIn"], 7200);
    bench.call("GetUser", json!({ "AccessToken": access })).expect("still good");
    let view = bench.pools.pools().remove(0);
    assert_eq!((view.users.len(), view.clients.len(), view.groups.len()), (1, 2, 1));
    assert!(!format!("{view:?}").contains("verifier"));
}

#[test]
fn what_is_not_done_is_said() {
    let bench = Bench::new();
    let mut pool = pool_properties();
    pool["MfaConfiguration"] = json!("ON");
    pool["LambdaConfig"] = json!({ "PreSignUp": "arn" });
    let client = json!({ "SupportedIdentityProviders": ["COGNITO", "Google"] });
    let notes = bench.pools.apply(&resources(pool, client));
    let notes: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    let expected = [
        "no second factor is asked for here",
        "the trigger `PreSignUp` is not called here",
        "users of `Google` cannot sign in here",
    ];
    assert_eq!(notes, expected);
    assert!(bench.pools.apply(&resources(pool_properties(), json!({}))).is_empty());
}
