//! Origin request policies: what else of a request reaches the origin.

use super::managed;
use crate::names::{Names, texts};
use serde_json::Value;
use stack_builder_local_core::Resources;

/// An origin request policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OriginPolicy {
    /// Headers of the viewer, in lower case.
    pub(crate) headers: Names,
    /// Headers that CloudFront makes, in lower case.
    pub(crate) added: Vec<String>,
    pub(crate) cookies: Names,
    pub(crate) queries: Names,
}

impl OriginPolicy {
    /// The policy with this id: a managed one, or one of the application.
    pub(crate) fn find(resources: &Resources, id: &str) -> Option<Self> {
        let own = || {
            let policy = resources.find("AWS::CloudFront::OriginRequestPolicy", id)?;
            Some(Self::read(policy.property("OriginRequestPolicyConfig")))
        };
        managed::origin_policy(id).or_else(own)
    }

    /// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cloudfront-originrequestpolicy-originrequestpolicyconfig.html>.
    fn read(config: &Value) -> Self {
        let (headers, cookies, queries) =
            (&config["HeadersConfig"], &config["CookiesConfig"], &config["QueryStringsConfig"]);
        let behavior = headers["HeaderBehavior"].as_str();
        let names = texts(&headers["Headers"]).into_iter().map(|name| name.to_ascii_lowercase());
        let makes = matches!(behavior, Some("allViewerAndWhitelistCloudFront" | "whitelist"));
        Self {
            headers: Names::read(behavior, &headers["Headers"]).lower(),
            added: names.filter(|name| makes && name.starts_with("cloudfront-")).collect(),
            cookies: Names::read(cookies["CookieBehavior"].as_str(), &cookies["Cookies"]),
            queries: Names::read(queries["QueryStringBehavior"].as_str(), &queries["QueryStrings"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_cloudfront_makes_apart() {
        let policy = OriginPolicy::read(&json!({
            "HeadersConfig": {"HeaderBehavior": "allViewerAndWhitelistCloudFront",
                "Headers": ["CloudFront-Is-Mobile-Viewer"]},
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"}
        }));
        assert_eq!(policy.headers, Names::All);
        assert_eq!(policy.added, ["cloudfront-is-mobile-viewer"]);
    }
}
