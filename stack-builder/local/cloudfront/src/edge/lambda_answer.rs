//! What functions of Lambda@Edge answer.

use super::header_rules;
use crate::message::{Payload, Reply};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// What a function of a request says: go on with this, or answer with that.
pub(super) enum Said {
    Request(Value),
    Answer(Reply),
}

/// Reads an answer of at most `limit` bytes.
pub(super) fn read(bytes: &[u8], limit: usize) -> Result<Said, String> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| "it returned no JSON".to_owned())?;
    if !value.is_object() {
        return Err("it returned no object".to_owned());
    }
    if value.get("status").is_none() {
        return Ok(Said::Request(value));
    }
    let mut headers = headers(&value["headers"])?;
    header_rules::answered(&mut headers)?;
    let body = body(&value)?.unwrap_or_default();
    if bytes.len() > limit || body.len() > limit {
        return Err(format!("its answer is larger than {limit} bytes"));
    }
    let payload = Payload::Whole(body);
    let cache = "LambdaGeneratedResponse from cloudfront";
    Ok(Said::Answer(Reply { status: status(&value)?, headers, payload, cache, shown: false }))
}

/// `status`, which may be text or a number.
pub(super) fn status(value: &Value) -> Result<u16, String> {
    let status = &value["status"];
    let number = status.as_u64().or_else(|| status.as_str()?.parse().ok());
    let fits =
        number.filter(|status| (200..=599).contains(status)).and_then(|status| u16::try_from(status).ok());
    fits.ok_or_else(|| format!("its status {status} is not between 200 and 599"))
}

/// `body`, when there is one.
pub(super) fn body(value: &Value) -> Result<Option<Bytes>, String> {
    let text = match &value["body"] {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        _ => return Err("its body is no text".to_owned()),
    };
    data(text, value["bodyEncoding"].as_str()).map(Some)
}

/// Text in an encoding, `text` or `base64`.
pub(super) fn data(text: &str, encoding: Option<&str>) -> Result<Bytes, String> {
    match encoding.unwrap_or("text") {
        "text" => Ok(text.to_owned().into()),
        "base64" => STANDARD.decode(text).map(Bytes::from).map_err(|_| "its body is no base64".to_owned()),
        other => Err(format!("its body has the unknown encoding `{other}`")),
    }
}

/// `{"name": [{"key": …, "value": …}]}`.
pub(super) fn headers(value: &Value) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    let all = match value {
        Value::Null => return Ok(headers),
        Value::Object(all) => all,
        _ => return Err("its headers are no object".to_owned()),
    };
    for (name, values) in all {
        let parsed: HeaderName = name.parse().map_err(|_| format!("`{name}` is no name of a header"))?;
        let Some(values) = values.as_array() else {
            return Err(format!("the header `{name}` is no list of values"));
        };
        for item in values {
            if let Some(key) = item["key"].as_str().filter(|key| !key.eq_ignore_ascii_case(name)) {
                return Err(format!("the header `{name}` has the key `{key}`"));
            }
            let text = item["value"].as_str();
            let value = text.and_then(|text| HeaderValue::from_str(text).ok());
            let value = value.ok_or_else(|| format!("the header `{name}` has a value that is none"))?;
            headers.append(parsed.clone(), value);
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read_json(value: Value) -> Result<Said, String> {
        read(value.to_string().as_bytes(), 40_000)
    }

    #[test]
    fn answers_are_read() {
        let answer = json!({
            "status": "302", "statusDescription": "Found",
            "headers": {"location": [{"key": "Location", "value": "/x"}],
                "set-cookie": [{"value": "a=1"}, {"value": "b=2"}], "content-length": [{"value": "9"}]},
            "body": "aGk=", "bodyEncoding": "base64"
        });
        let Ok(Said::Answer(reply)) = read_json(answer) else { panic!("an answer") };
        assert_eq!((reply.status, reply.headers.get_all("set-cookie").iter().count()), (302, 2));
        assert!(!reply.headers.contains_key("content-length"));
        let Payload::Whole(body) = reply.payload else { panic!("whole") };
        assert_eq!(body, "hi");
        assert!(matches!(read_json(json!({"uri": "/"})), Ok(Said::Request(_))));
    }

    #[test]
    fn nonsense_is_refused() {
        let table = [
            json!(null),
            json!([]),
            json!("x"),
            json!({"status": 42}),
            json!({"status": "abc"}),
            json!({"status": "101"}),
            json!({"status": 200, "headers": []}),
            json!({"status": 200, "headers": {"a b": []}}),
            json!({"status": 200, "headers": {"a": "b"}}),
            json!({"status": 200, "headers": {"a": [{"value": 1}]}}),
            json!({"status": 200, "headers": {"a": [{"value": "x\r\nset-cookie: y"}]}}),
            json!({"status": 200, "headers": {"a": [{"key": "b", "value": "x"}]}}),
            json!({"status": 200, "headers": {"x-edge-a": [{"value": "x"}]}}),
            json!({"status": 200, "headers": {"transfer-encoding": [{"value": "chunked"}]}}),
            json!({"status": 200, "body": 3}),
            json!({"status": 200, "body": "x", "bodyEncoding": "rot13"}),
            json!({"status": 200, "body": "%", "bodyEncoding": "base64"}),
            json!({"status": 200, "body": "x".repeat(50_000)}),
        ];
        for value in table {
            let text = value.to_string();
            assert!(read_json(value).is_err(), "{}", &text[..text.len().min(80)]);
        }
        assert!(read(b"{", 40_000).is_err());
    }
}
