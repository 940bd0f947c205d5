//! The security headers of a site: what a browser may load, and what it must refuse.

use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::cloudfront::{self, response_headers_policy as nested};
use stack_builder_cfn::{IntoValue, Node, Value, intrinsic};

/// Seconds for which a browser keeps to HTTPS: a year.
const HSTS_SECONDS: u32 = 31_536_000;

/// Features of the browser that no page and no frame of it may use.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// What a page may load, without where its scripts may connect to: its own files, and images within its own text.
const CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The headers that every answer of a site gets.
#[derive(Clone, Debug, Default)]
pub(super) struct SecurityHeaders {
    /// Where scripts may connect to beside the site itself.
    pub(super) connect_to: Vec<Value<String>>,
}

impl SecurityHeaders {
    /// Addresses that would say something else in the policy than where scripts may connect to.
    pub(super) fn faults(&self) -> Vec<Diagnostic> {
        let texts = self.connect_to.iter().filter_map(|address| text(address.node()));
        let wrong = texts.filter(|address| !is_source(address));
        wrong
            .map(|address| {
                let message = format!("scripts cannot be let connect to {address:?}");
                let hint =
                    "write the scheme and the host: `https://login.example.org`, `wss://*.example.org`";
                Diagnostic::error("illegal-origin", message).hint(hint)
            })
            .collect()
    }

    /// The content security policy.
    pub(super) fn content_security_policy(&self) -> Value<String> {
        let policy = format!("{CONTENT}; connect-src 'self'").into_value();
        self.connect_to.iter().fold(policy, |policy, address| {
            intrinsic::sub("${policy} ${address}", [("policy", policy), ("address", address.clone())])
        })
    }

    /// The headers as a policy called `name`.
    ///
    /// Its content security policy gives way to one that an answer brings along: a page made at the edge knows best
    /// what it holds. Nothing else gives way.
    pub(super) fn policy(&self, name: Value<String>) -> cloudfront::ResponseHeadersPolicy {
        cloudfront::ResponseHeadersPolicy::new().response_headers_policy_config_with(|config| {
            config.name(name).security_headers_config(self.security()).custom_headers_config_with(|headers| {
                CUSTOM.iter().fold(
                    headers.items(Vec::<nested::CustomHeader>::new()),
                    |headers, (name, value)| {
                        headers.add_items(|header| header.header(*name).value(*value).override_(true))
                    },
                )
            })
        })
    }

    fn security(&self) -> nested::SecurityHeadersConfig {
        nested::SecurityHeadersConfig::new()
            .strict_transport_security_with(|hsts| {
                hsts.access_control_max_age_sec(HSTS_SECONDS).override_(true)
            })
            .content_security_policy_with(|policy| {
                policy.content_security_policy(self.content_security_policy()).override_(false)
            })
            .content_type_options_with(|options| options.override_(true))
            .frame_options_with(|options| options.frame_option(nested::FrameOption::Deny).override_(true))
            .referrer_policy_with(|policy| {
                policy
                    .referrer_policy(nested::ReferrerPolicyReferrerPolicy::StrictOriginWhenCrossOrigin)
                    .override_(true)
            })
    }

    /// The same headers, names and values, for a service that has no policies.
    pub(super) fn pairs(&self) -> Vec<(&'static str, Value<String>)> {
        let fixed = [
            ("strict-transport-security", format!("max-age={HSTS_SECONDS}").into_value()),
            ("x-content-type-options", "nosniff".into_value()),
            ("x-frame-options", "DENY".into_value()),
            ("referrer-policy", "strict-origin-when-cross-origin".into_value()),
            ("content-security-policy", self.content_security_policy()),
        ];
        fixed.into_iter().chain(CUSTOM.iter().map(|(name, value)| (*name, value.into_value()))).collect()
    }
}

/// What of a value is known before it is deployed.
fn text(node: &Node) -> Option<&str> {
    match node {
        Node::Text(text) => Some(text),
        Node::Call(call) if call.function == "Fn::Sub" => text(&call.argument),
        _ => None,
    }
}

/// Whether it is a host with a scheme, as a content security policy names one.
fn is_source(address: &str) -> bool {
    let host =
        ["https://", "wss://", "http://localhost"].iter().find_map(|start| address.strip_prefix(start));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/*${}".contains(c);
    host.is_some_and(|host| host.chars().all(plain)) && !address.ends_with("//")
}

/// Headers that CloudFront has no setting of their own for.
const CUSTOM: &[(&str, &str)] =
    &[("cross-origin-opener-policy", "same-origin"), ("permissions-policy", PERMISSIONS)];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(connect_to: Vec<Value<String>>, expect: &str) {
        let policy = SecurityHeaders { connect_to }.content_security_policy();
        let policy = serde_json::to_value(policy.node()).unwrap();
        let text = policy.as_str().or_else(|| policy["Fn::Sub"].as_str()).unwrap();
        assert!(text.ends_with(expect), "{text}");
        assert!(text.starts_with("default-src 'none'; "));
    }

    #[test]
    fn an_address_cannot_say_more_than_where_to() {
        let faults =
            |address: &str| SecurityHeaders { connect_to: vec![address.into_value()] }.faults().len();
        for good in ["https://a.example.org", "wss://*.example.org:8443", "http://localhost:8080"] {
            assert_eq!(faults(good), 0, "{good}");
        }
        let bad = [
            "https://a.org; script-src *",
            "https://a.org\n",
            "javascript:",
            "'unsafe-inline'",
            "*",
            "https://",
            "",
        ];
        for bad in bad {
            assert_eq!(faults(bad), 1, "{bad}");
        }
    }

    #[test]
    fn scripts_connect_to_the_site_and_to_what_is_named() {
        check(vec![], "; connect-src 'self'");
        let region = intrinsic::sub("https://*.execute-api.${AWS::Region}.amazonaws.com", []);
        check(
            vec!["https://example.org".into_value(), region],
            "; connect-src 'self' https://example.org https://*.execute-api.${AWS::Region}.amazonaws.com",
        );
    }
}
