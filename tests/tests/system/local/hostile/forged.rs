//! Tokens and signatures that are forged, spent, borrowed or tampered with, through the whole stack.

use super::raw::{address, exchange, status, unharmed};
use crate::local::person::{Person, outputs};
use crate::local::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Aws, Credentials, Local, bytes, text_of};

#[test]
fn no_forged_token_opens_an_api() {
    let local = local();
    let aws = aws(&local);
    let eve = Person::signed_up(&local, &aws, "uploads", "eve@example.org");
    let mallory = Person::signed_up(&local, &aws, "todo", "mallory@example.org");
    // Each door, who may pass it, and somebody of another pool.
    let doors = [("uploads", "/files", &eve, &mallory), ("todo", "/item", &mallory, &eve)];
    for (stack, path, owner, stranger) in doors {
        let url = format!("{}{path}", local.url(stack, "ApiUrl"));
        assert_eq!(ask(&url, &format!("Bearer {}", owner.token("id"))), 200, "{stack}");
        let mut forged = forgeries(owner.token("id"));
        forged.push(("of another pool", format!("Bearer {}", stranger.token("id"))));
        forged.push(("a refresh token", format!("Bearer {}", owner.token("refresh"))));
        assert!(forged.len() >= 30, "{}", forged.len());
        for (what, header) in forged {
            let answered = ask(&url, &header);
            // 429: the stage lets only so many in a second through. 494: CloudFront on a head that is too large.
            assert!([400, 401, 403, 429, 431, 494].contains(&answered), "{stack} took {what}: {answered}");
        }
    }
    unharmed(&local);
}

/// Sent as bytes, for a client would not send some of them; slowly enough for the stage's throttle.
#[track_caller]
fn ask(url: &str, authorization: &str) -> u16 {
    std::thread::sleep(std::time::Duration::from_millis(60));
    let host = address(url);
    let path = &url[url.find(&host).unwrap_or_default() + host.len()..];
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n"
    );
    status(&exchange(&host, request.as_bytes()))
}

fn forgeries(token: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = token.split('.').collect();
    let [head, claims, signature] = parts[..] else { panic!("no token: {token}") };
    let header = |change: Value| format!("{}.{claims}.{signature}", changed(head, &change));
    let claim = |change: Value| format!("{head}.{}.{signature}", changed(claims, &change));
    let unsigned = |algorithm: &str| format!("{}.{claims}.", changed(head, &json!({ "alg": algorithm })));
    let flipped = |at: usize| {
        let other = if signature.as_bytes()[at] == b'A' { "B" } else { "A" };
        format!("{head}.{claims}.{}{other}{}", &signature[..at], &signature[at + 1..])
    };
    let tokens = [
        ("no algorithm", unsigned("none")),
        ("no algorithm, in capitals", unsigned("NONE")),
        ("an empty algorithm", unsigned("")),
        ("a symmetric algorithm", header(json!({ "alg": "HS256" }))),
        ("another algorithm", header(json!({ "alg": "RS512" }))),
        ("another kind of algorithm", header(json!({ "alg": "ES256" }))),
        ("another key", header(json!({ "kid": "mine" }))),
        ("no key", header(json!({ "kid": null }))),
        ("a key that is a path", header(json!({ "kid": "../../../../dev/null" }))),
        ("a key in the header", header(json!({ "jwk": { "kty": "RSA", "n": "AQAB", "e": "AQAB" } }))),
        ("a key elsewhere", header(json!({ "jku": "http://127.0.0.1:1/keys" }))),
        ("a critical extension", header(json!({ "crit": ["x"], "x": true }))),
        ("another user", claim(json!({ "sub": "somebody-else" }))),
        ("a later end", claim(json!({ "exp": 4_102_444_800_u64 }))),
        ("an end that has passed", claim(json!({ "exp": 1 }))),
        ("no end", claim(json!({ "exp": null }))),
        ("an end that is text", claim(json!({ "exp": "never" }))),
        ("a later beginning", claim(json!({ "nbf": 4_102_444_800_u64, "iat": 4_102_444_800_u64 }))),
        ("another issuer", claim(json!({ "iss": "https://evil.example" }))),
        ("another audience", claim(json!({ "aud": "another" }))),
        ("all audiences", claim(json!({ "aud": ["another", "*"] }))),
        ("another use", claim(json!({ "token_use": "access" }))),
        ("a group more", claim(json!({ "cognito:groups": ["administrators"] }))),
        ("a first bit of the signature", flipped(0)),
        ("a middle bit of the signature", flipped(signature.len() / 2)),
        ("a signature cut short", format!("{head}.{claims}.{}", &signature[..signature.len() / 2])),
        ("no signature", format!("{head}.{claims}.")),
        ("two parts", format!("{head}.{claims}")),
        ("four parts", format!("{token}.{signature}")),
        ("one part", head.to_owned()),
        ("nothing but dots", "..".to_owned()),
        ("what is no base64", format!("{head}!.{claims}.{signature}")),
        ("claims that are no JSON", format!("{head}.AAAA.{signature}")),
        ("a large token", format!("{head}.{}.{signature}", "A".repeat(50_000))),
    ];
    let mut all: Vec<_> = tokens.into_iter().map(|(what, token)| (what, format!("Bearer {token}"))).collect();
    all.push(("no token", String::new()));
    all.push(("only the scheme", "Bearer ".to_owned()));
    all.push(("another scheme", format!("Basic {token}")));
    all.push(("two tokens", format!("Bearer {token}, Bearer {token}")));
    all
}

/// A part of a token with members changed; `null` removes one.
fn changed(part: &str, change: &Value) -> String {
    let standard = part.replace('-', "+").replace('_', "/");
    let mut value: Value = serde_json::from_str(&text_of(&json!({ "$base64": standard }))).expect("JSON");
    for (name, new) in change.as_object().into_iter().flatten() {
        value[name] = new.clone();
    }
    value.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    let encoded = bytes(value.to_string().as_bytes())["$base64"].as_str().unwrap_or_default().to_owned();
    encoded.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

#[test]
fn no_forged_signature_is_answered() {
    let local = local();
    let aws = aws(&local);
    let bucket = outputs(&aws, "uploads-dev")["BucketName"].clone();
    let table = outputs(&aws, "todo-dev")["TableName"].clone();
    let strangers = [
        Credentials::new("local", "wrong"),
        Credentials::new("local", ""),
        Credentials::new("nobody", "local"),
        Credentials::new("LOCAL", "local"),
        Credentials { token: Some("made up".to_owned()), ..Credentials::new("ASIAFORGED0000000000", "x") },
    ];
    let calls = [
        ("s3", "get_object", json!({ "Bucket": bucket, "Key": "x" })),
        ("s3", "list_objects_v2", json!({ "Bucket": bucket })),
        ("dynamodb", "scan", json!({ "TableName": table })),
        ("secretsmanager", "list_secrets", json!({})),
        ("cognito-idp", "list_user_pools", json!({ "MaxResults": 1 })),
        ("lambda", "list_functions", json!({})),
        ("sts", "get_caller_identity", json!({})),
        ("cloudformation", "describe_stacks", json!({})),
    ];
    for (service, operation, parameters) in calls {
        for who in &strangers {
            let answer = aws.try_call_as(who, service, operation, parameters.clone());
            assert!(answer.is_err(), "{service} {operation} answered {who:?}: {answer:?}");
        }
    }
    presigned(&local, &aws, bucket.as_str().unwrap_or_default());
    unharmed(&local);
}

/// A signed address is good for one method, one object and its time.
fn presigned(local: &Local, aws: &Aws, bucket: &str) {
    let content = json!({ "Bucket": bucket, "Key": "kept", "Body": bytes(b"kept") });
    aws.call("s3", "put_object", content);
    let ada = Person::signed_up(local, aws, "uploads", "ada@example.org");
    let wanted = json!({ "fileName": "a.txt", "contentType": "text/plain" }).to_string();
    let signed =
        ada.send("POST", "/getUploadUrl", &wanted).json()["uploadUrl"].as_str().expect("a URL").to_owned();
    let host = address(&signed);
    let path = signed[signed.find(&host).unwrap_or_default() + host.len()..].to_owned();
    let put = |path: &str, method: &str| {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
        );
        status(&exchange(&host, request.as_bytes()))
    };
    let value = |name: &str| {
        let start = path.find(name).unwrap_or_else(|| panic!("no {name} in {path}")) + name.len() + 1;
        path[start..].split('&').next().unwrap_or_default().to_owned()
    };
    let with =
        |name: &str, new: &str| path.replace(&format!("{name}={}", value(name)), &format!("{name}={new}"));
    let (plain, query) = path.split_once('?').expect("a query");
    let forged = [
        with("X-Amz-Signature", &"0".repeat(64)),
        with("X-Amz-Signature", ""),
        with("X-Amz-Signature", &value("X-Amz-Signature").to_uppercase()),
        with("X-Amz-Expires", "604800"),
        with("X-Amz-Expires", "-1"),
        with("X-Amz-Expires", "99999999999999999999"),
        with("X-Amz-Date", "20200101T000000Z"),
        with("X-Amz-Date", "29990101T000000Z"),
        with("X-Amz-Algorithm", "AWS4-HMAC-SHA1"),
        with("X-Amz-SignedHeaders", "host"),
        with("X-Amz-Credential", "local%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"),
        format!("{path}&x-id=GetObject"),
        format!("{path}&versionId=null"),
        format!("{plain}x?{query}"),
        format!("/{bucket}/kept?{query}"),
        format!("/another-bucket/kept?{query}"),
        plain.to_owned(),
    ];
    for path in forged {
        let answered = put(&path, "PUT");
        assert!([400, 403].contains(&answered), "PUT {path}: {answered}");
    }
    for method in ["GET", "DELETE", "POST"] {
        assert!(
            [400, 403, 405, 412].contains(&put(&path, method)),
            "{method} {path}: {}",
            put(&path, method)
        );
    }
    assert_eq!(put(&path, "PUT"), 200, "{path}");
    let kept = aws.call("s3", "get_object", json!({ "Bucket": bucket, "Key": "kept" }));
    assert_eq!(text_of(&kept["Body"]), "kept");
}
