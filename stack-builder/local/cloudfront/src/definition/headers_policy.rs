//! Response headers policies: what is added to and taken from answers.

use super::managed;
use super::security_headers::{Set, pair, security};
use crate::names::{flag, number, texts};
use crate::pattern;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde_json::Value;
use stack_builder_local_core::Resources;

/// Cross-origin headers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cors {
    /// `*`, `https://example.com`, `https://*.example.com`.
    pub(crate) origins: Vec<String>,
    pub(crate) methods: Vec<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) expose: Vec<String>,
    pub(crate) credentials: bool,
    /// Seconds.
    pub(crate) max_age: Option<u64>,
    /// Whether the origin's own headers give way.
    pub(crate) over: bool,
}

/// A response headers policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HeadersPolicy {
    pub(crate) cors: Option<Cors>,
    /// Name, value, and whether the origin's own gives way.
    pub(crate) set: Vec<Set>,
    pub(crate) remove: Vec<HeaderName>,
    /// Whether `Server-Timing` tells how the cache did.
    pub(crate) timing: bool,
}

impl HeadersPolicy {
    /// The policy with this id: a managed one, or one of the application.
    pub(crate) fn find(resources: &Resources, id: &str) -> Option<Self> {
        let own = || {
            let policy = resources.find("AWS::CloudFront::ResponseHeadersPolicy", id)?;
            Some(Self::read(policy.property("ResponseHeadersPolicyConfig")))
        };
        managed::headers_policy(id).or_else(own)
    }

    /// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-responseheaderspolicy-responseheaderspolicyconfig.html>.
    fn read(config: &Value) -> Self {
        let mut set = security(&config["SecurityHeadersConfig"]);
        for item in config["CustomHeadersConfig"]["Items"].as_array().into_iter().flatten() {
            set.extend(pair(item["Header"].as_str(), item["Value"].as_str(), flag(&item["Override"])));
        }
        let removed = config["RemoveHeadersConfig"]["Items"].as_array().into_iter().flatten();
        let timing = &config["ServerTimingHeadersConfig"];
        Self {
            cors: config["CorsConfig"].is_object().then(|| cors(&config["CorsConfig"])),
            set,
            remove: removed.filter_map(|item| item["Header"].as_str()?.parse().ok()).collect(),
            timing: flag(&timing["Enabled"]) && timing["SamplingRate"].as_f64().is_none_or(|rate| rate > 0.0),
        }
    }

    /// Changes the headers of an answer to a viewer that came from `origin`.
    pub(crate) fn apply(&self, headers: &mut HeaderMap, method: &Method, origin: Option<&str>, cache: &str) {
        for name in &self.remove {
            headers.remove(name);
        }
        for (name, value, over) in &self.set {
            if *over || !headers.contains_key(name) {
                headers.insert(name.clone(), value.clone());
            }
        }
        if let (Some(cors), Some(origin)) = (&self.cors, origin) {
            cors.apply(headers, method, origin);
        }
        if self.timing
            && let Ok(value) = HeaderValue::from_str(&timing(cache))
        {
            headers.append("server-timing", value);
        }
    }
}

/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html>.
fn timing(cache: &str) -> String {
    let word = cache.split(' ').next().unwrap_or_default();
    let (short, upstream) = match word {
        "Hit" => ("cdn-cache-hit", ""),
        "RefreshHit" => ("cdn-cache-refresh", ",cdn-upstream-layer;desc=\"EDGE\""),
        _ => ("cdn-cache-miss", ",cdn-upstream-layer;desc=\"EDGE\""),
    };
    format!("{short},cdn-pop;desc=\"LOC50-C1\"{upstream}")
}

impl Cors {
    fn apply(&self, headers: &mut HeaderMap, method: &Method, origin: &str) {
        if !self.over && headers.keys().any(|name| name.as_str().starts_with("access-control-")) {
            return;
        }
        let all = self.origins.iter().any(|known| known == "*");
        if !all && !self.origins.iter().any(|known| origin_matches(known, origin)) {
            return;
        }
        let allowed = if all && !self.credentials { "*" } else { origin };
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        put(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        if self.credentials {
            put(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        if !self.expose.is_empty() {
            put(header::ACCESS_CONTROL_EXPOSE_HEADERS, &self.expose.join(", "));
        }
        if method == Method::OPTIONS {
            self.preflight(&mut put);
        }
        if allowed != "*" {
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
        }
    }

    fn preflight(&self, put: &mut impl FnMut(HeaderName, &str)) {
        let all = ["GET", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"].join(", ");
        let every = self.methods.iter().any(|method| method == "ALL");
        if !self.methods.is_empty() {
            let methods = if every { all } else { self.methods.join(", ") };
            put(header::ACCESS_CONTROL_ALLOW_METHODS, &methods);
        }
        if !self.headers.is_empty() {
            put(header::ACCESS_CONTROL_ALLOW_HEADERS, &self.headers.join(", "));
        }
        if let Some(age) = self.max_age {
            put(header::ACCESS_CONTROL_MAX_AGE, &age.to_string());
        }
    }
}

/// A pattern may leave out the scheme.
fn origin_matches(known: &str, origin: &str) -> bool {
    let bare = origin.split_once("://").map_or(origin, |(_, host)| host);
    pattern::matches(known, origin) || (!known.contains("://") && pattern::matches(known, bare))
}

fn cors(config: &Value) -> Cors {
    let items = |name: &str| texts(&config[name]["Items"]);
    Cors {
        origins: items("AccessControlAllowOrigins"),
        methods: items("AccessControlAllowMethods"),
        headers: items("AccessControlAllowHeaders"),
        expose: items("AccessControlExposeHeaders"),
        credentials: flag(&config["AccessControlAllowCredentials"]),
        max_age: number(&config["AccessControlMaxAgeSec"]),
        over: flag(&config["OriginOverride"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn apply(policy: &HeadersPolicy, mut headers: HeaderMap, method: &Method) -> HeaderMap {
        policy.apply(&mut headers, method, Some("https://a.example.com"), "Hit from cloudfront");
        headers
    }

    #[test]
    fn what_the_origin_says_stays_unless_it_is_overridden() {
        let policy = HeadersPolicy::read(&json!({
            "SecurityHeadersConfig": {
                "FrameOptions": {"FrameOption": "DENY", "Override": false},
                "ContentTypeOptions": {"Override": true},
                "StrictTransportSecurity":
                    {"AccessControlMaxAgeSec": 60, "IncludeSubdomains": true, "Override": true}
            },
            "CustomHeadersConfig": {"Items": [{"Header": "X-One", "Value": "1", "Override": true}]},
            "RemoveHeadersConfig": {"Items": [{"Header": "Server"}]},
            "ServerTimingHeadersConfig": {"Enabled": true, "SamplingRate": 100}
        }));
        let mut origin = HeaderMap::new();
        for (name, value) in [("x-frame-options", "SAMEORIGIN"), ("x-one", "0"), ("server", "AmazonS3")] {
            origin.insert(name, HeaderValue::from_static(value));
        }
        let headers = apply(&policy, origin, &Method::GET);
        assert_eq!(headers["x-frame-options"], "SAMEORIGIN");
        assert_eq!(headers["x-one"], "1");
        assert_eq!(headers["strict-transport-security"], "max-age=60; includeSubDomains");
        assert_eq!(headers["server-timing"], "cdn-cache-hit,cdn-pop;desc=\"LOC50-C1\"");
        assert!(!headers.contains_key("server") && headers.contains_key("x-content-type-options"));
    }

    #[test]
    fn origins_are_let_in_by_pattern() {
        let policy = |origin: &str| {
            HeadersPolicy::read(&json!({"CorsConfig": {
                "AccessControlAllowOrigins": {"Items": [origin]},
                "AccessControlAllowMethods": {"Items": ["ALL"]},
                "AccessControlAllowHeaders": {"Items": ["x-a"]},
                "AccessControlAllowCredentials": false, "OriginOverride": true
            }}))
        };
        let table = [
            ("*", Some("*")),
            ("https://*.example.com", Some("https://a.example.com")),
            ("a.example.com", Some("https://a.example.com")),
            ("https://b.example.com", None),
        ];
        for (known, expect) in table {
            let headers = apply(&policy(known), HeaderMap::new(), &Method::OPTIONS);
            let seen = headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap());
            assert_eq!(seen, expect, "{known}");
            assert_eq!(headers.contains_key("access-control-allow-methods"), expect.is_some());
        }
        let plain = apply(&policy("*"), HeaderMap::new(), &Method::GET);
        assert!(!plain.contains_key("access-control-allow-methods"));
    }
}
