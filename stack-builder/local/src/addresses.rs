//! The address book: hosts as AWS has them, and where they are answered here.

use serde_json::Value;
use std::collections::BTreeMap;

/// Where each host is served. Cheap to build, immutable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Addresses(BTreeMap<String, String>);

impl Addresses {
    /// Says that `https://<host>` is served at `url`, which has no `/` at its end.
    pub(crate) fn insert(&mut self, host: &str, url: String) {
        self.0.insert(host.to_ascii_lowercase(), url);
    }

    /// The local URL of a host.
    pub(crate) fn url(&self, host: &str) -> Option<&str> {
        self.0.get(&host.to_ascii_lowercase()).map(String::as_str)
    }

    /// A text with every URL of a host served here replaced.
    ///
    /// A wildcard, as sources in a content security policy have it, becomes the list of all origins that it covers.
    pub(crate) fn localize(&self, text: &str) -> Option<String> {
        const SCHEME: &str = "https://";
        let mut made = String::new();
        let mut rest = text;
        let mut changed = false;
        while let Some(start) = rest.find(SCHEME) {
            let after = &rest[start + SCHEME.len()..];
            let end = after.find(|c: char| !is_host(c)).unwrap_or(after.len());
            made.push_str(&rest[..start]);
            match self.replacement(&after[..end], &after[end..]) {
                Some(url) => {
                    made.push_str(&url);
                    changed = true;
                }
                None => made.push_str(&rest[start..start + SCHEME.len() + end]),
            }
            rest = &after[end..];
        }
        made.push_str(rest);
        changed.then_some(made)
    }

    fn replacement(&self, host: &str, after: &str) -> Option<String> {
        if let Some(suffix) = host.strip_prefix('*') {
            let covered = self.0.iter().filter(|(host, _)| host.ends_with(&suffix.to_ascii_lowercase()));
            let mut origins: Vec<_> = covered.map(|(_, url)| origin(url)).collect();
            origins.sort_unstable();
            origins.dedup();
            return (!origins.is_empty()).then(|| origins.join(" "));
        }
        let url = self.url(host)?;
        // In a content security policy a path counts, and only one with `/` at its end stands for what is below.
        let policy = after.starts_with([' ', ';']) && origin(url) != url;
        Some(if policy { format!("{url}/") } else { url.to_owned() })
    }

    /// The same in every text of a value.
    pub(crate) fn localize_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(local) = self.localize(text) {
                    *text = local;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.localize_value(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.localize_value(member)),
            _ => {}
        }
    }
}

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '*')
}

/// A URL without its path.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    url[host..].find('/').map_or(url, |path| &url[..host + path])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let mut addresses = Addresses::default();
        addresses.insert("d1.cloudfront.net", "http://127.0.0.1:4001".to_owned());
        addresses.insert("abc.execute-api.eu-central-1.amazonaws.com", "http://127.0.0.1:4002".to_owned());
        addresses.insert("def.execute-api.eu-central-1.amazonaws.com", "http://127.0.0.1:4003".to_owned());
        addresses.insert("b.s3.eu-central-1.amazonaws.com", "http://127.0.0.1:4000/b".to_owned());
        assert_eq!(addresses.localize(text).unwrap_or_else(|| text.to_owned()), expect);
    }

    #[test]
    fn replaces_what_is_served_here_and_nothing_else() {
        check(
            "https://d1.cloudfront.net/a?b=https://D1.cloudfront.net",
            "http://127.0.0.1:4001/a?b=http://127.0.0.1:4001",
        );
        check("https://d1.cloudfront.net.example.com/", "https://d1.cloudfront.net.example.com/");
        check("d1.cloudfront.net", "d1.cloudfront.net");
        check("https://example.com/", "https://example.com/");
        check("https://b.s3.eu-central-1.amazonaws.com/key", "http://127.0.0.1:4000/b/key");
        let policy = "connect-src 'self' https://*.execute-api.eu-central-1.amazonaws.com https://*.s3.eu-central-1.amazonaws.com; x";
        check(
            policy,
            "connect-src 'self' http://127.0.0.1:4002 http://127.0.0.1:4003 http://127.0.0.1:4000; x",
        );
        check("img-src https://b.s3.eu-central-1.amazonaws.com;", "img-src http://127.0.0.1:4000/b/;");
    }
}
