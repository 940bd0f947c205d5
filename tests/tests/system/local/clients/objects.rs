//! S3 through boto3, and through the URLs that it signs.

use super::super::person::{deployed_as, outputs};
use super::super::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Aws, AwsError, Http, text_of};
use std::thread::sleep;
use std::time::Duration;

/// The bucket of the uploads application; every test has a prefix to itself.
struct Bucket {
    aws: Aws,
    name: Value,
    http: Http,
}

impl Bucket {
    fn call(&self, operation: &str, mut parameters: Value) -> Result<Value, AwsError> {
        parameters["Bucket"] = self.name.clone();
        self.aws.try_call("s3", operation, parameters)
    }

    #[track_caller]
    fn done(&self, operation: &str, parameters: Value) -> Value {
        self.call(operation, parameters).unwrap_or_else(|error| panic!("{operation}: {error:?}"))
    }

    #[track_caller]
    fn signed(&self, method: &str, mut parameters: Value, seconds: i32) -> String {
        parameters["Bucket"] = self.name.clone();
        let asked = json!({ "ClientMethod": method, "Params": parameters, "ExpiresIn": seconds });
        let url = self.aws.call("s3", "generate_presigned_url", asked);
        url.as_str().expect("a URL").to_owned()
    }
}

fn with_bucket(test: impl FnOnce(&Bucket)) {
    let local = local();
    let aws = aws(&local);
    let name = outputs(&aws, &deployed_as(&aws, "uploads"))["BucketName"].clone();
    test(&Bucket { aws, name, http: Http::plain() });
}

#[test]
fn objects_are_put_read_listed_and_removed() {
    with_bucket(|bucket| {
        let key = "boto/a b/größe+&?#%25 \u{1f600}.txt";
        let put = json!({
            "Key": key, "Body": "hello, objects", "ContentType": "text/x-test", "Metadata": { "colour": "red" },
        });
        let put = bucket.done("put_object", put);
        let got = bucket.done("get_object", json!({ "Key": key }));
        assert_eq!(text_of(&got["Body"]), "hello, objects");
        assert_eq!((&got["ETag"], &got["ContentType"]), (&put["ETag"], &json!("text/x-test")));
        assert_eq!(got["Metadata"], json!({ "colour": "red" }));
        let part = bucket.done("get_object", json!({ "Key": key, "Range": "bytes=7-9" }));
        assert_eq!((text_of(&part["Body"]).as_str(), &part["ContentRange"]), ("obj", &json!("bytes 7-9/14")));
        let copy = json!({ "Key": "boto/copy", "CopySource": { "Bucket": bucket.name, "Key": key } });
        bucket.done("copy_object", copy);
        assert_eq!(bucket.done("head_object", json!({ "Key": "boto/copy" }))["ContentLength"], 14);

        let listed = bucket.done("list_objects_v2", json!({ "Prefix": "boto/", "Delimiter": "/" }));
        assert_eq!(listed["CommonPrefixes"], json!([{ "Prefix": "boto/a b/" }]));
        assert_eq!((&listed["Contents"][0]["Key"], &listed["KeyCount"]), (&json!("boto/copy"), &json!(2)));
        let both = json!({ "Objects": [{ "Key": key }, { "Key": "boto/copy" }, { "Key": "boto/none" }] });
        let gone = bucket.done("delete_objects", json!({ "Delete": both }));
        assert_eq!(gone["Deleted"].as_array().map(Vec::len), Some(3), "{gone}");
        let absent = bucket.call("get_object", json!({ "Key": key })).expect_err("it is gone");
        assert_eq!(absent.code, "NoSuchKey");
        assert_eq!(bucket.call("head_object", json!({ "Key": key })).expect_err("gone").code, "404");
    });
}

#[test]
fn large_objects_come_in_parts() {
    with_bucket(|bucket| {
        let key = json!("parts/large");
        let upload = bucket.done("create_multipart_upload", json!({ "Key": key }))["UploadId"].take();
        let mebibytes = 5 << 20;
        let parts = ["a".repeat(mebibytes), "b".repeat(10)];
        let mut made = Vec::new();
        for (number, body) in (1..).zip(&parts) {
            let part = json!({ "Key": key, "UploadId": upload, "PartNumber": number, "Body": body });
            let tag = bucket.done("upload_part", part)["ETag"].take();
            made.push(json!({ "PartNumber": number, "ETag": tag }));
        }
        let all = json!({ "Key": key, "UploadId": upload, "MultipartUpload": { "Parts": made } });
        let whole = bucket.done("complete_multipart_upload", all);
        assert!(whole["ETag"].as_str().is_some_and(|tag| tag.ends_with("-2\"")), "{whole}");
        let end = bucket.done("get_object", json!({ "Key": key, "Range": "bytes=-12" }));
        assert_eq!(text_of(&end["Body"]), "aabbbbbbbbbb");
        assert_eq!(bucket.done("head_object", json!({ "Key": key }))["ContentLength"], mebibytes + 10);
    });
}

#[test]
fn signed_urls_let_anybody_do_one_thing() {
    with_bucket(|bucket| {
        let http = &bucket.http;
        let there = json!({ "Key": "signed/a b.txt" });
        let put = bucket.signed("put_object", there.clone(), 60);
        assert_eq!(http.send("PUT", &put, &[], "by URL").status, 200);
        let get = bucket.signed("get_object", there.clone(), 60);
        let got = http.send("GET", &get, &[], "");
        assert_eq!((got.status, got.body.as_str()), (200, "by URL"));

        let refused = |method: &str, url: &str, code: &str| {
            let answer = http.send(method, url, &[], "");
            assert_eq!(answer.status, 403, "{method} {url}: {answer:?}");
            assert!(answer.body.contains(&format!("<Code>{code}</Code>")), "{answer:?}");
        };
        refused("PUT", &get, "SignatureDoesNotMatch");
        refused("GET", &get.replace("signed/", "other/"), "SignatureDoesNotMatch");
        let plain = get.split('?').next().unwrap_or_default();
        refused("GET", plain, "AccessDenied");
        let brief = bucket.signed("get_object", there, 1);
        sleep(Duration::from_millis(2100));
        refused("GET", &brief, "AccessDenied");
    });
}

#[test]
fn forms_post_what_their_policy_says() {
    with_bucket(|bucket| {
        let asked = json!({
            "Bucket": bucket.name, "Key": "form/${filename}", "ExpiresIn": 60,
            "Conditions": [["starts-with", "$key", "form/"], ["content-length-range", 1, 20]],
        });
        let form = bucket.aws.call("s3", "generate_presigned_post", asked);
        let post = |content: &str| {
            let field = |(name, value): (&String, &Value)| {
                let value = value.as_str().unwrap_or_default();
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            let fields: Vec<_> = form["fields"].as_object().expect("fields").iter().map(field).collect();
            let disposition = "Content-Disposition: form-data; name=\"file\"; filename=\"cat.txt\"";
            let file =
                format!("--x\r\n{disposition}\r\nContent-Type: text/plain\r\n\r\n{content}\r\n--x--\r\n");
            let body = fields.concat() + &file;
            let url = form["url"].as_str().expect("a URL");
            bucket.http.send("POST", url, &[("content-type", "multipart/form-data; boundary=x")], &body)
        };
        assert_eq!(post("meow").status, 204);
        assert_eq!(text_of(&bucket.done("get_object", json!({ "Key": "form/cat.txt" }))["Body"]), "meow");
        let large = post("a meow that is longer than it may be");
        assert_eq!(large.status, 400, "{large:?}");
        assert!(large.body.contains("EntityTooLarge"), "{large:?}");
    });
}
