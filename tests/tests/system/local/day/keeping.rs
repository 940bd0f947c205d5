//! What is kept from run to run, and that a run by the side keeps nothing.

use super::super::person::{Person, deployed_as, outputs, physical_id};
use super::super::shared::aws;
use super::{Stage, work};
use serde_json::{Map, Value, json};
use stack_builder_tests::{Aws, Http, Local, repository_root, text_of};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Writes of each kind before the kill.
const ENOUGH: usize = 60;

#[test]
fn everything_outlives_a_restart() {
    let stage = Stage::new("keeps");
    let local = stage.start(&[]);
    let aws_before = aws(&local);
    let ada = work(&local, "ada@example.org");
    ada.accounts.call("sign-up", ["late@example.org", super::super::person::PASSWORD]);
    let code = local.code_for("late@example.org");
    let secret = secret(&local, &aws_before);
    let object = object(&aws_before);
    aws_before.call("s3", "put_object", object.clone());
    let urls = local.ready()["urls"].clone();
    let before = outputs(&aws_before, &deployed_as(&aws_before, "todo"));
    local.stop();

    let local = stage.start(&[]);
    let aws_after = aws(&local);
    let after = outputs(&aws_after, &deployed_as(&aws_after, "todo"));
    for id in ["TableName", "UserPoolId", "ClientId"] {
        assert_eq!(before[id], after[id], "{id}");
    }
    assert_eq!(urls["todo"].as_object().map(Map::len), Some(3));
    let again = Person::signed_in(&local, &aws_after, "todo", "ada@example.org");
    assert_eq!(again.items(), ["Work"]);
    let refreshed = again.accounts.call("refresh", ["ada@example.org", ada.token("refresh")]);
    assert!(refreshed["id"].is_string(), "who was signed in, still is");
    again.accounts.call("verify", [ada.token("id"), "id"]);
    again.accounts.call("confirm", ["late@example.org", &code]);
    assert_eq!(self::secret(&local, &aws_after), secret);
    let mut asked = object;
    asked.as_object_mut().map(|object| object.remove("Body"));
    assert_eq!(text_of(&aws_after.call("s3", "get_object", asked)["Body"]), "kept");
    let site = Http::plain().send("GET", &local.url("todo", "SiteUrl"), &[], "");
    assert_eq!(site.status, 200);
    local.stop();
    private(&stage.state());
}

#[track_caller]
fn secret(local: &Local, aws: &Aws) -> String {
    let arn = physical_id(aws, &deployed_as(aws, "todo"), "FrontDoorKey");
    let secret = aws.call("secretsmanager", "get_secret_value", json!({ "SecretId": arn }));
    let secret = secret["SecretString"].as_str().expect("a secret").to_owned();
    let without = Http::plain().send("GET", &format!("{}/item", local.url("todo", "ApiUrl")), &[], "");
    assert_eq!(without.status, 401, "CloudFront knows the key, so that it is the user who is missing");
    secret
}

#[track_caller]
fn object(aws: &Aws) -> Value {
    let bucket = physical_id(aws, &deployed_as(aws, "todo"), "SiteBucket");
    json!({ "Bucket": bucket, "Key": "kept.txt", "Body": "kept" })
}

/// Others on this machine read nothing of it.
#[cfg(unix)]
#[track_caller]
fn private(folder: &Path) {
    use std::os::unix::fs::MetadataExt as _;
    let files = files(folder);
    assert!(files.len() >= 4, "{files:?}");
    let readable = |file: &&PathBuf| {
        let up = file.ancestors().take_while(|part| part.starts_with(folder));
        up.into_iter().all(|part| fs::metadata(part).is_ok_and(|found| found.mode() & 0o004 != 0))
    };
    let readable: Vec<_> = files.iter().filter(readable).collect();
    assert!(readable.is_empty(), "others may read {readable:?}");
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { BTreeSet::from([path]) };
    entries.flat_map(|entry| below(entry.path())).collect()
}

/// What was answered is there, whatever happens next.
#[test]
fn a_kill_in_the_middle_of_writes_loses_nothing_that_was_answered() {
    let stage = Stage::new("survives");
    let mut local = stage.start(&[]);
    let first = aws(&local);
    let table = outputs(&first, &deployed_as(&first, "todo"))["TableName"].clone();
    let bucket = physical_id(&first, &deployed_as(&first, "todo"), "SiteBucket");
    let item = |number: usize| {
        let key = json!({ "cognito-username": { "S": "writer" }, "id": { "S": number.to_string() } });
        json!({ "TableName": table, "Item": key })
    };
    let object = |number: usize| json!({ "Bucket": bucket, "Key": format!("writes/{number}"), "Body": "x".repeat(2000) });
    let clients = [aws(&local), aws(&local)];
    let written = [const { AtomicUsize::new(0) }; 2];
    thread::scope(|scope| {
        scope.spawn(|| write(&clients[0], &written[0], "dynamodb", "put_item", item));
        scope.spawn(|| write(&clients[1], &written[1], "s3", "put_object", object));
        let end = Instant::now() + Duration::from_secs(20);
        while Instant::now() < end && written.iter().any(|count| count.load(Ordering::SeqCst) < ENOUGH) {
            thread::sleep(Duration::from_millis(5));
        }
        local.signal("KILL");
    });
    let [items, objects] = written.map(AtomicUsize::into_inner);
    assert_eq!(local.ended(), None);
    assert!(items >= ENOUGH && objects >= ENOUGH, "only {items} items and {objects} objects were written");

    let local = stage.start(&[]);
    let second = aws(&local);
    let count = json!({ "TableName": table, "Select": "COUNT", "ConsistentRead": true });
    let kept = second.call("dynamodb", "scan", count)["Count"].as_u64().unwrap_or_default();
    assert!(
        usize::try_from(kept).is_ok_and(|kept| kept == items || kept == items + 1),
        "{kept} of {items} items"
    );
    for number in 0..objects {
        let asked = json!({ "Bucket": bucket, "Key": format!("writes/{number}") });
        let found = second.call("s3", "head_object", asked);
        assert_eq!(found["ContentLength"], 2000, "object {number} of {objects}");
    }
    local.stop();
}

/// Writes until nobody answers, and counts the writes that were answered.
fn write(aws: &Aws, written: &AtomicUsize, service: &str, operation: &str, what: impl Fn(usize) -> Value) {
    while aws.try_call(service, operation, what(written.load(Ordering::SeqCst))).is_ok() {
        written.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn one_state_is_for_one_run() {
    let stage = Stage::new("shared-state");
    let local = stage.start(&[]);
    let second = stage.command(&["todo"]).run().exits_with(1);
    second.complains_once().says("another `stack-builder local`").says("--ephemeral");
    let beside = stage.start(&["--ephemeral"]);
    assert_ne!(beside.endpoint(), local.endpoint());
    beside.stop();
    local.stop();
    stage.start(&[]).stop();
}

#[test]
fn an_ephemeral_run_leaves_nothing() {
    let stage = Stage::new("ephemeral");
    let place = tempfile::tempdir().expect("a folder");
    let environment = [("TMPDIR", place.path())];
    let args = ["todo", "--ephemeral"];
    let local = Local::command(stage.command(&args).envs(environment));
    work(&local, "ada@example.org");
    let client = aws(&local);
    client.call("s3", "put_object", object(&client));
    let assembly = repository_root().join(format!("target/stack-builder/local-{}", local.pid()));
    assert!(assembly.is_dir(), "its templates are in `{}`", assembly.display());
    local.stop();
    assert!(!stage.state().exists() && !assembly.exists());
    assert_eq!(files(place.path()), BTreeSet::new(), "temporary files");
    let folders = fs::read_dir(place.path()).expect("the folder").flatten().count();
    assert_eq!(folders, 0, "temporary folders");
}
