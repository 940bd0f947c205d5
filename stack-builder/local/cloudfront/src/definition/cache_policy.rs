//! Cache policies: what a cached object is known by, and how long it lives.

use super::managed;
use crate::names::{Names, flag, number, texts};
use serde_json::Value;
use stack_builder_local_core::Resources;

/// A cache policy, or what stands in its place in a behaviour of the old kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CachePolicy {
    /// Seconds.
    pub(crate) min: u64,
    /// Seconds, for an object that says nothing itself.
    pub(crate) default: u64,
    /// Seconds; 0 turns the cache off.
    pub(crate) max: u64,
    /// Names in lower case.
    pub(crate) headers: Names,
    pub(crate) cookies: Names,
    pub(crate) queries: Names,
    /// Whether `Accept-Encoding` is reduced to what can be cached, and compression allowed.
    pub(crate) gzip: bool,
}

impl CachePolicy {
    /// The policy with this id: a managed one, or one of the application.
    pub(crate) fn find(resources: &Resources, id: &str) -> Option<Self> {
        let own = || {
            let policy = resources.find("AWS::CloudFront::CachePolicy", id)?;
            Some(Self::read(policy.property("CachePolicyConfig")))
        };
        managed::cache_policy(id).or_else(own)
    }

    /// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-cachepolicy-cachepolicyconfig.html>.
    fn read(config: &Value) -> Self {
        let part = &config["ParametersInCacheKeyAndForwardedToOrigin"];
        let (headers, cookies, queries) =
            (&part["HeadersConfig"], &part["CookiesConfig"], &part["QueryStringsConfig"]);
        let min = number(&config["MinTTL"]).unwrap_or(0);
        Self {
            min,
            default: number(&config["DefaultTTL"]).unwrap_or(86_400).max(min),
            max: number(&config["MaxTTL"]).unwrap_or(31_536_000).max(min),
            headers: Names::read(headers["HeaderBehavior"].as_str(), &headers["Headers"]).lower(),
            cookies: Names::read(cookies["CookieBehavior"].as_str(), &cookies["Cookies"]),
            queries: Names::read(queries["QueryStringBehavior"].as_str(), &queries["QueryStrings"]),
            gzip: flag(&part["EnableAcceptEncodingGzip"]) || flag(&part["EnableAcceptEncodingBrotli"]),
        }
    }

    /// The old way: `ForwardedValues` and the three times in the behaviour itself.
    pub(crate) fn legacy(behavior: &Value) -> Self {
        let values = &behavior["ForwardedValues"];
        let headers = texts(&values["Headers"]);
        let everything = headers.iter().any(|name| name == "*");
        let min = number(&behavior["MinTTL"]).unwrap_or(0);
        let time = |name: &str, default| {
            if everything { 0 } else { number(&behavior[name]).unwrap_or(default).max(min) }
        };
        Self {
            min: if everything { 0 } else { min },
            default: time("DefaultTTL", 86_400),
            max: time("MaxTTL", 31_536_000),
            headers: if everything { Names::All } else { Names::Only(headers).lower() },
            cookies: Names::read(
                values["Cookies"]["Forward"].as_str(),
                &values["Cookies"]["WhitelistedNames"],
            ),
            queries: legacy_queries(values),
            gzip: flag(&behavior["Compress"]),
        }
    }

    /// Whether anything can be kept.
    pub(crate) fn is_off(&self) -> bool {
        self.max == 0
    }
}

fn legacy_queries(values: &Value) -> Names {
    match (flag(&values["QueryString"]), texts(&values["QueryStringCacheKeys"])) {
        (false, _) => Names::None,
        (true, keys) if keys.is_empty() => Names::All,
        (true, keys) => Names::Only(keys),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_both_kinds() {
        let policy = CachePolicy::read(&json!({
            "MinTTL": "5", "MaxTTL": 60, "DefaultTTL": 30,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": true,
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-Kind"]},
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "all"}
            }
        }));
        assert_eq!((policy.min, policy.default, policy.max, policy.gzip), (5, 30, 60, true));
        assert!(policy.headers.takes("x-kind") && !policy.cookies.takes("a") && policy.queries.takes("q"));
        let legacy = CachePolicy::legacy(&json!({
            "ForwardedValues": {"QueryString": true, "Headers": ["*"], "Cookies": {"Forward": "all"}}
        }));
        assert!(legacy.is_off() && legacy.headers.takes("anything"));
        let legacy = CachePolicy::legacy(&json!({"MinTTL": 10, "ForwardedValues": {"QueryString": false}}));
        assert_eq!((legacy.min, legacy.default, legacy.max), (10, 86_400, 31_536_000));
    }
}
