//! Taking over what functions of Lambda@Edge have changed.

use super::lambda_answer::{body, data, headers, status};
use super::{Moment, header_rules};
use crate::definition::OriginDef;
use crate::message::{Head, Payload, Reply};
use bytes::Bytes;
use http::header;
use serde_json::Value;
use std::sync::Arc;

/// Bytes of a body that an origin-response function makes.
const LARGEST_BODY: usize = 1024 * 1024;
/// Bytes of a path and a query string.
const LONGEST_URL: usize = 8_192;

/// Takes over what a function has changed of a request.
pub(super) fn changed(moment: Moment, value: &Value, head: &mut Head) -> Result<(), String> {
    if value["method"].as_str().is_some_and(|method| method != head.method.as_str()) {
        return Err("the method is read-only".to_owned());
    }
    let text = |name: &str, old: &str| match &value[name] {
        Value::Null => Ok(old.to_owned()),
        Value::String(text) => Ok(text.clone()),
        _ => Err(format!("its `{name}` is no text")),
    };
    let path = text("uri", &head.path)?;
    let query = text("querystring", &head.query)?;
    check_url(&path, &query)?;
    if !value["headers"].is_null() {
        header_rules::change(moment, &mut head.headers, headers(&value["headers"])?)?;
    }
    (head.path, head.query) = (path, query);
    Ok(())
}

/// What a path and a query string must be, from whatever function.
pub(super) fn check_url(path: &str, query: &str) -> Result<(), String> {
    if !path.starts_with('/') {
        return Err("its `uri` does not begin with `/`".to_owned());
    }
    if path.contains(['?', '#']) || query.contains('#') {
        return Err("its `uri` or `querystring` holds `?` or `#`".to_owned());
    }
    if path.len() + query.len() > LONGEST_URL {
        return Err("its `uri` is longer than 8,192 bytes".to_owned());
    }
    Ok(())
}

/// The body that takes the place of the viewer's.
pub(super) fn replaced(value: &Value, seen: bool, limit: usize) -> Result<Option<Bytes>, String> {
    let body = &value["body"];
    if !seen || body["action"] != "replace" {
        return Ok(None);
    }
    let data = data(body["data"].as_str().unwrap_or_default(), body["encoding"].as_str())?;
    if data.len() > limit {
        return Err(format!("its body is larger than {limit} bytes"));
    }
    Ok(Some(data))
}

/// The origin that a function wants instead.
pub(super) fn other_origin(value: &Value, old: &Arc<OriginDef>) -> Result<Arc<OriginDef>, String> {
    let (bucket, part) = match (&value["s3"], &value["custom"]) {
        (Value::Object(_), Value::Null) => (true, &value["s3"]),
        (Value::Null, Value::Object(_)) => (false, &value["custom"]),
        (Value::Null, Value::Null) => return Ok(old.clone()),
        _ => return Err("its `origin` is neither `s3` nor `custom`".to_owned()),
    };
    let Some(domain) = part["domainName"].as_str() else {
        return Err("its `origin` has no `domainName`".to_owned());
    };
    let path = part["path"].as_str().unwrap_or_default();
    if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/')) {
        return Err("the path of its `origin` does not begin with `/`, or ends with it".to_owned());
    }
    let custom = headers(&part["customHeaders"])?;
    let headers = custom.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let same = domain == old.domain;
    let identity = bucket && part["authMethod"] != "none";
    let mut event = part.clone();
    if let Some(fields) = event.as_object_mut() {
        for name in ["customHeaders", "domainName", "path"] {
            fields.remove(name);
        }
    }
    Ok(Arc::new(OriginDef {
        domain: domain.to_owned(),
        path: path.to_owned(),
        headers,
        signed: if same { old.signed } else { identity },
        bucket,
        timeout: old.timeout,
        event,
    }))
}

/// Takes over what a function has changed of an answer.
pub(super) fn answer(moment: Moment, value: &Value, reply: &mut Reply) -> Result<(), String> {
    let new_status = if value["status"].is_null() { reply.status } else { status(value)? };
    let new_body = body(value)?.filter(|_| moment == Moment::OriginResponse);
    if new_body.as_ref().is_some_and(|body| body.len() > LARGEST_BODY) {
        return Err(format!("its body is larger than {LARGEST_BODY} bytes"));
    }
    if !value["headers"].is_null() {
        header_rules::change(moment, &mut reply.headers, headers(&value["headers"])?)?;
    }
    if let Some(body) = new_body {
        // The encoding was that of the body which is gone; what the function says of its own stays.
        reply.headers.remove(header::CONTENT_LENGTH);
        reply.payload = Payload::Whole(body);
    }
    reply.status = new_status;
    reply.shown = reply.shown && new_status < 400;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, Method};
    use serde_json::json;

    fn head() -> Head {
        let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("a"))]);
        Head { method: Method::GET, path: "/old".to_owned(), query: "a=1".to_owned(), headers }
    }

    #[test]
    fn changes_are_taken_over_or_refused() {
        let table = [
            (json!({}), Ok(("/old", "a=1"))),
            (json!({"uri": "/new", "querystring": ""}), Ok(("/new", ""))),
            (json!({"uri": "new"}), Err(())),
            (json!({"uri": "/new?x"}), Err(())),
            (json!({"uri": 3}), Err(())),
            (json!({"uri": format!("/{}", "x".repeat(9000))}), Err(())),
            (json!({"method": "POST"}), Err(())),
            (json!({"headers": {"host": [{"value": "b"}]}}), Err(())),
            (json!({"headers": {}}), Err(())),
        ];
        for (value, expect) in table {
            let mut head = head();
            let seen = changed(Moment::ViewerRequest, &value, &mut head);
            let seen = seen.map(|()| (head.path.as_str(), head.query.as_str())).map_err(|_| ());
            assert_eq!(seen, expect, "{value}");
        }
    }
}
