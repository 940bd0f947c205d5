//! Requests from other origins, judged by the rules of the bucket as S3 does.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html>

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderName, HeaderValue,
    ORIGIN, VARY,
};
use serde_json::Value;

/// One rule of a bucket's `CorsConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) id: Option<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) methods: Vec<String>,
    /// In lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) exposed: Vec<String>,
    /// Seconds.
    pub(crate) max_age: Option<i32>,
}

/// Why a preflight request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoOrigin,
    NoMethod,
    NotEnabled,
    NotAllowed,
}

/// The rules of a template.
pub(crate) fn rules(rules: &Value) -> Vec<Rule> {
    rules.as_array().into_iter().flatten().map(rule).collect()
}

fn rule(rule: &Value) -> Rule {
    let list = |name: &str| -> Vec<String> {
        rule[name].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let max_age = &rule["MaxAge"];
    let max_age = max_age.as_i64().or_else(|| max_age.as_str()?.parse().ok());
    Rule {
        id: rule["Id"].as_str().map(str::to_owned),
        origins: list("AllowedOrigins"),
        methods: list("AllowedMethods"),
        headers: list("AllowedHeaders").iter().map(|header| header.to_ascii_lowercase()).collect(),
        exposed: list("ExposedHeaders"),
        max_age: max_age.and_then(|seconds| i32::try_from(seconds).ok()),
    }
}

/// What a preflight request is answered.
pub(crate) fn preflight(rules: &[Rule], request: &HeaderMap) -> Result<HeaderMap, Refusal> {
    let text = |name| request.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let origin = text(ORIGIN).ok_or(Refusal::NoOrigin)?;
    let method = text(ACCESS_CONTROL_REQUEST_METHOD).ok_or(Refusal::NoMethod)?;
    if rules.is_empty() {
        return Err(Refusal::NotEnabled);
    }
    let names = text(ACCESS_CONTROL_REQUEST_HEADERS).unwrap_or_default().to_ascii_lowercase();
    let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let fits =
        |rule: &&Rule| names.iter().all(|name| rule.headers.iter().any(|allowed| matches(allowed, name)));
    let rule = matching(rules, origin, method).find(fits).ok_or(Refusal::NotAllowed)?;
    let mut answer = rule.answer(origin);
    if !names.is_empty() {
        put(&mut answer, ACCESS_CONTROL_ALLOW_HEADERS, &names.join(", "));
    }
    Ok(answer)
}

/// The headers that an answer to a request from another origin bears; none when no rule allows it.
pub(crate) fn headers(rules: &[Rule], origin: &str, method: &str) -> HeaderMap {
    matching(rules, origin, method).next().map(|rule| rule.answer(origin)).unwrap_or_default()
}

fn matching<'a>(rules: &'a [Rule], origin: &'a str, method: &'a str) -> impl Iterator<Item = &'a Rule> {
    let allows = move |rule: &&Rule| {
        rule.methods.iter().any(|allowed| allowed == method)
            && rule.origins.iter().any(|allowed| matches(allowed, origin))
    };
    rules.iter().filter(allows)
}

/// Whether a pattern with at most one `*` covers a text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => {
            text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
        }
    }
}

impl Rule {
    fn answer(&self, origin: &str) -> HeaderMap {
        let mut answer = HeaderMap::new();
        if self.origins.iter().any(|allowed| allowed == "*") {
            put(&mut answer, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        } else {
            put(&mut answer, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            put(&mut answer, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        put(&mut answer, ACCESS_CONTROL_ALLOW_METHODS, &self.methods.join(", "));
        if !self.exposed.is_empty() {
            put(&mut answer, ACCESS_CONTROL_EXPOSE_HEADERS, &self.exposed.join(", "));
        }
        if let Some(seconds) = self.max_age {
            put(&mut answer, ACCESS_CONTROL_MAX_AGE, &seconds.to_string());
        }
        put(&mut answer, VARY, "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
        answer
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn some_rules() -> Vec<Rule> {
        rules(&json!([
            {
                "AllowedOrigins": ["http://*.example.com", "http://127.0.0.1:4001"], "AllowedMethods": ["PUT", "POST"],
                "AllowedHeaders": ["Content-Type", "x-amz-*"], "ExposedHeaders": ["ETag"], "MaxAge": "300"
            },
            { "AllowedOrigins": ["*"], "AllowedMethods": ["GET"] }
        ]))
    }

    fn ask(origin: &str, method: &str, names: &str) -> Result<HeaderMap, Refusal> {
        let mut request = HeaderMap::new();
        put(&mut request, ORIGIN, origin);
        put(&mut request, ACCESS_CONTROL_REQUEST_METHOD, method);
        if !names.is_empty() {
            put(&mut request, ACCESS_CONTROL_REQUEST_HEADERS, names);
        }
        preflight(&some_rules(), &request)
    }

    #[test]
    fn a_preflight_is_answered_by_the_first_rule_that_fits() {
        let answer = ask("http://127.0.0.1:4001", "PUT", "Content-Type, X-Amz-Date").unwrap();
        let text = |name: HeaderName| answer[name].to_str().unwrap();
        assert_eq!(text(ACCESS_CONTROL_ALLOW_ORIGIN), "http://127.0.0.1:4001");
        assert_eq!(text(ACCESS_CONTROL_ALLOW_METHODS), "PUT, POST");
        assert_eq!(text(ACCESS_CONTROL_ALLOW_HEADERS), "content-type, x-amz-date");
        assert_eq!(text(ACCESS_CONTROL_MAX_AGE), "300");
        assert_eq!(text(ACCESS_CONTROL_EXPOSE_HEADERS), "ETag");
        let open = ask("https://anywhere", "GET", "").unwrap();
        assert_eq!(open[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
        assert!(!open.contains_key(ACCESS_CONTROL_ALLOW_CREDENTIALS));
    }

    #[test]
    fn others_are_refused() {
        assert!(ask("http://a.example.com", "PUT", "").is_ok());
        for (origin, method, names) in [
            ("http://a.example.com.evil.org", "PUT", ""),
            ("http://example.com", "PUT", ""),
            ("http://a.example.com", "DELETE", ""),
            ("http://a.example.com", "put", ""),
            ("http://a.example.com", "PUT", "content-type, authorization"),
            ("https://anywhere", "GET", "range"),
        ] {
            assert_eq!(ask(origin, method, names), Err(Refusal::NotAllowed), "{origin} {method} {names}");
        }
        assert_eq!(preflight(&some_rules(), &HeaderMap::new()), Err(Refusal::NoOrigin));
        let origin = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static("x"))]);
        assert_eq!(preflight(&some_rules(), &origin), Err(Refusal::NoMethod));
    }

    #[test]
    fn an_answer_bears_headers_only_where_a_rule_allows() {
        assert!(headers(&some_rules(), "https://anywhere", "PUT").is_empty());
        assert_eq!(headers(&some_rules(), "http://x.example.com", "POST").len(), 6);
    }
}
