//! The pages: every file with its headers, for CloudFront alone, and only what has changed after that.

use super::log::Log;
use serde_json::{Value, json};
use stack_builder_tests::{Response, repository_root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const PAGES: &str = "no-cache";
const OTHERS: &str = "public, max-age=0, s-maxage=31536000, must-revalidate";

/// Every file of the folder is in the bucket and behind CloudFront, as it is and with its headers; nothing else is
/// beside it but the record of the publication.
#[track_caller]
pub(crate) fn brings_every_file(log: &Log<'_>, report: &Value) {
    let files = files();
    let names: Vec<&String> = files.keys().collect();
    let site = &report["stacks"][1]["sites"][0];
    assert_eq!((&site["uploaded"], &site["removed"]), (&json!(names), &json!([])), "{site:#}");
    assert_eq!(site["invalidated"], json!([]), "nobody can have cached anything");

    for (name, content) in &files {
        let (kind, cache) = headers_of(name);
        let asked = json!({ "Bucket": bucket(log), "Key": name });
        let object = log.world.aws.call("s3", "head_object", asked);
        assert_eq!(
            (&object["ContentType"], &object["CacheControl"]),
            (&json!(kind), &json!(cache)),
            "{name}"
        );
        let served = get(log, &format!("/{name}"));
        assert_eq!((served.status, served.header("content-type")), (200, Some(kind)), "{name}");
        assert_eq!((served.header("cache-control"), &served.body), (Some(cache), content), "{name}");
    }
    let kept = keys(log);
    let others: Vec<_> = kept.iter().filter(|key| !files.contains_key(*key)).collect();
    assert!(matches!(&*others, [record] if record.starts_with(".stack-builder/")), "{others:?}");
}

/// Browsers are told what pages may do, whatever they asked for.
#[track_caller]
pub(crate) fn sends_security_headers(log: &Log<'_>) {
    for path in ["/home.html", "/login.html", "/log.css", "/nothing"] {
        let answer = get(log, path);
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"), "{path}");
    }
    let headers = [("x-forwarded-proto", "http")];
    let plain = log.world.http.send("GET", &address(log, "/home.html"), &headers, "");
    assert_eq!(
        (plain.status, plain.header("location")),
        (301, Some(&*address(log, "/home.html"))),
        "without TLS"
    );
}

/// The bucket answers to nobody who comes by another way than CloudFront.
#[track_caller]
pub(crate) fn keeps_the_bucket_private(log: &Log<'_>) {
    let bucket = bucket(log);
    for key in ["", "home.html", "nothing"] {
        for host in ["s3.eu-west-1.amazonaws.com", "s3.amazonaws.com", "s3-website-eu-west-1.amazonaws.com"] {
            let answer = log.world.http.send("GET", &format!("https://{bucket}.{host}/{key}"), &[], "");
            assert_eq!(answer.status, 403, "{host}/{key}: {answer:?}");
            assert!(!answer.body.contains("<title>"), "{answer:?}");
        }
    }
    let shut = log.world.aws.call("s3", "get_public_access_block", json!({ "Bucket": bucket }));
    let shut = shut["PublicAccessBlockConfiguration"].as_object().expect("settings").clone();
    assert!(shut.len() == 4 && shut.values().all(|setting| *setting == json!(true)), "{shut:?}");
    let policy = log.world.aws.call("s3", "get_bucket_policy", json!({ "Bucket": bucket }));
    let policy: Value = serde_json::from_str(policy["Policy"].as_str().expect("a policy")).expect("JSON");
    let distribution = format!("arn:aws:cloudfront::000000000000:distribution/{}", log.physical_id("Site"));
    for statement in policy["Statement"].as_array().expect("statements") {
        let allowed = statement["Effect"] == "Allow";
        let ours = statement["Principal"] == json!({ "Service": "cloudfront.amazonaws.com" })
            && statement["Condition"]["StringEquals"]["AWS:SourceArn"] == distribution.as_str();
        assert!(!allowed || ours, "{statement:#}");
    }
}

/// Of tricks with the path, none shows a page; what the edge function says of them stands in `edge.rs`.
#[track_caller]
pub(crate) fn is_not_tricked(log: &Log<'_>) {
    for path in [
        "/login",
        "//login/",
        "/%2e%2e/",
        "/..%2fhome.html",
        "/HOME.HTML",
        "/LOGIN/",
        "/Home.html",
        "/home.html/",
        "/home.html%00",
        "/home.htm",
        "/%2568ome.html",
        "/.",
        "/..",
        "/.git/config",
        "/api",
        "/apix",
        "/site/captains-log/home.html",
        "/.stack-builder/",
        "/home.html%3fx",
    ] {
        for query in ["", "?x=/home.html", "?/../home.html"] {
            let answer = get(log, &format!("{path}{query}"));
            assert!([400, 403, 404].contains(&answer.status), "{path}{query}: {answer:?}");
            assert!(!answer.body.contains("<title>"), "{path}{query}: {answer:?}");
        }
    }
    let page = get(log, "/home.html").body;
    assert_eq!(get(log, "/home.html?../login.html&x=%00").body, page, "a query changes nothing");
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let answer = log.world.http.send(method, &address(log, "/home.html"), &[], "x");
        assert!(answer.status >= 400, "{method}: {answer:?}");
    }
    assert_eq!(get(log, "/home.html").body, page, "and nobody writes to it");
}

/// Two files are edited, one after the other: each time that file alone goes up, and CloudFront forgets its paths.
#[track_caller]
pub(crate) fn follows_an_edit(log: &Log<'_>) {
    let world = log.world;
    let before = keys(log);
    for (file, paths) in
        [("log.css", json!(["/log.css"])), ("login.html", json!(["/login", "/login.html", "/login/"]))]
    {
        let path = world.workspace.root().join("site/captains-log").join(file);
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, format!("{text}\n")).expect("written");
        let forgotten = invalidations(log);

        let report =
            world.stack_builder(["deploy", "captains-log", "--yes", "--json"]).run().success().json();
        let states: Vec<_> =
            report["stacks"].as_array().expect("stacks").iter().map(|s| &s["state"]).collect();
        assert_eq!(states, ["unchanged", "unchanged"], "{report:#}");
        let site = &report["stacks"][1]["sites"][0];
        assert_eq!((&site["uploaded"], &site["removed"]), (&json!([file]), &json!([])), "{site:#}");
        assert_eq!(site["invalidated"], paths, "{site:#}");
        assert_eq!(forgotten_since(log, &forgotten), [paths]);
        assert_eq!(get(log, &format!("/{file}")).body, format!("{text}\n"));
    }
    world.workspace.restore();
    let deployed = world.deploy("captains-log");
    deployed.says("uploaded 2 of 14 files");
    assert_eq!(keys(log), before);
}

/// Nothing was edited: nothing goes up, and nothing is forgotten.
#[track_caller]
pub(crate) fn leaves_alone_what_is_the_same(log: &Log<'_>) {
    let (before, forgotten) = (written(log), invalidations(log));
    let deployed = log.world.deploy("captains-log").says("no changes in 14 files").does_not_say("upload");
    deployed.says("captains-log-edge-dev: no changes").says("captains-log-dev: no changes");
    assert_eq!(written(log), before, "an object was written again");
    assert_eq!(invalidations(log), forgotten);
}

/// Asks CloudFront, as a visitor's browser does.
#[track_caller]
pub(crate) fn get(log: &Log<'_>, path: &str) -> Response {
    log.world.http.send("GET", &address(log, path), &[], "")
}

fn address(log: &Log<'_>, path: &str) -> String {
    format!("{}{path}", log.outputs.get("SiteUrl"))
}

fn bucket(log: &Log<'_>) -> String {
    log.physical_id("SiteBucket")
}

/// The files of the folder, by name.
fn files() -> BTreeMap<String, String> {
    let folder = fs::read_dir(repository_root().join("site/captains-log")).expect("a site");
    let file = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().expect("a readable name");
        (name, fs::read_to_string(entry.path()).expect("a text"))
    };
    let files: BTreeMap<_, _> = folder.flatten().map(file).collect();
    assert!(files.len() > 10, "{files:?}");
    files
}

fn headers_of(name: &str) -> (&'static str, &'static str) {
    match name.rsplit_once('.').expect("an extension").1 {
        "html" => ("text/html; charset=utf-8", PAGES),
        "js" => ("text/javascript; charset=utf-8", OTHERS),
        "css" => ("text/css; charset=utf-8", OTHERS),
        "svg" => ("image/svg+xml; charset=utf-8", OTHERS),
        other => panic!("what is `.{other}` served as?"),
    }
}

/// What is in the bucket.
#[track_caller]
fn keys(log: &Log<'_>) -> Vec<String> {
    written(log).into_iter().map(|(key, _)| key).collect()
}

/// What is in the bucket, and when it was written.
#[track_caller]
fn written(log: &Log<'_>) -> Vec<(String, String)> {
    let objects = log.world.aws.call("s3", "list_object_versions", json!({ "Bucket": bucket(log) }));
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let versions = objects["Versions"].as_array().expect("objects").iter();
    let newest = versions.filter(|version| version["IsLatest"] == true);
    newest.map(|version| (text(&version["Key"]), text(&version["VersionId"]))).collect()
}

/// The ids of all requests to forget something.
#[track_caller]
fn invalidations(log: &Log<'_>) -> BTreeSet<String> {
    let asked = json!({ "DistributionId": log.physical_id("Site") });
    let list = log.world.aws.call("cloudfront", "list_invalidations", asked);
    let items = list["InvalidationList"]["Items"].as_array().into_iter().flatten();
    items.map(|item| item["Id"].as_str().expect("an id").to_owned()).collect()
}

/// What CloudFront was asked to forget by requests that were not there before.
#[track_caller]
fn forgotten_since(log: &Log<'_>, before: &BTreeSet<String>) -> Vec<Value> {
    let paths = |id: &String| {
        let asked = json!({ "DistributionId": log.physical_id("Site"), "Id": id });
        let found = log.world.aws.call("cloudfront", "get_invalidation", asked);
        found["Invalidation"]["InvalidationBatch"]["Paths"]["Items"].clone()
    };
    invalidations(log).difference(before).map(paths).collect()
}
