//! Files as a page puts and lists them, and as others try to.

use crate::user::User;
use crate::world::World;
use serde_json::{Value, json};
use stack_builder_tests::text_of;

const PICTURE: &str = "not really a picture";

/// What the API answers to, on every kind of API.
pub(crate) const ROUTES: &[(&str, &str)] =
    &[("POST", "/getUploadUrl"), ("POST", "/saveMetadata"), ("GET", "/files")];

/// One user uploads a file, and another neither sees it nor can claim it.
#[track_caller]
pub(crate) fn belong_to_who_uploads_them(user: &User<'_>, other: &User<'_>) {
    let file = uploads_a_file(user);
    refuses_incomplete_metadata(user);
    lists_the_file(user, &file);
    keeps_it_from(other, &file);
}

#[track_caller]
fn files(user: &User<'_>) -> Vec<Value> {
    let answer = user.ask("GET", "/files");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["files"].as_array().expect("files").clone()
}

/// Asks for a URL, puts the file there, and saves what is known of it.
#[track_caller]
fn uploads_a_file(user: &User<'_>) -> Value {
    let World { http, aws, .. } = user.api.world;
    let answer =
        user.send("POST", "/getUploadUrl", &json!({ "fileName": "cat.png", "contentType": "image/png" }));
    assert_eq!(answer.status, 200, "{answer:?}");
    let file = answer.json();
    let text =
        |field: &str| file[field].as_str().unwrap_or_else(|| panic!("no `{field}` in {file}")).to_owned();
    let (url, key, id) = (text("uploadUrl"), text("key"), text("fileId"));
    assert!(key.starts_with(&format!("{}/", user.sub)), "`{key}` does not lie under the caller's name");

    for headers in [&[][..], &[("content-type", "text/html")]] {
        let refused = http.send("PUT", &url, headers, PICTURE);
        assert_eq!(refused.status, 403, "{headers:?}: {refused:?}");
    }
    let elsewhere =
        http.send("PUT", &url.replace("cat.png", "dog.png"), &[("content-type", "image/png")], PICTURE);
    assert_eq!(elsewhere.status, 403, "{elsewhere:?}");
    let put = http.send("PUT", &url, &[("content-type", "image/png")], PICTURE);
    assert_eq!(put.status, 200, "{put:?}");
    let stored = aws.call("s3", "get_object", json!({ "Bucket": user.api.outputs.bucket(), "Key": key }));
    assert_eq!(stored["ContentType"], "image/png");
    assert_eq!(text_of(&stored["Body"]), PICTURE);

    let metadata = json!({
        "fileId": id, "key": key, "size": PICTURE.len(), "contentType": "image/png", "extra": { "album": "cats" },
        // Whoever the body names, the token says who calls.
        "userId": "somebody-else",
    });
    let answer = user.send("POST", "/saveMetadata", &metadata);
    assert_eq!(answer.status, 200, "{answer:?}");
    let item = json!({ "UserId": { "S": user.sub }, "FileId": { "S": id } });
    let item =
        aws.call("dynamodb", "get_item", json!({ "TableName": user.api.outputs.table(), "Key": item }));
    assert_eq!(item["Item"]["S3Key"]["S"], key, "{item}");
    assert_eq!(item["Item"]["Size"]["N"], PICTURE.len().to_string(), "{item}");
    let scan = aws.call("dynamodb", "scan", json!({ "TableName": user.api.outputs.table() }));
    assert_eq!(scan["Count"], 1, "{scan}");
    metadata
}

#[track_caller]
fn refuses_incomplete_metadata(user: &User<'_>) {
    let answer = user.send("POST", "/saveMetadata", &json!({ "contentType": "image/png" }));
    assert_eq!(answer.status, 400, "{answer:?}");
    for missing in ["fileId", "key", "size"] {
        assert!(answer.body.contains(missing), "`{missing}` is not named: {answer:?}");
    }
    let answer = user.send(
        "POST",
        "/getUploadUrl",
        &json!({ "fileName": "../../etc/passwd", "contentType": "text/plain" }),
    );
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[track_caller]
fn lists_the_file(user: &User<'_>, file: &Value) {
    let files = files(user);
    let [listed] = files.as_slice() else { panic!("not one file: {files:#?}") };
    assert_eq!(listed["fileId"], file["fileId"]);
    assert_eq!(listed["key"], file["key"]);
    let url = listed["downloadUrl"].as_str().expect("a download URL");
    let answer = user.api.world.http.send("GET", url, &[], "");
    assert_eq!((answer.status, answer.body.as_str()), (200, PICTURE));
    let plain = url.split('?').next().unwrap_or_default();
    assert_eq!(user.api.world.http.send("GET", plain, &[], "").status, 403, "the file without a signature");
}

/// Another user neither sees the file nor can claim it.
#[track_caller]
fn keeps_it_from(other: &User<'_>, file: &Value) {
    assert_eq!(files(other), [] as [Value; 0]);
    let answer = other.send("POST", "/saveMetadata", file);
    assert_eq!(answer.status, 400, "another user's key: {answer:?}");
    assert_eq!(files(other), [] as [Value; 0]);
}
