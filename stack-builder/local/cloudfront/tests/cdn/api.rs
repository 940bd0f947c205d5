//! CloudFront's API.

use crate::harness::{OPTIMIZED, Stage, behavior, stage};
use stack_builder_local_core::{Api, ApiCall, Caller, Principal, Trace, collect};
use std::sync::Arc;

async fn call(stage: &Stage, caller: Caller, method: &str, path: &str, body: &str) -> (u16, String) {
    let (parts, ()) =
        http::Request::builder().method(method).uri(path).body(()).expect("a request").into_parts();
    let (region, body) = ("us-east-1".to_owned(), body.to_owned().into());
    let call = ApiCall { caller, region, parts: Arc::new(parts), body, trace: Trace::default() };
    let (parts, body) = stage.cdn.call(call).await.into_parts();
    let body = collect(body, 1 << 20).await.expect("a body");
    (parts.status.as_u16(), String::from_utf8(body.to_vec()).expect("text"))
}

const ADMINISTRATOR: Caller = Caller::Principal(Principal::Administrator);
const BATCH: &str = "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>1\
                     </Quantity><Items><Path>/a*</Path></Items></Paths><CallerReference>r1</CallerReference>\
                     </InvalidationBatch>";

#[tokio::test]
async fn an_invalidation_makes_the_cdn_forget() {
    let stage = stage(behavior(OPTIMIZED)).run();
    stage.get("/a").await;
    stage.get("/b").await;
    let (status, body) =
        call(&stage, ADMINISTRATOR, "POST", "/2020-05-31/distribution/E1/invalidation", BATCH).await;
    assert!(status == 201 && body.contains("<Status>Completed</Status>"), "{body}");
    assert_eq!((stage.get("/a").await.cache(), stage.get("/b").await.cache()), ("Miss", "Hit"));
    let id = body.split_once("<Id>").expect("it").1.split_once("</Id>").expect("it").0;
    let path = format!("/2020-05-31/distribution/E1/invalidation/{id}");
    assert_eq!(call(&stage, ADMINISTRATOR, "GET", &path, "").await.0, 200);
    let again = call(&stage, ADMINISTRATOR, "POST", "/2020-05-31/distribution/E1/invalidation", BATCH).await;
    assert!(again.1.contains(id), "the same batch is the same invalidation");
}

#[tokio::test]
async fn other_calls() {
    let stage = stage(behavior(OPTIMIZED)).run();
    let at = "/2020-05-31/distribution";
    let table = [
        ("GET", at.to_owned(), "", 200, "<Id>E1</Id>"),
        ("GET", format!("{at}/E1"), "", 200, "<Status>Deployed</Status>"),
        ("GET", format!("{at}/E1/invalidation"), "", 200, "<Quantity>0</Quantity>"),
        ("GET", format!("{at}/E2"), "", 404, "NoSuchDistribution"),
        ("GET", format!("{at}/E1/invalidation/I1"), "", 404, "NoSuchInvalidation"),
        ("POST", format!("{at}/E1/invalidation"), "<junk", 400, "MalformedXML"),
        (
            "POST",
            format!("{at}/E1/invalidation"),
            "<CallerReference>a</CallerReference>",
            400,
            "InvalidArgument",
        ),
        ("DELETE", format!("{at}/E1"), "", 400, "InvalidAction"),
        ("GET", "/elsewhere".to_owned(), "", 400, "InvalidAction"),
    ];
    for (method, path, body, status, expect) in table {
        let seen = call(&stage, ADMINISTRATOR, method, &path, body).await;
        assert!(seen.0 == status && seen.1.contains(expect), "{method} {path}: {seen:?}");
    }
    let refused = call(&stage, Caller::Anonymous, "GET", at, "").await;
    assert!(refused.0 == 403 && refused.1.contains("AccessDenied"), "{refused:?}");
}
