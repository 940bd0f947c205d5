//! Objects over HTTP: written, read, listed, kept over a restart; other origins; traces.

mod shared;

use serde_json::json;
use shared::client::{ADMINISTRATOR as ME, ROLE, Signer, send};
use stack_builder_local_core::{Caller, Request, State, Trace, World, collect};
use std::net::SocketAddr;

async fn put(to: SocketAddr, target: &str, body: &str) -> shared::client::Answer {
    let answer = ME.send(to, "PUT", target, body.as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

#[tokio::test]
async fn an_object_is_written_read_listed_and_deleted() {
    let world = World::ephemeral();
    let (buckets, to, _stop) = shared::serve(&world, vec![shared::bucket("files", json!({}))]).await;
    for key in ["a", "a/b", "a//b", "..", "../x", "%C3%BC"] {
        let answer = put(to, &format!("/files/{key}"), key).await;
        assert_eq!(answer.headers["server"], "AmazonS3");
        assert_eq!(answer.headers["x-amz-server-side-encryption"], "AES256");
        assert_eq!(ME.send(to, "GET", &format!("/files/{key}"), b"").await.text(), key);
    }
    let list = ME.send(to, "GET", "/files?delimiter=%2F&list-type=2", b"").await.text();
    assert!(list.contains("<KeyCount>5</KeyCount>"), "{list}");
    assert!(list.contains("<Prefix>a/</Prefix>") && list.contains("<Key>ü</Key>"), "{list}");
    assert_eq!(ME.send(to, "DELETE", "/files/a", b"").await.status, 204);
    let gone = ME.send(to, "GET", "/files/a", b"").await;
    assert_eq!((gone.status, gone.code().as_str()), (404, "NoSuchKey"));
    assert!(gone.text().contains("<RequestId>"), "{}", gone.text());
    assert_eq!(ME.send(to, "GET", "/other/a", b"").await.code(), "NoSuchBucket");
    assert_eq!(buckets.buckets()[0].objects, 5);
    let page = buckets.objects("files", "a/", "", 1).unwrap();
    assert_eq!((page.objects[0].key.as_str(), page.next.as_deref()), ("a//b", Some("a//b")));
}

#[tokio::test]
async fn objects_and_uploads_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let world = || World { state: State::Folder(folder.path().to_owned()), ..World::ephemeral() };
    let resources =
        || vec![shared::bucket("files", json!({ "VersioningConfiguration": { "Status": "Enabled" } }))];
    let (_first, to, stop) = shared::serve(&world(), resources()).await;
    let old = put(to, "/files/k", "old").await.headers["x-amz-version-id"].clone();
    put(to, "/files/k", "new").await;
    let begun = ME.send(to, "POST", "/files/parts?uploads", b"").await.text();
    let (_, id) = begun.split_once("<UploadId>").unwrap();
    let id = id.split_once('<').unwrap().0;
    put(to, &format!("/files/parts?partNumber=1&uploadId={id}"), "part").await;
    stop.send(true).unwrap();
    let (_second, to, _stop) = shared::serve(&world(), resources()).await;
    assert_eq!(ME.send(to, "GET", "/files/k", b"").await.text(), "new");
    assert_eq!(ME.send(to, "GET", &format!("/files/k?versionId={old}"), b"").await.text(), "old");
    let parts = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>";
    let done = ME.send(to, "POST", &format!("/files/parts?uploadId={id}"), parts.as_bytes()).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(ME.send(to, "GET", "/files/parts", b"").await.text(), "part");
}

#[tokio::test]
async fn other_origins_are_answered_as_the_rules_say() {
    let rules = json!({ "CorsRules": [{
        "AllowedOrigins": ["http://127.0.0.1:4001"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["content-type"]
    }] });
    let bucket = shared::bucket("files", json!({ "CorsConfiguration": rules }));
    let (_buckets, to, _stop) = shared::serve(&World::ephemeral(), vec![bucket]).await;
    let ask = async |origin: &str| {
        let headers = [("origin", origin.to_owned()), ("access-control-request-method", "PUT".to_owned())];
        send(to, "OPTIONS", "/files/k", &headers, b"").await
    };
    let allowed = ask("http://127.0.0.1:4001").await;
    assert_eq!((allowed.status, allowed.headers["access-control-allow-methods"].as_str()), (200, "PUT"));
    let refused = ask("http://127.0.0.1:4002").await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "AccessForbidden"));
    let error = send(to, "PUT", "/files/k", &[("origin", "http://127.0.0.1:4001".to_owned())], b"x").await;
    assert_eq!((error.status, error.code().as_str()), (403, "AccessDenied"));
    assert_eq!(error.headers["access-control-allow-origin"], "http://127.0.0.1:4001");
    assert!(error.headers["vary"].starts_with("Origin"));
}

#[tokio::test]
async fn a_distribution_reads_what_the_policy_allows() {
    let resources = vec![
        shared::bucket("site", json!({})),
        shared::bucket("shut", json!({})),
        shared::policy("site", json!({ "open": true })),
    ];
    let (buckets, to, _stop) = shared::serve(&World::ephemeral(), resources).await;
    put(to, "/site/index.html", "hello").await;
    put(to, "/shut/index.html", "hello").await;
    let get = async |bucket: &str, target: &str, method: &str, caller: Option<Caller>| {
        let mut request = Request::new("".into());
        *request.uri_mut() = target.parse().unwrap();
        *request.method_mut() = method.parse().unwrap();
        request.headers_mut().insert("authorization", "Bearer of-the-viewer".parse().unwrap());
        request.extensions_mut().extend(
            caller
                .map(|caller| {
                    let mut extensions = http::Extensions::new();
                    extensions.insert(caller);
                    extensions
                })
                .unwrap_or_default(),
        );
        let response = buckets.origin(bucket).call(request).await;
        let status = response.status().as_u16();
        (status, collect(response.into_body(), 1 << 20).await.unwrap())
    };
    let cdn = || {
        let source_arn = "arn:aws:cloudfront::000000000000:distribution/E1".to_owned();
        Some(Caller::Service { name: "cloudfront.amazonaws.com".to_owned(), source_arn })
    };
    assert_eq!(get("site", "/index.html", "GET", cdn()).await, (200, "hello".into()));
    assert_eq!(get("site", "/index.html?Signature=x&X-Amz-Signature=y", "GET", cdn()).await.0, 200);
    // The policy does not let it list, so it does not learn what is missing.
    assert_eq!(get("site", "/missing", "GET", cdn()).await.0, 403);
    assert_eq!(get("site", "/index.html", "DELETE", cdn()).await.0, 403);
    assert_eq!(get("site", "//shut/index.html", "GET", cdn()).await.0, 403);
    assert_eq!(get("shut", "/index.html", "GET", cdn()).await.0, 403);
    assert_eq!(get("site", "/index.html", "GET", None).await.0, 403);
    assert_eq!(get("none", "/index.html", "GET", cdn()).await.0, 404);
}

#[tokio::test]
async fn a_call_is_a_step_of_the_request_its_caller_works_for() {
    let world = World::ephemeral();
    let (_buckets, to, _stop) = shared::serve(&world, vec![shared::bucket("files", json!({}))]).await;
    put(to, "/files/mine", "x").await;
    let trace = Trace::begin(0, "http://127.0.0.1:4001", "GET /".to_owned());
    world.identities.find("ASIAROLE").unwrap().work_for(trace.clone());
    assert_eq!(ROLE.send(to, "GET", "/files/mine", b"").await.status, 200);
    assert_eq!(ROLE.send(to, "GET", "/files/yours", b"").await.status, 403);
    let steps = trace.finish(200).unwrap().steps;
    let seen: Vec<_> = steps.iter().map(|step| (step.what.as_str(), step.outcome.as_str())).collect();
    assert_eq!(seen, [("s3:GetObject mine", "200"), ("s3:GetObject yours", "denied")]);
    assert_eq!(steps[0].resource.as_ref().unwrap().logical_id, "files");
}

#[tokio::test]
async fn a_bucket_that_left_the_template_is_not_served_but_kept() {
    let (buckets, to, _stop) =
        shared::serve(&World::ephemeral(), vec![shared::bucket("files", json!({}))]).await;
    put(to, "/files/k", "kept").await;
    buckets.apply(&stack_builder_local_core::Resources::default());
    assert_eq!(ME.send(to, "GET", "/files/k", b"").await.code(), "NoSuchBucket");
    let back = stack_builder_local_core::Resources::new(vec![shared::bucket("files", json!({}))]);
    buckets.apply(&back);
    assert_eq!(ME.send(to, "GET", "/files/k", b"").await.text(), "kept");
}

#[tokio::test]
async fn a_role_needs_its_token() {
    let (_buckets, to, _stop) =
        shared::serve(&World::ephemeral(), vec![shared::bucket("files", json!({}))]).await;
    put(to, "/files/mine", "x").await;
    let code = async |signer: Signer| signer.send(to, "GET", "/files/mine", b"").await.code();
    assert_eq!(code(ROLE).await, "");
    assert_eq!(code(Signer { token: None, ..ROLE }).await, "InvalidAccessKeyId");
    assert_eq!(code(Signer { token: Some("other"), ..ROLE }).await, "InvalidToken");
    assert_eq!(code(Signer { key: "AKIANOBODY", ..ME }).await, "InvalidAccessKeyId");
}
