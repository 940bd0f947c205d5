//! `--tls`: the same application by HTTPS, with a certificate made for this machine.

use super::super::person::Person;
use super::Stage;
use serde_json::json;
use stack_builder_tests::{Aws, Credentials, Http, Local};
use std::path::{Path, PathBuf};

/// boto3, trusting the authority.
fn aws(local: &Local, authority: &Path) -> Aws {
    let variables = [
        ("AWS_ENDPOINT_URL", local.endpoint()),
        ("AWS_DEFAULT_REGION", "eu-west-1".to_owned()),
        ("AWS_CA_BUNDLE", authority.to_string_lossy().into_owned()),
    ];
    Aws::new(&variables, Credentials::new("local", "local"))
}

#[test]
fn everything_is_served_by_https() {
    let stage = Stage::new("by-tls");
    let local = Local::command(stage.command(&["uploads", "--tls"]));
    let authority: PathBuf = stage.state().join("tls/authority.pem");
    let http = Http::trusting(&authority);
    let site = local.url("uploads", "SiteUrl");
    assert!(site.starts_with("https://"), "{site}");
    let page = http.send("GET", &site, &[], "");
    assert_eq!(page.status, 200, "{page:?}");

    let plain = format!("{}/?a=b", site.replace("https://", "http://"));
    let moved = Http::plain().send("GET", &plain, &[], "");
    assert!((301..=308).contains(&moved.status), "{moved:?}");
    assert_eq!(moved.header("location"), Some(format!("{site}/?a=b").as_str()));

    let aws = aws(&local, &authority);
    let person = Person::signed_up_by_tls(&local, &aws, "uploads", &authority);
    let wanted = json!({ "fileName": "cat.txt", "contentType": "text/plain" }).to_string();
    let answer = person.send("POST", "/getUploadUrl", &wanted);
    assert_eq!(answer.status, 200, "{answer:?}");
    let file = answer.json();
    let url = file["uploadUrl"].as_str().expect("a URL");
    assert_eq!(person.http.send("PUT", url, &[("content-type", "text/plain")], "meow").status, 200, "{url}");
    let told =
        json!({ "fileId": file["fileId"], "key": file["key"], "size": 4, "contentType": "text/plain" });
    let saved = person.send("POST", "/saveMetadata", &told.to_string());
    assert_eq!(saved.status, 200, "{saved:?}");
    let files = person.send("GET", "/files", "").json();
    let url = files["files"][0]["downloadUrl"].as_str().unwrap_or_else(|| panic!("no URL in {files}"));
    assert_eq!(person.http.send("GET", url, &[], "").body, "meow", "{url}");
    local.stop();
}
