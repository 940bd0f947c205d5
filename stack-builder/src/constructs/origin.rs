//! Origins: where a distribution fetches what it does not hold.

use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::{IntoValue, Node, Value, cloudfront::distribution as nested};
use std::collections::BTreeMap;
use std::panic::Location;

/// A server that a distribution asks over HTTPS, TLS 1.2 or newer: an API, a load balancer, another site.
///
/// ```
/// use stack_builder::Origin;
///
/// let origin = Origin::https("api.example.org").path("/v1").header("x-api-key", "from a secret, never written here");
/// ```
#[derive(Clone, Debug)]
#[must_use = "an origin does nothing until a site forwards to it"]
pub struct Origin {
    domain: Value<String>,
    path: String,
    headers: BTreeMap<String, Value<String>>,
}

impl Origin {
    /// The server called `domain`, such as `<id>.execute-api.<region>.amazonaws.com`: no scheme, no path.
    pub fn https(domain: impl IntoValue<String>) -> Self {
        Self { domain: domain.into_value(), path: String::new(), headers: BTreeMap::new() }
    }

    /// Puts `path`, such as `/v1`, before the path of every request.
    pub fn path(mut self, path: &str) -> Self {
        path.trim_end_matches('/').clone_into(&mut self.path);
        self
    }

    /// Sends this header with every request, in place of what the viewer sent.
    pub fn header(mut self, name: &str, value: impl IntoValue<String>) -> Self {
        self.headers.insert(name.to_owned(), value.into_value());
        self
    }

    /// What is wrong with it, seen by the line that forwards to it.
    pub(super) fn faults(&self, here: &Location<'_>) -> Vec<Diagnostic> {
        let whole = match self.domain.node() {
            Node::Text(domain) => domain.contains(['/', ':']),
            _ => false,
        };
        let mut faults = Vec::new();
        if whole {
            let hint = "leave scheme and path out; `path` adds a path";
            faults
                .push(Diagnostic::error("illegal-origin", "an origin is a host name and no more").hint(hint));
        }
        if !self.path.is_empty() && !self.path.starts_with('/') {
            let message = format!("the origin's path `{}` does not begin with a slash", self.path);
            faults.push(Diagnostic::error("illegal-origin", message).hint(format!("write `/{}`", self.path)));
        }
        faults.into_iter().map(|fault| fault.caused_by(here)).collect()
    }

    /// Its part of a distribution, under `id`.
    pub(super) fn into_l1(self, id: &str) -> nested::Origin {
        let mut origin =
            nested::Origin::new().id(id).domain_name(self.domain).custom_origin_config_with(|origin| {
                origin
                    .origin_protocol_policy(nested::OriginProtocolPolicy::HttpsOnly)
                    .origin_ssl_protocols(["TLSv1.2"])
            });
        if !self.path.is_empty() {
            origin = origin.origin_path(self.path);
        }
        self.headers.into_iter().fold(origin, |origin, (name, value)| {
            origin.add_origin_custom_headers(|header| header.header_name(name).header_value(value))
        })
    }
}
