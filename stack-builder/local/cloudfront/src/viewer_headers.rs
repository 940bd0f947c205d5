//! Headers that CloudFront makes about the viewer.

use crate::message::Head;
use std::net::IpAddr;

/// The value of a `CloudFront-…` header, whose name is in lower case; `None` for what cannot be known here, such as
/// the viewer's country.
///
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html>.
pub(crate) fn made(name: &str, head: &Head, ip: IpAddr) -> Option<String> {
    let name = name.strip_prefix("cloudfront-")?;
    let agent = || head.header("user-agent").unwrap_or_default();
    let device = |device: Device| Some((Device::of(agent()) == device).to_string());
    match name {
        "viewer-address" => Some(address(ip)),
        "viewer-http-version" => Some("1.1".to_owned()),
        "forwarded-proto" => Some("https".to_owned()),
        "is-mobile-viewer" => device(Device::Mobile),
        "is-tablet-viewer" => device(Device::Tablet),
        "is-smarttv-viewer" => device(Device::Television),
        "is-desktop-viewer" => device(Device::Desktop),
        "is-android-viewer" => Some(agent().contains("Android").to_string()),
        "is-ios-viewer" => {
            Some(["iPhone", "iPad", "iPod"].iter().any(|word| agent().contains(word)).to_string())
        }
        _ => None,
    }
}

/// The port is not known behind the listener.
fn address(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => format!("{ip}:0"),
        IpAddr::V6(ip) => format!("[{ip}]:0"),
    }
}

#[derive(PartialEq, Eq)]
enum Device {
    Mobile,
    Tablet,
    Television,
    Desktop,
}

impl Device {
    fn of(agent: &str) -> Self {
        let has = |word: &str| agent.contains(word);
        if has("TV") || has("BRAVIA") {
            Self::Television
        } else if has("iPad") || has("Tablet") || (has("Android") && !has("Mobile")) {
            Self::Tablet
        } else if has("Mobi") || has("iPhone") {
            Self::Mobile
        } else {
            Self::Desktop
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, Method, header};

    #[test]
    fn viewers_are_told_apart() {
        let table = [
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile/15E148", "mobile"),
            ("Mozilla/5.0 (iPad; CPU OS 17_0) Mobile/15E148", "tablet"),
            ("Mozilla/5.0 (X11; Linux x86_64)", "desktop"),
            ("Mozilla/5.0 (SMART-TV; Linux)", "smarttv"),
        ];
        for (agent, expect) in table {
            let headers = HeaderMap::from_iter([(header::USER_AGENT, HeaderValue::from_static(agent))]);
            let head = Head { method: Method::GET, path: "/".to_owned(), query: String::new(), headers };
            for device in ["mobile", "tablet", "desktop", "smarttv"] {
                let seen = made(&format!("cloudfront-is-{device}-viewer"), &head, [127, 0, 0, 1].into());
                assert_eq!(seen.as_deref(), Some(if device == expect { "true" } else { "false" }), "{agent}");
            }
            assert_eq!(made("cloudfront-viewer-country", &head, [127, 0, 0, 1].into()), None);
        }
    }
}
