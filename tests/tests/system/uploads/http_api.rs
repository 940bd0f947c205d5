//! The API as a page uses it, and as others try to.

use crate::world::{Outputs, World};
use serde_json::{Value, json};
use stack_builder_tests::{Response, Tokens, text_of};

const PASSWORD: &str = "Correct-horse-7-battery";
const PICTURE: &str = "not really a picture";

/// A signed-in user.
struct User<'a> {
    world: &'a World,
    outputs: &'a Outputs,
    sub: String,
    token: String,
}

impl User<'_> {
    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Response {
        let headers = [("authorization", self.token.as_str()), ("content-type", "application/json")];
        self.world.http.send("POST", &self.outputs.api(path), &headers, &body.to_string())
    }

    #[track_caller]
    fn files(&self) -> Vec<Value> {
        let url = self.outputs.api("/files");
        let answer = self.world.http.send("GET", &url, &[("authorization", &self.token)], "");
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["files"].as_array().expect("files").clone()
    }
}

/// Without a token that the user pool signed, no route answers.
#[track_caller]
pub(crate) fn refuses_strangers(world: &World, outputs: &Outputs) {
    let routes = [("POST", "/getUploadUrl"), ("POST", "/saveMetadata"), ("GET", "/files")];
    for (method, path) in routes {
        for headers in [&[][..], &[("authorization", "Bearer not.a.token")]] {
            let answer = world.http.send(method, &outputs.api(path), headers, "{}");
            assert_eq!(answer.status, 401, "{method} {path} {headers:?}: {answer:?}");
        }
    }
}

/// Two users sign up, confirm and sign in; one uploads a file, and the other sees nothing of it.
#[track_caller]
pub(crate) fn serves_its_users(world: &World, outputs: &Outputs) {
    let ada = signed_in(world, outputs, "ada@example.org");
    let eve = signed_in(world, outputs, "eve@example.org");
    refuses_tampered_tokens(&ada);

    let file = uploads_a_file(&ada);
    refuses_incomplete_metadata(&ada);
    lists_the_file(&ada, &file);
    keeps_it_from(&eve, &file);
}

#[track_caller]
fn signed_in<'a>(world: &'a World, outputs: &'a Outputs, email: &str) -> User<'a> {
    let cognito = outputs.cognito(&world.emulator);
    let weak = cognito.sign_up(email, "short").expect_err("a weak password");
    assert_eq!(weak.code, "InvalidPasswordException");
    let sub = cognito.sign_up(email, PASSWORD).expect("signed up");

    let early = cognito.sign_in(email, PASSWORD).expect_err("not confirmed yet");
    assert_eq!(early.code, "UserNotConfirmedException");
    let wrong = cognito.confirm(email, "000000").expect_err("another code");
    assert_eq!(wrong.code, "CodeMismatchException");
    let mail = world.emulator.mail(email);
    let code: String = mail.chars().filter(char::is_ascii_digit).collect();
    cognito.confirm(email, &code).unwrap_or_else(|error| panic!("{error:?} with the code of {mail:?}"));

    let refused = cognito.sign_in(email, "Another-horse-8-battery").expect_err("another password");
    assert_eq!(refused.code, "NotAuthorizedException");
    let Tokens { id, .. } = cognito.sign_in(email, PASSWORD).expect("signed in");
    signs_in_on_the_hosted_page(world, outputs, email);
    User { world, outputs, sub, token: format!("Bearer {id}") }
}

/// As the page does it: authorization code and PKCE.
#[track_caller]
fn signs_in_on_the_hosted_page(world: &World, outputs: &Outputs, email: &str) {
    let cognito = outputs.cognito(&world.emulator);
    let redirect = outputs.redirect(&world.aws);
    let sign_in = |password, spoil| cognito.hosted_sign_in(email, password, &redirect, spoil);
    let tokens = sign_in(PASSWORD, None).expect("signed in");
    let headers = [("authorization", &*format!("Bearer {}", tokens.access))];
    let answer = world.http.send("GET", &outputs.api("/files"), &headers, "");
    assert_eq!(answer.status, 200, "an access token: {answer:?}");
    assert_eq!(
        sign_in("Another-horse-8-battery", None).expect_err("another password").code,
        "NotAuthorizedException"
    );
    assert_eq!(sign_in(PASSWORD, Some(&"x".repeat(64))).expect_err("another verifier").code, "invalid_grant");
}

#[track_caller]
fn refuses_tampered_tokens(user: &User<'_>) {
    let (head, signature) = user.token.rsplit_once('.').expect("a signed token");
    let (header, claims) = head.rsplit_once('.').expect("claims");
    let flipped: String = signature.chars().rev().collect();
    let other_claims = claims.replacen(&claims[10..11], if &claims[10..11] == "A" { "B" } else { "A" }, 1);
    for token in [
        format!("{head}.{flipped}"),
        format!("{header}.{other_claims}.{signature}"),
        format!("{head}."),
        // {"alg":"none"}
        format!("Bearer eyJhbGciOiJub25lIn0.{claims}."),
    ] {
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        let answer = user.world.http.send("POST", &user.outputs.api("/getUploadUrl"), &headers, "{}");
        assert_eq!(answer.status, 401, "{token}: {answer:?}");
    }
}

/// Asks for a URL, puts the file there, and saves what is known of it.
#[track_caller]
fn uploads_a_file(user: &User<'_>) -> Value {
    let World { http, aws, .. } = user.world;
    let answer = user.post("/getUploadUrl", &json!({ "fileName": "cat.png", "contentType": "image/png" }));
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
    let stored = aws.call("s3", "get_object", json!({ "Bucket": user.outputs.bucket(), "Key": key }));
    assert_eq!(stored["ContentType"], "image/png");
    assert_eq!(text_of(&stored["Body"]), PICTURE);

    let metadata = json!({
        "fileId": id, "key": key, "size": PICTURE.len(), "contentType": "image/png", "extra": { "album": "cats" },
        // Whoever the body names, the token says who calls.
        "userId": "somebody-else",
    });
    let answer = user.post("/saveMetadata", &metadata);
    assert_eq!(answer.status, 200, "{answer:?}");
    let item = json!({ "UserId": { "S": user.sub }, "FileId": { "S": id } });
    let item = aws.call("dynamodb", "get_item", json!({ "TableName": user.outputs.table(), "Key": item }));
    assert_eq!(item["Item"]["S3Key"]["S"], key, "{item}");
    assert_eq!(item["Item"]["Size"]["N"], PICTURE.len().to_string(), "{item}");
    let scan = aws.call("dynamodb", "scan", json!({ "TableName": user.outputs.table() }));
    assert_eq!(scan["Count"], 1, "{scan}");
    metadata
}

#[track_caller]
fn refuses_incomplete_metadata(user: &User<'_>) {
    let answer = user.post("/saveMetadata", &json!({ "contentType": "image/png" }));
    assert_eq!(answer.status, 400, "{answer:?}");
    for missing in ["fileId", "key", "size"] {
        assert!(answer.body.contains(missing), "`{missing}` is not named: {answer:?}");
    }
    let answer =
        user.post("/getUploadUrl", &json!({ "fileName": "../../etc/passwd", "contentType": "text/plain" }));
    assert_eq!(answer.status, 400, "{answer:?}");
}

#[track_caller]
fn lists_the_file(user: &User<'_>, file: &Value) {
    let files = user.files();
    let [listed] = files.as_slice() else { panic!("not one file: {files:#?}") };
    assert_eq!(listed["fileId"], file["fileId"]);
    assert_eq!(listed["key"], file["key"]);
    let url = listed["downloadUrl"].as_str().expect("a download URL");
    let answer = user.world.http.send("GET", url, &[], "");
    assert_eq!((answer.status, answer.body.as_str()), (200, PICTURE));
    let plain = url.split('?').next().unwrap_or_default();
    assert_eq!(user.world.http.send("GET", plain, &[], "").status, 403, "the file without a signature");
}

/// Another user neither sees the file nor can claim it.
#[track_caller]
fn keeps_it_from(other: &User<'_>, file: &Value) {
    assert_eq!(other.files(), [] as [Value; 0]);
    let answer = other.post("/saveMetadata", file);
    assert_eq!(answer.status, 400, "another user's key: {answer:?}");
    assert_eq!(other.files(), [] as [Value; 0]);
}
