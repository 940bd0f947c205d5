//! Where a visitor without a session is sent.

/// The login page's path.
const PATH: &str = "/login/";

/// `https://{host}/login/` for a host name that can be trusted to be one, else the path alone, which every browser
/// resolves against the address it asked for.
pub(crate) fn of(host: Option<&str>) -> String {
    match host.filter(|host| is_host_name(host)) {
        Some(host) => format!("https://{host}{PATH}"),
        None => PATH.to_owned(),
    }
}

/// Names as DNS has them, without a port: CloudFront serves the standard one only.
fn is_host_name(host: &str) -> bool {
    (1..=253).contains(&host.len()) && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(plain)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_host_name_is_kept() {
        for host in ["log.example.org", "d111111abcdef8.cloudfront.net", "LOG.example.org", "localhost"] {
            assert_eq!(of(Some(host)), format!("https://{host}/login/"));
        }
    }

    #[test]
    fn anything_else_leaves_the_path() {
        let (long, label) = (["a"; 127].join(".") + ".a", "a".repeat(64));
        for host in [
            "",
            ".",
            "a..b",
            "a.",
            ".a",
            "-a",
            "a-",
            "a b",
            "a/b",
            "a\\b",
            "evil.example/@log.example.org",
            "user@log.example.org",
            "log.example.org:443",
            "[::1]",
            "a\r\nset-cookie: b=c",
            "a\0",
            "ä.example",
            "a?b",
            "a#b",
            "a%2eb",
            "a,b",
            &long,
            &label,
        ] {
            assert_eq!(of(Some(host)), "/login/", "{host:?}");
        }
        assert_eq!(of(None), "/login/");
    }

    proptest! {
        #[test]
        fn a_location_always_ends_at_a_login_page(host in "\\PC*|[a-z0-9.:/@?#\\\\-]{0,80}") {
            let location = of(Some(&host));
            let name = location.strip_suffix("/login/").unwrap();
            prop_assert!(name.is_empty() || name.strip_prefix("https://") == Some(&host));
            prop_assert!(!name.trim_start_matches("https://").contains(['/', '@', ':', '?', '#', '\\']));
        }
    }
}
