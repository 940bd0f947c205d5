//! Requests whose signature is forged in every way.

use super::{Signed, Wish, signed};
use stack_builder_local_core::Credentials;
use stack_builder_local_iam::SignatureFault;

type Forgery = (&'static str, SignatureFault, fn(&mut Signed));

/// Forgeries of a request of a role that is signed in its header.
const IN_HEADER: &[Forgery] = &[
    ("another body", SignatureFault::Mismatch, |s| s.body.push(b' ')),
    ("no body", SignatureFault::Mismatch, |s| s.body.clear()),
    ("another method", SignatureFault::Mismatch, |s| s.parts.method = http::Method::PUT),
    ("another path", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("/p", "/q"))),
    ("a longer path", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("/p", "/p/"))),
    ("another encoding of the path", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("/p", "/%70"))),
    ("another parameter", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("a=1", "a=2"))),
    ("one parameter more", SignatureFault::Mismatch, |s| s.uri(|u| format!("{u}&b=1"))),
    ("one parameter less", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("?a=1", ""))),
    ("another target", SignatureFault::Mismatch, |s| {
        s.header("x-amz-target", "DynamoDB_20120810.DeleteTable");
    }),
    ("a second target", SignatureFault::Mismatch, |s| {
        s.again("x-amz-target", "DynamoDB_20120810.DeleteTable");
    }),
    ("no target", SignatureFault::Mismatch, |s| {
        s.parts.headers.remove("x-amz-target");
    }),
    ("another host", SignatureFault::Mismatch, |s| s.header("host", "evil.example")),
    ("two hosts", SignatureFault::Incomplete, |s| s.again("host", "evil.example")),
    ("another content type", SignatureFault::Mismatch, |s| s.header("content-type", "text/plain")),
    ("an unsigned header of AWS", SignatureFault::Mismatch, |s| s.header("x-amz-acl", "public-read")),
    ("another date of the same day", SignatureFault::Mismatch, |s| {
        let date = s.parts.headers["x-amz-date"].to_str().expect("text").to_owned();
        let last = if date.ends_with("0Z") { "1Z" } else { "0Z" };
        s.header("x-amz-date", &format!("{}{last}", &date[..14]));
    }),
    ("another day", SignatureFault::Mismatch, |s| s.header("x-amz-date", "20200101T000000Z")),
    ("no date", SignatureFault::Incomplete, |s| {
        s.parts.headers.remove("x-amz-date");
    }),
    ("nonsense for a date", SignatureFault::Incomplete, |s| s.header("x-amz-date", "yesterday")),
    ("two dates", SignatureFault::Incomplete, |s| s.again("x-amz-date", "20200101T000000Z")),
    ("no token", SignatureFault::UnknownKey, |s| {
        s.parts.headers.remove("x-amz-security-token");
    }),
    ("another token", SignatureFault::UnknownKey, |s| s.header("x-amz-security-token", "other")),
    ("an empty token", SignatureFault::UnknownKey, |s| s.header("x-amz-security-token", "")),
    ("two tokens", SignatureFault::Incomplete, |s| s.again("x-amz-security-token", "other")),
    ("a hash of another body", SignatureFault::Mismatch, |s| {
        s.header("x-amz-content-sha256", &"0".repeat(64));
    }),
    ("no hash", SignatureFault::Mismatch, |s| s.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")),
    ("an unknown key", SignatureFault::UnknownKey, |s| s.authorization(|a| a.replace("ASIA", "AKIA"))),
    ("no key", SignatureFault::Incomplete, |s| s.authorization(|a| a.replace("Credential=", "Credentials="))),
    ("a credential of four parts", SignatureFault::Incomplete, |s| {
        s.authorization(|a| a.replace("/aws4_request", ""));
    }),
    ("a credential of six parts", SignatureFault::Incomplete, |s| {
        s.authorization(|a| a.replace("/aws4_request", "/x/aws4_request"));
    }),
    ("another end of the scope", SignatureFault::Mismatch, |s| {
        s.authorization(|a| a.replace("aws4_request", "aws5_request"));
    }),
    ("another region", SignatureFault::Mismatch, |s| {
        s.authorization(|a| a.replace("us-east-1", "eu-west-1"));
    }),
    ("another service", SignatureFault::Mismatch, |s| s.authorization(|a| a.replace("/dynamodb/", "/s3/"))),
    ("another algorithm", SignatureFault::Incomplete, |s| s.authorization(|a| a.replace("SHA256", "SHA512"))),
    ("the older scheme", SignatureFault::Incomplete, |s| s.header("authorization", "AWS ASIA:abc=")),
    ("a bearer token", SignatureFault::Incomplete, |s| s.header("authorization", "Bearer abc")),
    ("nothing but the algorithm", SignatureFault::Incomplete, |s| {
        s.header("authorization", "AWS4-HMAC-SHA256");
    }),
    ("an empty header", SignatureFault::Incomplete, |s| s.header("authorization", "")),
    ("two authorizations", SignatureFault::Incomplete, |s| s.again("authorization", "AWS4-HMAC-SHA256 x")),
    ("no authorization", SignatureFault::Missing, |s| {
        s.parts.headers.remove("authorization");
    }),
    ("no signature", SignatureFault::Incomplete, |s| {
        s.authorization(|a| a.split(", Signature").next().expect("a head").to_owned());
    }),
    ("an empty signature", SignatureFault::Mismatch, |s| {
        s.authorization(|a| format!("{}Signature=", a.split("Signature=").next().expect("a head")));
    }),
    ("a signature of zeros", SignatureFault::Mismatch, |s| {
        s.authorization(|a| {
            format!("{}Signature={}", a.split("Signature=").next().expect("a head"), "0".repeat(64))
        });
    }),
    ("a signature cut short", SignatureFault::Mismatch, |s| s.authorization(|a| a[..a.len() - 2].to_owned())),
    ("a longer signature", SignatureFault::Mismatch, |s| s.authorization(|a| format!("{a}00"))),
    ("two signatures", SignatureFault::Incomplete, |s| {
        s.authorization(|a| format!("{a}, Signature={}", "0".repeat(64)));
    }),
    ("the host unsigned", SignatureFault::Mismatch, |s| s.authorization(|a| a.replace("host;", ""))),
    ("the target unsigned", SignatureFault::Mismatch, |s| {
        s.authorization(|a| a.replace(";x-amz-target", ""));
    }),
    ("a signed header that is not there", SignatureFault::Mismatch, |s| {
        s.authorization(|a| a.replace(";x-amz-target", ";x-amz-target;x-none"));
    }),
    ("a header signed twice", SignatureFault::Mismatch, |s| {
        s.authorization(|a| a.replace("host;", "host;host;"));
    }),
    ("signed headers in capitals", SignatureFault::Mismatch, |s| {
        s.authorization(|a| a.replace("host;", "Host;"));
    }),
    ("no signed headers", SignatureFault::Mismatch, |s| {
        s.authorization(|a| {
            let (head, rest) = a.split_once("SignedHeaders=").expect("a list");
            format!("{head}SignedHeaders={}", &rest[rest.find(',').expect("an end")..])
        });
    }),
    ("a second signature in the query", SignatureFault::Incomplete, |s| {
        s.uri(|u| format!("{u}&X-Amz-Signature=00"));
    }),
    ("the secret changed", SignatureFault::Mismatch, |s| {
        let old = s.verify().expect("valid");
        let (key, token) = (old.access_key, old.session_token);
        s.identities.add(Credentials::new(key, "other".to_owned(), token, old.principal));
    }),
    ("the key withdrawn", SignatureFault::UnknownKey, |s| {
        let key = s.verify().expect("valid").access_key;
        s.identities.remove(&key);
    }),
];

#[test]
fn forged_headers_are_refused() {
    for (name, fault, forge) in IN_HEADER {
        let wish = Wish { uri: "http://127.0.0.1:4566/p?a=1", role: true, ..Wish::default() };
        let mut signed = signed(&wish);
        assert!(signed.verify().is_ok(), "{name}");
        forge(&mut signed);
        assert_eq!(signed.fault(), *fault, "{name}");
    }
    assert!(IN_HEADER.len() > 50);
}

/// Forgeries of a presigned request.
const IN_QUERY: &[Forgery] = &[
    ("another path", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("/p?", "/q?"))),
    ("another parameter", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("a=1", "a=2"))),
    ("one more parameter", SignatureFault::Mismatch, |s| s.uri(|u| format!("{u}&z=1"))),
    ("a longer life", SignatureFault::Mismatch, |s| s.uri(|u| u.replace("Expires=900", "Expires=901"))),
    ("a life without end", SignatureFault::Incomplete, |s| {
        s.uri(|u| u.replace("Expires=900", "Expires=604801"));
    }),
    ("no life", SignatureFault::Incomplete, |s| s.uri(|u| u.replace("Expires=900", "Expires=0"))),
    ("a negative life", SignatureFault::Incomplete, |s| s.uri(|u| u.replace("Expires=900", "Expires=-1"))),
    ("no expiry", SignatureFault::Incomplete, |s| s.uri(|u| u.replace("X-Amz-Expires=900", "x=1"))),
    ("two expiries", SignatureFault::Incomplete, |s| s.uri(|u| format!("{u}&X-Amz-Expires=900"))),
    ("two signatures", SignatureFault::Incomplete, |s| s.uri(|u| format!("{u}&X-Amz-Signature=00"))),
    ("a hidden second signature", SignatureFault::Incomplete, |s| {
        s.uri(|u| format!("{u}&X-Amz-Signatur%65=00"));
    }),
    ("another algorithm", SignatureFault::Incomplete, |s| s.uri(|u| u.replace("HMAC-SHA256", "HMAC-SHA1"))),
    ("no token", SignatureFault::UnknownKey, |s| s.uri(|u| u.replace("X-Amz-Security-Token", "X-Other"))),
    ("no host signed", SignatureFault::Mismatch, |s| {
        s.uri(|u| u.replace("SignedHeaders=host", "SignedHeaders=date"));
    }),
    ("another host", SignatureFault::Mismatch, |s| s.header("host", "evil.example")),
    ("another method", SignatureFault::Mismatch, |s| s.parts.method = http::Method::DELETE),
    ("a body", SignatureFault::Mismatch, |s| s.body.push(b'x')),
    ("no signature", SignatureFault::Missing, |s| s.uri(|u| u.replace("X-Amz-Signature", "X-Other"))),
    ("an authorization as well", SignatureFault::Incomplete, |s| {
        s.header("authorization", "AWS4-HMAC-SHA256 x");
    }),
    ("an unsigned header of AWS", SignatureFault::Mismatch, |s| s.header("x-amz-acl", "public-read")),
];

#[test]
fn forged_queries_are_refused() {
    for (name, fault, forge) in IN_QUERY {
        let uri = "http://127.0.0.1:4566/p?a=1";
        let wish = Wish {
            method: "GET",
            uri,
            headers: &[],
            body: b"",
            presigned: true,
            role: true,
            ..Wish::default()
        };
        let mut signed = signed(&wish);
        assert!(signed.verify().is_ok(), "{name}");
        forge(&mut signed);
        assert_eq!(signed.fault(), *fault, "{name}");
    }
}
