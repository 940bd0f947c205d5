//! Path patterns with `*` and `?`.

/// Whether `text` as a whole is of the form `pattern`; upper and lower case differ.
///
/// Takes at most `pattern.len() * text.len()` steps, whatever a viewer sends.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((after, from)) = retry else { return false };
                retry = Some((after, from + 1));
                (p, t) = (after, from + 1);
            }
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

/// The path that patterns are compared with: unreserved characters decoded, `.` and `..` resolved (RFC 3986, 6.2.2),
/// so that no other spelling of a path reaches another behaviour.
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html>.
pub(crate) fn normalized(path: &str) -> String {
    let decoded = decode_unreserved(path);
    let mut segments: Vec<&str> = Vec::new();
    let mut pieces = decoded.split('/').skip(1).peekable();
    while let Some(piece) = pieces.next() {
        let last = pieces.peek().is_none();
        if piece != "." && piece != ".." {
            segments.push(piece);
            continue;
        }
        if piece == ".." {
            segments.pop();
        }
        if last {
            segments.push("");
        }
    }
    format!("/{}", segments.join("/"))
}

fn decode_unreserved(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let plain = code.map(char::from).filter(|c| c.is_ascii_alphanumeric() || "-._~".contains(*c));
        out.push(plain.unwrap_or('%'));
        rest = &rest[if plain.is_some() { at + 3 } else { at + 1 }..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        let table = [
            ("*", "", true),
            ("*", "/a/b", true),
            ("/api/*", "/api/logs", true),
            ("/api/*", "/api", false),
            ("/api/*", "/API/x", false),
            ("/api*", "/api", true),
            ("*.jpg", "/a/b.jpg", true),
            ("*.jpg", "/a/b.jpg.txt", false),
            ("/a?c", "/abc", true),
            ("/a?c", "/ac", false),
            ("/a*b*c", "/a1b2b3c", true),
            ("", "", true),
            ("", "/", false),
        ];
        for (pattern, text, expect) in table {
            assert_eq!(matches(pattern, text), expect, "{pattern} {text}");
        }
    }

    #[test]
    fn a_spiteful_pattern_ends_soon() {
        let began = std::time::Instant::now();
        assert!(!matches(&format!("{}b", "*a".repeat(100)), &"a".repeat(8192)));
        assert!(began.elapsed().as_millis() < 1000);
    }

    #[test]
    fn spellings_of_a_path_are_one() {
        let table = [
            ("/api/x", "/api/x"),
            ("/%61pi/x", "/api/x"),
            ("/a/../api/./x", "/api/x"),
            ("/a/%2e%2E/api/x", "/api/x"),
            ("/../../x", "/x"),
            ("/a%2Fb", "/a%2Fb"),
            ("/a/..", "/"),
            ("/a%", "/a%"),
            ("/%é", "/%é"),
            ("//a//b", "//a//b"),
        ];
        for (path, expect) in table {
            assert_eq!(normalized(path), expect, "{path}");
        }
    }
}
