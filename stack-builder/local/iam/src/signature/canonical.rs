//! The canonical request: the one spelling of a request that client and server hash.

use super::SignatureError;
use super::fields::{Fields, only};
use crate::keys::{hex, sha256};
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &STRICT.remove(b'/');
/// Headers that a client may send unsigned although they begin with `x-amz-`: it puts them in after signing.
const MAY_BE_UNSIGNED: &[&str] = &["x-amz-user-agent"];

/// Method, path, query, headers, their names and the body's hash, a line each.
pub(super) fn canonical_request(
    parts: &Parts,
    body: &[u8],
    fields: &Fields,
) -> Result<Vec<u8>, SignatureError> {
    check_all_signed(parts, fields)?;
    let hash = payload_hash(parts, body, fields)?;
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(parts.method.as_str().as_bytes());
    out.push(b'\n');
    out.extend_from_slice(path(parts.uri.path(), fields.service == "s3").as_bytes());
    out.push(b'\n');
    out.extend_from_slice(query(parts.uri.query().unwrap_or_default(), fields.expires.is_some()).as_bytes());
    out.push(b'\n');
    for name in &fields.signed_headers {
        header(&mut out, parts, name)?;
    }
    out.push(b'\n');
    out.extend_from_slice(fields.signed_headers.join(";").as_bytes());
    out.push(b'\n');
    out.extend_from_slice(hash.as_bytes());
    Ok(out)
}

/// What steers AWS must be signed, or somebody on the way could change it.
fn check_all_signed(parts: &Parts, fields: &Fields) -> Result<(), SignatureError> {
    let steers = |name: &str| name.starts_with("x-amz-") && !MAY_BE_UNSIGNED.contains(&name);
    let signed = |name: &str| fields.signed_headers.iter().any(|signed| signed == name);
    let unsigned =
        parts.headers.keys().map(http::HeaderName::as_str).find(|name| steers(name) && !signed(name));
    match unsigned {
        Some(name) => Err(SignatureError::mismatch(format!(
            "There were headers present in the request which were not signed: {name}"
        ))),
        None => Ok(()),
    }
}

/// S3 takes the path as it is; every other service encodes it a second time, without `.`, `..` and empty segments.
fn path(path: &str, s3: bool) -> String {
    if s3 { path.to_owned() } else { percent_encode(normal(path).as_bytes(), PATH).to_string() }
}

fn normal(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    let slash = if folder && !kept.is_empty() { "/" } else { "" };
    format!("/{}{slash}", kept.join("/"))
}

fn query(text: &str, presigned: bool) -> String {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs.map(|(name, value)| (encode(name), encode(value))).collect();
    if presigned {
        pairs.retain(|(name, _)| name != "X-Amz-Signature");
    }
    pairs.sort_unstable();
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// One spelling of a parameter: decoded as a form is, then encoded strictly.
fn encode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    let decoded: Vec<u8> = percent_decode(spaced.as_bytes()).collect();
    percent_encode(&decoded, STRICT).to_string()
}

fn header(out: &mut Vec<u8>, parts: &Parts, name: &str) -> Result<(), SignatureError> {
    out.extend_from_slice(name.as_bytes());
    out.push(b':');
    let before = out.len();
    if name == "host" {
        out.extend_from_slice(host(parts)?.as_bytes());
    } else {
        let mut values = parts.headers.get_all(name).iter().peekable();
        if values.peek().is_none() {
            return Err(SignatureError::mismatch(format!(
                "The header '{name}' is in SignedHeaders, but not in the request"
            )));
        }
        for value in values {
            if out.len() > before {
                out.push(b',');
            }
            squeeze(out, value.as_bytes());
        }
    }
    out.push(b'\n');
    Ok(())
}

fn host(parts: &Parts) -> Result<String, SignatureError> {
    let authority = || parts.uri.authority().map(ToString::to_string);
    only(&parts.headers, "host")?.or_else(authority).ok_or_else(|| {
        SignatureError::mismatch("The header 'host' is in SignedHeaders, but not in the request")
    })
}

/// Without spaces around it, and with one where there are several.
fn squeeze(out: &mut Vec<u8>, value: &[u8]) {
    let words = value.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

/// The hash that was signed, which must be the body's.
fn payload_hash(parts: &Parts, body: &[u8], fields: &Fields) -> Result<String, SignatureError> {
    const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
    let s3 = fields.service == "s3";
    match only(&parts.headers, "x-amz-content-sha256")? {
        Some(told) if told == UNSIGNED && s3 => Ok(told),
        Some(told) if told == hex(&sha256(body)) => Ok(told),
        Some(_) => Err(SignatureError::mismatch(
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )),
        None if s3 && fields.expires.is_some() => Ok(UNSIGNED.to_owned()),
        None => Ok(hex(&sha256(body))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        let spelled =
            [("/", "/"), ("/a/./b//c/../d", "/a/b/d"), ("/a/", "/a/"), ("/..", "/"), ("/a%20b", "/a%2520b")];
        for (wire, canonical) in spelled {
            assert_eq!(path(wire, false), canonical, "{wire}");
        }
        assert_eq!(path("/a//b/../c%20d%2Fe", true), "/a//b/../c%20d%2Fe");
    }

    #[test]
    fn queries_are_sorted_and_strict() {
        assert_eq!(query("b=2&a=%7e+x&a=1&c", false), "a=1&a=~%20x&b=2&c=");
        assert_eq!(query("X-Amz-Signature=1&a=b", true), "a=b");
        assert_eq!(query("X-Amz-Signature=1&a=b", false), "X-Amz-Signature=1&a=b");
    }
}
