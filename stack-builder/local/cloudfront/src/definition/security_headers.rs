//! The security headers of a response headers policy.

use crate::names::{flag, number};
use http::{HeaderName, HeaderValue};
use serde_json::Value;

/// Name, value, and whether the origin's own gives way.
pub(crate) type Set = (HeaderName, HeaderValue, bool);

/// A header to set, when name and value are such.
pub(super) fn pair(name: Option<&str>, value: Option<&str>, over: bool) -> Option<Set> {
    Some((name?.parse().ok()?, value?.parse().ok()?, over))
}

/// `SecurityHeadersConfig`.
pub(super) fn security(config: &Value) -> Vec<Set> {
    let one = |part: &str, name: &str, value: Option<String>| {
        let part = &config[part];
        part.is_object().then(|| pair(Some(name), value.as_deref(), flag(&part["Override"]))).flatten()
    };
    let text = |part: &str, name: &str| config[part][name].as_str().map(str::to_owned);
    [
        one(
            "ContentSecurityPolicy",
            "content-security-policy",
            text("ContentSecurityPolicy", "ContentSecurityPolicy"),
        ),
        one("ContentTypeOptions", "x-content-type-options", Some("nosniff".to_owned())),
        one("FrameOptions", "x-frame-options", text("FrameOptions", "FrameOption")),
        one("ReferrerPolicy", "referrer-policy", text("ReferrerPolicy", "ReferrerPolicy")),
        one(
            "StrictTransportSecurity",
            "strict-transport-security",
            Some(transport(&config["StrictTransportSecurity"])),
        ),
        one("XSSProtection", "x-xss-protection", Some(scripting(&config["XSSProtection"]))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn transport(part: &Value) -> String {
    let mut value = format!("max-age={}", number(&part["AccessControlMaxAgeSec"]).unwrap_or(0));
    if flag(&part["IncludeSubdomains"]) {
        value.push_str("; includeSubDomains");
    }
    if flag(&part["Preload"]) {
        value.push_str("; preload");
    }
    value
}

fn scripting(part: &Value) -> String {
    let report = part["ReportUri"].as_str();
    match (flag(&part["Protection"]), flag(&part["ModeBlock"]), report) {
        (false, ..) => "0".to_owned(),
        (true, true, _) => "1; mode=block".to_owned(),
        (true, false, Some(report)) => format!("1; report={report}"),
        (true, false, None) => "1".to_owned(),
    }
}
