//! Which pages may call an API from a browser.

use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::{IntoValue, List, Node, Source, Value};
use std::panic::Location;

/// Seconds for which a browser remembers the answer to its question.
pub(super) const MAX_AGE: u32 = 3_600;

/// Which pages of other origins may call an API from a browser. Cookies are not among what they may send.
#[derive(Clone, Debug)]
pub struct Cors {
    pub(super) origins: Value<List<String>>,
    pub(super) headers: Vec<String>,
    pub(super) source: Source,
}

impl Cors {
    /// Pages of these origins, such as `https://example.org`, may send JSON and a token.
    #[track_caller]
    pub fn origins(origins: impl IntoValue<List<String>>) -> Self {
        let headers = ["authorization", "content-type"].map(str::to_owned);
        Self { origins: origins.into_value(), headers: headers.into(), source: Location::caller() }
    }

    /// They may send the header `name` too.
    pub fn header(mut self, name: &str) -> Self {
        self.headers.push(name.to_owned());
        self
    }

    /// Reports what no browser would ever send as its origin.
    pub(super) fn check(&self, scope: &mut Scope) {
        let Node::List(origins) = self.origins.node() else { return };
        for origin in origins {
            if let Node::Text(origin) = origin
                && !is_origin(origin)
            {
                let message = format!("`{origin}` is not an origin as browsers write it");
                let hint = "write the scheme, the host in lower case, and the port where it is not the scheme's: \
                            `https://example.org`, `http://localhost:8080`";
                scope.report(Diagnostic::error("illegal-origin", message).hint(hint).caused_by(self.source));
            }
        }
    }
}

/// Whether it is `*`, or a scheme and a host without a path.
fn is_origin(text: &str) -> bool {
    let host = text.split_once("://").filter(|(scheme, _)| !scheme.is_empty());
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b".-:[]_*".contains(&c);
    text == "*" || host.is_some_and(|(_, host)| !host.is_empty() && host.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use super::is_origin;

    #[test]
    fn an_origin_has_no_path() {
        for origin in
            ["*", "https://example.org", "http://localhost:8080", "http://[::1]:1", "https://*.x.org"]
        {
            assert!(is_origin(origin), "{origin}");
        }
        for other in
            ["example.org", "https://example.org/", "https://Example.org", "https://", "a\"b", "://x"]
        {
            assert!(!is_origin(other), "{other}");
        }
    }
}
