//! Who signed the policy of a form.

use super::Fields;
use crate::access::{check_token, working};
use crate::buckets::Inner;
use crate::error::bad;
use aws_lc_rs::{constant_time, hmac};
use s3s::{S3Error, S3Result, s3_error};
use stack_builder_local_core::{Caller, Trace};

/// The caller of a form, and the request that it is part of; who sends no policy is who the extensions say, or nobody.
pub(super) fn caller(
    inner: &Inner,
    parts: &http::request::Parts,
    fields: &Fields,
) -> S3Result<(Caller, Trace)> {
    let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
    let Some(policy) = fields.get("policy") else {
        return match fields.get("x-amz-signature") {
            Some(_) => Err(missing("policy")),
            None => Ok((parts.extensions.get::<Caller>().cloned().unwrap_or(Caller::Anonymous), trace)),
        };
    };
    if fields.get("x-amz-algorithm") != Some("AWS4-HMAC-SHA256") {
        return Err(missing("x-amz-algorithm"));
    }
    let scope = fields.get("x-amz-credential").ok_or_else(|| missing("x-amz-credential"))?;
    let signature = fields.get("x-amz-signature").ok_or_else(|| missing("x-amz-signature"))?;
    let scope: Vec<&str> = scope.split('/').collect();
    let [access_key, date, region, "s3", "aws4_request"] = scope[..] else {
        return Err(bad(
            "InvalidArgument",
            "The Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
        ));
    };
    let credentials = inner.credentials(access_key)?;
    let right = sign(&credentials.secret_key, [date, region, "s3", "aws4_request"], policy);
    if constant_time::verify_slices_are_equal(right.as_bytes(), signature.as_bytes()).is_err() {
        return Err(s3_error!(
            SignatureDoesNotMatch,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        ));
    }
    check_token(&credentials, fields.get("x-amz-security-token"))?;
    Ok((Caller::Principal(credentials.principal.clone()), working(&credentials, trace)))
}

fn missing(_field: &str) -> S3Error {
    bad(
        "InvalidArgument",
        "Bucket POST must contain the fields policy, x-amz-algorithm, x-amz-credential, x-amz-date and x-amz-signature together.",
    )
}

/// Signature version 4 of a text: the key is derived from the secret by the parts of the scope.
fn sign(secret: &str, scope: [&str; 4], text: &str) -> String {
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in scope {
        key = tag(&key, part);
    }
    crate::store::spool::hex(&tag(&key, text))
}

fn tag(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html>.
    #[test]
    fn signs_as_the_documentation_shows() {
        let policy = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
        let signature = sign(
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ["20151229", "us-east-1", "s3", "aws4_request"],
            policy,
        );
        assert_eq!(signature, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }
}
