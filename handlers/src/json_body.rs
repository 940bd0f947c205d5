//! The JSON object in a request's body.

use crate::{Failure, Request};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value};

/// The longest body a handler reads, in bytes; our largest lawful request, an item of 1,000 characters that
/// are all escaped, has 12 KB.
pub(crate) const LIMIT: usize = 16 * 1024;

/// The most base64 text that [`LIMIT`] bytes can become.
const ENCODED_LIMIT: usize = LIMIT.div_ceil(3) * 4;

/// Reads the body as a JSON object.
///
/// # Errors
/// 415 for a `content-type` other than JSON (an absent one is taken for JSON), 413 above [`LIMIT`], 400 for
/// anything but a JSON object.
pub(crate) fn object(request: &Request) -> Result<Map<String, Value>, Failure> {
    if !request.content_type.as_deref().is_none_or(is_json) {
        return Err(Failure::NotJsonType);
    }
    let bytes = if request.base64 { decoded(&request.body)? } else { request.body.clone().into_bytes() };
    if bytes.len() > LIMIT {
        return Err(Failure::BodyTooLarge);
    }
    serde_json::from_slice(&bytes).map_err(|_| Failure::NotJson)
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

fn decoded(body: &str) -> Result<Vec<u8>, Failure> {
    if body.len() > ENCODED_LIMIT {
        return Err(Failure::BodyTooLarge);
    }
    BASE64_STANDARD.decode(body).map_err(|_| Failure::NotJson)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &str) -> Result<Map<String, Value>, Failure> {
        object(&Request { body: body.into(), ..Request::default() })
    }

    fn read_base64(body: impl AsRef<[u8]>) -> Result<Map<String, Value>, Failure> {
        object(&Request { body: BASE64_STANDARD.encode(body), base64: true, ..Request::default() })
    }

    fn of_length(length: usize) -> String {
        format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8))
    }

    #[test]
    fn plain_and_base64_are_the_same() {
        assert_eq!(Value::Object(read(r#"{"a":1}"#).unwrap()), json!({"a": 1}));
        assert_eq!(read_base64(r#"{"a":1}"#), read(r#"{"a":1}"#));
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        let nested = "[".repeat(10_000);
        for body in ["", "null", "[]", "1", "\"x\"", "{", "{}x", "{\"a\":\"\\ud800\"}", "{'a':1}", &nested] {
            assert_eq!(read(body), Err(Failure::NotJson), "{body:.20}");
            assert_eq!(read_base64(body), Err(Failure::NotJson), "{body:.20}");
        }
        assert_eq!(read_base64(b"{\"a\":\"\xff\"}"), Err(Failure::NotJson));
        let request = Request { body: "*".into(), base64: true, ..Request::default() };
        assert_eq!(object(&request), Err(Failure::NotJson));
    }

    /// Well-formed, and deep enough to end the stack of a parser without a limit.
    #[test]
    fn a_deep_body_is_refused_and_a_name_that_comes_twice_is_the_last_one() {
        let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(64)).is_ok());
        assert_eq!(read(&deep(8000)), Err(Failure::NotJson));
        let twice = read(r#"{"userName":"picard","userName":"kirk"}"#).unwrap();
        assert_eq!(Value::Object(twice), json!({"userName": "kirk"}));
    }

    #[test]
    fn the_limit_counts_decoded_bytes() {
        for extra in 0..4 {
            let (fits, longer) = (of_length(LIMIT - extra), of_length(LIMIT + 1 + extra));
            assert!(read(&fits).is_ok() && read_base64(&fits).is_ok(), "{extra}");
            assert_eq!(read(&longer), Err(Failure::BodyTooLarge), "{extra}");
            assert_eq!(read_base64(&longer), Err(Failure::BodyTooLarge), "{extra}");
        }
    }

    #[test]
    fn the_type_must_be_json_when_it_is_named() {
        let typed = |content_type: &str| {
            let content_type = Some(content_type.to_owned());
            object(&Request { body: "{}".into(), content_type, ..Request::default() })
        };
        for content_type in ["application/json", "Application/JSON; charset=utf-8", " application/json ;x"] {
            assert!(typed(content_type).is_ok(), "{content_type}");
        }
        for content_type in
            ["", "text/plain", "application/jsonx", "multipart/form-data", "text/application/json"]
        {
            assert_eq!(typed(content_type), Err(Failure::NotJsonType), "{content_type}");
        }
    }
}
