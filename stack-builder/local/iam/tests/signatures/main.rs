//! Signatures that AWS's own signer makes must be taken, and every forged variant of them must be refused.

mod forgeries;

use aws_credential_types::Credentials as SignerCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use http::request::Parts;
use stack_builder_local_core::{Clock, Credentials, Identities, Principal};
use stack_builder_local_iam::{Protocol, SignatureError, SignatureFault, role_credentials, scope, verify};
use std::time::{Duration, SystemTime};

struct Signed {
    parts: Parts,
    body: Vec<u8>,
    identities: Identities,
    clock: Clock,
}

struct Wish<'a> {
    method: &'a str,
    uri: &'a str,
    headers: &'a [(&'a str, &'a str)],
    body: &'a [u8],
    service: &'a str,
    presigned: bool,
    role: bool,
    at: SystemTime,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Wish {
            method: "POST",
            uri: "http://127.0.0.1:4566/",
            headers: &[
                ("x-amz-target", "DynamoDB_20120810.PutItem"),
                ("content-type", "application/x-amz-json-1.0"),
            ],
            body: b"{}",
            service: "dynamodb",
            presigned: false,
            role: false,
            at: SystemTime::now(),
        }
    }
}

fn settings(wish: &Wish<'_>) -> SigningSettings {
    let mut settings = SigningSettings::default();
    if wish.service == "s3" {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    if wish.presigned {
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(Duration::from_mins(15));
    }
    settings
}

fn signed(wish: &Wish<'_>) -> Signed {
    let known = if wish.role {
        role_credentials("arn:aws:iam::000000000000:role/r", "fn")
    } else {
        Credentials::new("AKIALOCAL".to_owned(), "local".to_owned(), None, Principal::Administrator)
    };
    let identity = SignerCredentials::new(
        known.access_key.clone(),
        known.secret_key.clone(),
        known.session_token.clone(),
        None,
        "test",
    )
    .into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name(wish.service)
        .time(wish.at)
        .settings(settings(wish))
        .build()
        .expect("parameters");
    let host = wish.uri.split('/').nth(2).expect("a host");
    let mut request = http::Request::builder().method(wish.method).uri(wish.uri).header("host", host);
    for (name, value) in wish.headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(()).expect("a request");
    let headers =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
    let to_sign = SignableRequest::new(wish.method, wish.uri, headers, SignableBody::Bytes(wish.body));
    let (instructions, _) = sign(to_sign.expect("signable"), &params.into()).expect("signed").into_parts();
    instructions.apply_to_request_http1x(&mut request);
    let identities = Identities::default();
    identities.add(known);
    Signed { parts: request.into_parts().0, body: wish.body.to_vec(), identities, clock: Clock::default() }
}

impl Signed {
    fn verify(&self) -> Result<Credentials, SignatureError> {
        verify(&self.parts, &self.body, &self.identities, &self.clock)
    }

    fn fault(&self) -> SignatureFault {
        self.verify().expect_err("a refusal").fault
    }

    fn authorization(&mut self, change: impl FnOnce(&str) -> String) {
        let old = self.parts.headers["authorization"].to_str().expect("text").to_owned();
        self.parts.headers.insert("authorization", change(&old).parse().expect("a header"));
    }

    fn uri(&mut self, change: impl FnOnce(&str) -> String) {
        let old = self.parts.uri.to_string();
        self.parts.uri = change(&old).parse().expect("a URI");
    }

    fn header(&mut self, name: &'static str, value: &str) {
        self.parts.headers.insert(name, value.parse().expect("a header"));
    }

    fn again(&mut self, name: &'static str, value: &str) {
        self.parts.headers.append(name, value.parse().expect("a header"));
    }
}

#[test]
fn what_awss_signer_signs_is_taken() {
    let paths = [
        "/",
        "",
        "/a",
        "/a/",
        "/a/b/../c",
        "/a//b",
        "/./a/.",
        "/a/..",
        "/%20x/%2Fy",
        "/a+b",
        "/%C3%A4/%e4%bd%a0",
        "/a%3Ab:c",
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A0%3Afunction%3Af/invocations",
        "/~-_.!$&'()*,;=@",
        "/a%2525b",
    ];
    let queries = [
        "",
        "?",
        "?a",
        "?a=",
        "?b=2&a=1",
        "?a=2&a=1",
        "?a=%20%2B",
        "?a+b=c+d",
        "?%C3%A4=%E4%BD%A0",
        "?A=1&a=2&_=3",
        "?a=b=c",
        "?a=~-_.!*'()",
        "?aa=1&a=2&a-b=3",
        "?X=%2f%2F",
        "?&&a=1&",
    ];
    let headers: [&[(&str, &str)]; 5] = [
        &[],
        &[("x-spaces", "  a   b  ")],
        &[("x-many", "2"), ("x-many", "1")],
        &[("x-empty", ""), ("x-tab", "a\tb"), ("x-quoted", "\"a   b\"")],
        &[("user-agent", "unsigned/1"), ("x-amzn-trace-id", "Root=1"), ("x-amz-target", "T.A")],
    ];
    let mut count = 0;
    for service in ["dynamodb", "s3"] {
        for (presigned, role) in [(false, false), (false, true), (true, false), (true, true)] {
            for path in paths {
                for query in queries {
                    let headers = headers[count % headers.len()];
                    let uri = format!("http://127.0.0.1:4566{path}{query}");
                    let body: &[u8] = if count % 3 == 0 || presigned { b"" } else { "{\"ä\":1}".as_bytes() };
                    let wish = Wish { uri: &uri, headers, body, service, presigned, role, ..Wish::default() };
                    if service == "s3" && presigned {
                        continue; // The signer hashes the body here, which S3's presigned requests do not.
                    }
                    let signed = signed(&wish);
                    let verified = signed.verify();
                    assert!(verified.is_ok(), "{service} {presigned} {uri} {headers:?}: {verified:?}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn the_scope_is_known_before_any_check() {
    let wish = Wish { service: "cognito-idp", presigned: true, ..Wish::default() };
    for wish in [
        Wish { presigned: false, ..wish },
        Wish { service: "cognito-idp", presigned: true, ..Wish::default() },
    ] {
        let scope = scope(&signed(&wish).parts).expect("a scope");
        assert_eq!((scope.access_key.as_str(), scope.region.as_str()), ("AKIALOCAL", "us-east-1"));
        assert_eq!(scope.service, "cognito-idp");
    }
    assert_eq!(scope(&http::Request::new(()).into_parts().0), None);
}

#[test]
fn an_hour_is_too_late_and_too_early() {
    for (shift, text) in [(-3600_i64, "Signature expired: "), (3600, "Signature not yet current: ")] {
        let by = Duration::from_secs(shift.unsigned_abs());
        let at = if shift < 0 { SystemTime::now() - by } else { SystemTime::now() + by };
        let error = signed(&Wish { at, ..Wish::default() }).verify().expect_err("a refusal");
        assert_eq!(error.fault, SignatureFault::Mismatch);
        assert!(error.message.starts_with(text), "{error}");
    }
    let at = SystemTime::now() - Duration::from_mins(4);
    assert!(signed(&Wish { at, ..Wish::default() }).verify().is_ok());
    let presigned = |ago| {
        let at = SystemTime::now() - Duration::from_secs(ago);
        signed(&Wish { at, presigned: true, body: b"", ..Wish::default() }).verify()
    };
    assert!(presigned(880).is_ok());
    assert!(presigned(920).expect_err("expired").message.starts_with("Signature expired: "));
}

#[test]
fn keys_end_with_their_time() {
    let signed = signed(&Wish { role: true, ..Wish::default() });
    let credentials = signed.verify().expect("valid");
    signed.identities.add(credentials.clone().until(signed.clock.seconds() + 1000));
    assert!(signed.verify().is_ok());
    signed.identities.add(credentials.until(signed.clock.seconds()));
    let error = signed.verify().expect_err("expired");
    assert_eq!(error.code(Protocol::Json), "ExpiredTokenException");
    assert_eq!(error.code(Protocol::Query), "ExpiredToken");
}

#[test]
fn codes_are_those_of_the_protocol() {
    let nothing = Signed { parts: http::Request::new(()).into_parts().0, ..signed(&Wish::default()) };
    let error = nothing.verify().expect_err("a refusal");
    assert_eq!(
        (error.code(Protocol::Json), error.status(Protocol::Json)),
        ("MissingAuthenticationTokenException", 400)
    );
    assert_eq!(
        (error.code(Protocol::Query), error.status(Protocol::Query)),
        ("MissingAuthenticationToken", 403)
    );
    assert_eq!(error.api(Protocol::Rest).status, 403);
}

#[test]
fn nobody_elses_token_fits() {
    let mut signed = signed(&Wish::default());
    signed.header("x-amz-security-token", "x");
    assert_eq!(signed.fault(), SignatureFault::UnknownKey);
}

#[test]
fn s3_may_leave_the_body_unsigned() {
    let wish = Wish {
        method: "PUT",
        uri: "http://b.s3.us-east-1.amazonaws.com/k%20%2B",
        headers: &[],
        ..Wish::default()
    };
    let mut signed = signed(&Wish { service: "s3", ..wish });
    assert!(signed.verify().is_ok());
    signed.body.push(b'x');
    assert_eq!(signed.fault(), SignatureFault::Mismatch);
}
