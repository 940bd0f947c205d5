//! `--tls`: the same application by HTTPS, with a certificate made for this machine.

use super::super::person::{Person, deployed_as, physical_id};
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
    let local = stage.start(&["--tls"]);
    let authority: PathBuf = stage.state().join("tls/authority.pem");
    let http = Http::trusting(&authority);
    let site = local.url("todo", "SiteUrl");
    assert!(site.starts_with("https://"), "{site}");
    let page = http.send("GET", &site, &[], "");
    assert_eq!(page.status, 200, "{page:?}");

    let plain = format!("{}/?a=b", site.replace("https://", "http://"));
    let moved = Http::plain().send("GET", &plain, &[], "");
    assert!((301..=308).contains(&moved.status), "{moved:?}");
    assert_eq!(moved.header("location"), Some(format!("{site}/?a=b").as_str()));

    let aws = aws(&local, &authority);
    let person = Person::signed_up_by_tls(&local, &aws, "todo", &authority);
    person.adds("Reach the table from a function");
    assert_eq!(person.items(), ["Reach the table from a function"]);

    let bucket = physical_id(&aws, &deployed_as(&aws, "todo"), "SiteBucket");
    let params = json!({ "Bucket": bucket, "Key": "index.html" });
    let url =
        aws.call("s3", "generate_presigned_url", json!({ "ClientMethod": "get_object", "Params": params }));
    let url = url.as_str().expect("a URL");
    assert!(url.starts_with("https://"), "{url}");
    assert_eq!(person.http.send("GET", url, &[], "").status, 200);
    local.stop();
}
