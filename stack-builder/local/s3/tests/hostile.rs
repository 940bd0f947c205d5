//! Requests of those who should get nothing.

mod shared;

use serde_json::json;
use shared::client::{ADMINISTRATOR as ME, ROLE, Signer, ago, now, send};
use stack_builder_local_core::{State, World};
use std::net::SocketAddr;

async fn secret() -> (stack_builder_local_s3::Buckets, SocketAddr, tokio::sync::watch::Sender<bool>) {
    let resources = vec![
        shared::bucket("files", json!({})),
        shared::bucket("shut", json!({})),
        // Whoever reads the policy alone would let everybody in.
        shared::policy("shut", json!({ "open": true })),
    ];
    let served = shared::serve(&World::ephemeral(), resources).await;
    for target in ["/files/mine", "/files/secret", "/shut/secret"] {
        assert_eq!(ME.send(served.1, "PUT", target, b"treasure").await.status, 200);
    }
    served
}

#[tokio::test]
async fn urls_that_were_altered_are_refused() {
    let (_buckets, to, _stop) = secret().await;
    let url = ME.presign(to, "GET", "/files/mine", &now(), "60");
    assert_eq!(send(to, "GET", &url, &[], b"").await.status, 200);
    let (head, signature) = url.rsplit_once('=').unwrap();
    let mut altered = vec![
        url.replace("/files/mine", "/files/secret"),
        url.replace("/files/mine", "/shut/secret"),
        url.replace("/files/", "/files//"),
        url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"),
        url.replace("us-east-1", "eu-west-1"),
        url.replace("Credential=local", "Credential=ASIAROLE"),
        url.replace("Credential=local", "Credential=nobody"),
        url.replace("s3%2Faws4", "sts%2Faws4"),
        url.replace("SignedHeaders=host", "SignedHeaders="),
        url.replace("SignedHeaders=host", "SignedHeaders=host%3Brange"),
        url.replace("HMAC-SHA256", "HMAC-SHA1"),
        url.replace("X-Amz-Date=2", "X-Amz-Date=3"),
        format!("{url}&versionId=x"),
        format!("{url}&response-content-type=text%2Fhtml"),
        format!("{url}&uploads"),
        format!("{url}&X-Amz-Signature={signature}"),
        format!("{url}&X-Amz-Security-Token=token"),
        format!("{head}={}", signature.to_uppercase()),
        format!("{head}={}", "0".repeat(64)),
        format!("{head}="),
        format!("{head}={signature}0"),
        head.rsplit_once('&').unwrap().0.to_owned(),
        "/files/mine?AWSAccessKeyId=local&Expires=9999999999&Signature=x".to_owned(),
        "/files/mine?X-Amz-Signature=x".to_owned(),
    ];
    altered.push(ME.presign(to, "GET", "/files/mine", &ago(61), "60"));
    altered.push(ME.presign(to, "GET", "/files/mine", &now(), "604801"));
    altered.push(ME.presign(to, "GET", "/files/mine", &now(), "-1"));
    altered.push(Signer { secret: "guessed", ..ME }.presign(to, "GET", "/files/mine", &now(), "60"));
    altered.push(Signer { token: None, ..ROLE }.presign(to, "GET", "/files/mine", &now(), "60"));
    altered.push(ROLE.presign(to, "GET", "/files/secret", &now(), "60"));
    assert!(altered.len() >= 30);
    for target in altered {
        let answer = send(to, "GET", &target, &[], b"").await;
        assert!((400..500).contains(&answer.status), "{target}: {} {}", answer.status, answer.text());
        assert!(!answer.text().contains("treasure"), "{target}");
    }
    for method in ["PUT", "DELETE", "POST"] {
        assert_eq!(send(to, method, &url, &[], b"").await.status, 403, "{method}");
    }
    let added = [("x-amz-acl", "public-read".to_owned())];
    assert_eq!(send(to, "GET", &url, &added, b"").await.code(), "AccessDenied");
}

#[tokio::test]
async fn requests_that_were_altered_are_refused() {
    let (_buckets, to, _stop) = secret().await;
    let try_with =
        async |headers: Vec<(&str, String)>| send(to, "GET", "/files/mine", &headers, b"").await.status;
    let right = || ME.headers(to, "GET", "/files/mine", &now());
    assert_eq!(try_with(right()).await, 200);
    assert_eq!(try_with(vec![]).await, 403);
    assert_eq!(try_with(ME.headers(to, "GET", "/files/secret", &now())).await, 403);
    assert_eq!(try_with(ME.headers(to, "PUT", "/files/mine", &now())).await, 403);
    assert_eq!(try_with(ME.headers(to, "GET", "/files/mine", &ago(1000))).await, 403);
    for (name, value) in
        [("x-amz-date", "x"), ("authorization", "AWS local:x"), ("authorization", "Basic eA==")]
    {
        let mut headers = right();
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value.to_owned()));
        let status = try_with(headers).await;
        assert!((400..500).contains(&status), "{name}: {value}: {status}");
    }
    let mut without = right();
    without.retain(|(name, _)| *name != "x-amz-content-sha256");
    assert!((400..500).contains(&try_with(without).await));
}

#[tokio::test]
async fn keys_never_leave_their_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let world = World { state: State::Folder(folder.path().join("state")), ..World::ephemeral() };
    let (_buckets, to, _stop) = shared::serve(&world, vec![shared::bucket("files", json!({}))]).await;
    for key in
        ["../x", "%2E%2E%2Fx", "..%2F..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "a%00b", "%5C..%5Cx", "."]
    {
        let target = format!("/files/{key}");
        let answer = ME.send(to, "PUT", &target, key.as_bytes()).await;
        // A null byte ends in a refusal or a key, but never in another file.
        if answer.status == 200 {
            assert_eq!(ME.send(to, "GET", &target, b"").await.text(), key);
        }
    }
    for target in ["/../files", "/..", "/files%2F..", "/FILES/a", "/a/b", "/%"] {
        let status = ME.send(to, "PUT", target, b"x").await.status;
        assert!((400..500).contains(&status) || status == 501, "{target}: {status}");
    }
    let mut found: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(found.len(), 1);
    let state = found.pop().unwrap().unwrap().path();
    assert_eq!(std::fs::read_dir(state.join("s3")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_public_policy_opens_no_bucket_that_blocks_it() {
    let (_buckets, to, _stop) = secret().await;
    assert_eq!(send(to, "GET", "/shut/secret", &[], b"").await.status, 403);
}

#[tokio::test]
async fn too_much_ends() {
    let (_buckets, to, _stop) = secret().await;
    let huge = [("x-amz-meta-a", "x".repeat(200_000))];
    assert_eq!(send(to, "GET", "/files/mine", &huge, b"").await.status, 431);
    let long = format!("/files/{}", "k".repeat(1025));
    assert_eq!(ME.send(to, "PUT", &long, b"").await.code(), "KeyTooLongError");
    let document = vec![b'<'; 5 << 20];
    assert_eq!(ME.send(to, "POST", "/files?delete", &document).await.code(), "MaxMessageLengthExceeded");
    let form = [("content-type", "multipart/form-data; boundary=x".to_owned())];
    let endless =
        [b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n".as_slice(), &document].concat();
    assert_eq!(send(to, "POST", "/files", &form, &endless).await.status, 400);
}
