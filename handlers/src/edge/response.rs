//! A response at the edge: the origin's, or one that the function makes.

use super::{EdgeError, Headers};
use serde_json::{Map, Value};

/// A response. Members of the origin's response that are not named here go back as they came.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeResponse {
    status: u16,
    description: String,
    headers: Headers,
    body: Option<String>,
    whole: Map<String, Value>,
    remark: Option<String>,
}

impl EdgeResponse {
    /// A response of our own, without body.
    pub fn new(status: u16, description: &str) -> Self {
        Self {
            status,
            description: description.into(),
            headers: Headers::default(),
            body: None,
            whole: Map::new(),
            remark: None,
        }
    }

    pub(super) fn read(value: Option<&Value>) -> Result<Self, EdgeError> {
        let whole = value.and_then(Value::as_object).ok_or(EdgeError::Malformed("response"))?;
        let status = whole.get("status").and_then(status).ok_or(EdgeError::Malformed("status"))?;
        let description = whole.get("statusDescription").and_then(Value::as_str).unwrap_or_default();
        let headers = Headers::read(whole.get("headers"))?;
        Ok(Self { headers, whole: whole.clone(), ..Self::new(status, description) })
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Sets a header, in place of all values that it had.
    pub fn header(mut self, key: &str, value: impl Into<String>) -> Self {
        self.headers.set(key, value);
        self
    }

    /// Removes a header, by its lower-case name.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Sets or replaces the body.
    pub fn with_body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(text.into());
        self
    }

    /// The body that the function sets; the origin's own is never shown to it.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Notes something odd for the log; the visitor sees nothing of it.
    pub fn with_remark(mut self, remark: Option<String>) -> Self {
        self.remark = remark;
        self
    }

    /// What was noted.
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// The object that CloudFront expects.
    pub(super) fn into_json(self) -> Value {
        let mut whole = self.whole;
        whole.insert("status".into(), self.status.to_string().into());
        whole.insert("statusDescription".into(), self.description.into());
        whole.insert("headers".into(), self.headers.to_json());
        if let Some(body) = self.body {
            whole.insert("body".into(), body.into());
            whole.insert("bodyEncoding".into(), "text".into());
        }
        Value::Object(whole)
    }
}

/// CloudFront writes it as text; a test event written by hand may have the number.
fn status(value: &Value) -> Option<u16> {
    let number =
        value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.as_u64()?.try_into().ok());
    number.filter(|status| (100..=599).contains(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_response_of_our_own_has_text_for_a_status() {
        let response =
            EdgeResponse::new(302, "Found").header("Location", "/login/").with_remark(Some("x".into()));
        assert_eq!(
            response.into_json(),
            json!({
                "status": "302", "statusDescription": "Found",
                "headers": {"location": [{"key": "Location", "value": "/login/"}]},
            })
        );
    }

    #[test]
    fn the_origins_response_goes_back_as_it_came() {
        let origin =
            json!({"status": "404", "statusDescription": "Not Found", "headers": {"etag": []}, "x": 1});
        let read = || EdgeResponse::read(Some(&origin)).unwrap();
        assert_eq!(read().into_json(), origin);
        let mut expect = origin.clone();
        expect["body"] = json!("<p>");
        expect["bodyEncoding"] = json!("text");
        expect["headers"] = json!({});
        assert_eq!(read().with_body("<p>").without("etag").into_json(), expect);
    }

    #[test]
    fn another_shape_is_malformed() {
        for value in [
            json!(null),
            json!({"headers": {}}),
            json!({"status": "", "headers": {}}),
            json!({"status": "99", "headers": {}}),
            json!({"status": "4o4", "headers": {}}),
            json!({"status": 65_940, "headers": {}}),
            json!({"status": "404", "headers": []}),
        ] {
            assert!(EdgeResponse::read(Some(&value)).is_err(), "{value}");
        }
        assert_eq!(EdgeResponse::read(Some(&json!({"status": 404, "headers": {}}))).unwrap().status(), 404);
    }
}
