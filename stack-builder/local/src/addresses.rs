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
        let mut made = String::new();
        let mut rest = text;
        let mut changed = false;
        while let Some((start, url)) = next(rest) {
            made.push_str(&rest[..start]);
            rest = &rest[start + url.whole.len()..];
            let local = self.replacement(&url, made.ends_with(' '), rest);
            changed |= local.is_some();
            made.push_str(local.as_deref().unwrap_or(url.whole));
        }
        made.push_str(rest);
        changed.then_some(made)
    }

    fn replacement(&self, url: &Found<'_>, in_list: bool, after: &str) -> Option<String> {
        if !url.is_usual_port {
            return None;
        }
        if let Some(suffix) = url.host.strip_prefix('*') {
            return self.covered(suffix, url.whole);
        }
        let local = self.url(url.host)?;
        // In a content security policy a path counts, and only one with `/` at its end stands for what is below.
        let ends = after.starts_with([' ', ';']) || in_list && after.is_empty();
        Some(if ends && origin(local) != local { format!("{local}/") } else { local.to_owned() })
    }

    /// The origins that a wildcard covers. One that covers all hosts goes on to do so.
    fn covered(&self, suffix: &str, whole: &str) -> Option<String> {
        let suffix = suffix.to_ascii_lowercase();
        let covered = self.0.iter().filter(|(host, _)| host.ends_with(&suffix));
        let mut origins: Vec<_> = covered.map(|(_, url)| origin(url)).collect();
        origins.sort_unstable();
        origins.dedup();
        if origins.is_empty() {
            return None;
        }
        origins.extend(suffix.is_empty().then_some(whole));
        Some(origins.join(" "))
    }

    /// The same in every text of a value. In a list, a wildcard becomes one item for each origin.
    pub(crate) fn localize_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(local) = self.localize(text) {
                    *text = local;
                }
            }
            Value::Array(items) => {
                *items = std::mem::take(items).into_iter().flat_map(|item| self.items(item)).collect();
            }
            Value::Object(members) => members.values_mut().for_each(|member| self.localize_value(member)),
            _ => {}
        }
    }

    fn items(&self, mut item: Value) -> Vec<Value> {
        match &item {
            Value::String(text) if text.starts_with("http") && !text.contains(' ') => {
                self.localize(text).as_ref().unwrap_or(text).split(' ').map(Value::from).collect()
            }
            _ => {
                self.localize_value(&mut item);
                vec![item]
            }
        }
    }
}

/// The beginning of a URL.
struct Found<'t> {
    /// Scheme, host and port as they stand.
    whole: &'t str,
    host: &'t str,
    /// Whether the port is that of the scheme, or none.
    is_usual_port: bool,
}

/// The first URL in a text, and where it is.
fn next(text: &str) -> Option<(usize, Found<'_>)> {
    let schemes = [("https://", ":443"), ("http://", ":80")];
    let found = schemes.iter().filter_map(|(scheme, port)| Some((text.find(scheme)?, *scheme, *port)));
    let (start, scheme, usual) = found.min()?;
    let after = &text[start + scheme.len()..];
    let host = &after[..after.find(|c| !is_host(c)).unwrap_or(after.len())];
    let port = port(&after[host.len()..]);
    let whole = &text[start..start + scheme.len() + host.len() + port.len()];
    Some((start, Found { whole, host, is_usual_port: ["", usual].contains(&port) }))
}

/// `:443`, or nothing.
fn port(text: &str) -> &str {
    let digits = text.strip_prefix(':').unwrap_or_default();
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if length == 0 { "" } else { &text[..=length] }
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

    fn book() -> Addresses {
        let mut addresses = Addresses::default();
        addresses.insert("d1.cloudfront.net", "http://127.0.0.1:4001".to_owned());
        addresses.insert("abc.execute-api.eu-central-1.amazonaws.com", "http://127.0.0.1:4002".to_owned());
        addresses.insert("def.execute-api.eu-central-1.amazonaws.com", "http://127.0.0.1:4003".to_owned());
        addresses.insert("b.s3.eu-central-1.amazonaws.com", "http://127.0.0.1:4000/b".to_owned());
        addresses
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(book().localize(text).unwrap_or_else(|| text.to_owned()), expect);
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

    #[test]
    fn ports_schemes_and_users_are_parts_of_a_url() {
        check("https://d1.cloudfront.net:443/a", "http://127.0.0.1:4001/a");
        check("http://d1.cloudfront.net/a", "http://127.0.0.1:4001/a");
        check("https://d1.cloudfront.net:8443/a", "https://d1.cloudfront.net:8443/a");
        check("https://d1.cloudfront.net:80", "https://d1.cloudfront.net:80");
        check("https://d1.cloudfront.net:", "http://127.0.0.1:4001:");
        check("https://user@d1.cloudfront.net/", "https://user@d1.cloudfront.net/");
        check("https://x/?u=https://d1.cloudfront.net", "https://x/?u=http://127.0.0.1:4001");
        check("https://", "https://");
    }

    #[test]
    fn the_last_source_of_a_policy_is_one_too() {
        check(
            "img-src 'self' https://b.s3.eu-central-1.amazonaws.com",
            "img-src 'self' http://127.0.0.1:4000/b/",
        );
        check("https://b.s3.eu-central-1.amazonaws.com", "http://127.0.0.1:4000/b");
    }

    #[test]
    fn a_wildcard_for_all_hosts_stays_one() {
        check(
            "img-src https://*",
            "img-src http://127.0.0.1:4000 http://127.0.0.1:4001 http://127.0.0.1:4002 http://127.0.0.1:4003 https://*",
        );
        check("https://*.example.com", "https://*.example.com");
    }

    #[test]
    fn a_list_has_an_item_for_each_origin() {
        let mut rule = serde_json::json!({
            "AllowedOrigins": ["https://*.execute-api.eu-central-1.amazonaws.com", "https://example.com", 1, ""],
            "AllowedHeaders": ["x https://d1.cloudfront.net"],
        });
        book().localize_value(&mut rule);
        let expect = serde_json::json!({
            "AllowedOrigins": ["http://127.0.0.1:4002", "http://127.0.0.1:4003", "https://example.com", 1, ""],
            "AllowedHeaders": ["x http://127.0.0.1:4001"],
        });
        assert_eq!(rule, expect);
    }
}
