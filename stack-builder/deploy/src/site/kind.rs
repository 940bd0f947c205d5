//! What a file is, by its name: its content type, how long it is kept, and how values are written into it.

/// For pages and whatever depends on the deployed stack: look for a newer one every time.
const FRESH: &str = "no-cache";
/// For files whose name changes with their content: never look again.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For the rest: browsers look every time; CloudFront keeps it until it is told to forget it.
const AT_THE_EDGE: &str = "public, max-age=0, s-maxage=31536000, must-revalidate";

/// What a browser is told when the name says nothing.
const UNKNOWN: &str = "application/octet-stream";

/// Content types by extension, as <https://www.iana.org/assignments/media-types> has them.
///
/// A table of our own, because a site uses a few dozen of the thousands that crates know, and the texts among them
/// need their character set besides: browsers that are told not to guess (`nosniff`) take both at their word.
const TYPES: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ics", "text/calendar; charset=utf-8"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("jsonld", "application/ld+json"),
    ("m4a", "audio/mp4"),
    ("map", "application/json"),
    ("md", "text/markdown; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("ogg", "audio/ogg"),
    ("otf", "font/otf"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("rss", "application/rss+xml; charset=utf-8"),
    ("svg", "image/svg+xml; charset=utf-8"),
    ("tar", "application/x-tar"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain; charset=utf-8"),
    ("vtt", "text/vtt; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("wav", "audio/wav"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xhtml", "application/xhtml+xml; charset=utf-8"),
    ("xml", "application/xml; charset=utf-8"),
    ("zip", "application/zip"),
];

/// The type that goes with the file at `path`.
pub(crate) fn content_type(path: &str) -> &'static str {
    let extension = extension(path);
    let known = TYPES.binary_search_by(|(known, _)| known.cmp(&extension.as_str()));
    known.map_or(UNKNOWN, |found| TYPES[found].1)
}

/// How long the file at `path` is kept, and by whom.
pub(crate) fn cache_control(path: &str, rendered: bool) -> &'static str {
    if rendered || content_type(path).starts_with("text/html") {
        FRESH
    } else if names_its_content(path) {
        FOREVER
    } else {
        AT_THE_EDGE
    }
}

/// How a value is written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// As text or an attribute of HTML and XML.
    Html,
    /// As the contents of a JSON or JavaScript string.
    Json,
    /// As it is.
    Nothing,
}

impl Escape {
    /// For the rendered file at `path`; `None` for a kind of file into which no value can be written safely.
    pub(crate) fn of(path: &str) -> Option<Self> {
        match extension(path).as_str() {
            "html" | "htm" | "xhtml" | "svg" | "xml" | "rss" => Some(Self::Html),
            "js" | "mjs" | "json" | "jsonld" | "webmanifest" => Some(Self::Json),
            "txt" => Some(Self::Nothing),
            _ => None,
        }
    }
}

/// `value` as the contents of a string, safe in JSON, in each kind of JavaScript string, and in a `<script>`.
pub(crate) fn json_contents(value: &str) -> String {
    use std::fmt::Write as _;
    let mut contents = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '"'
            | '\''
            | '`'
            | '$'
            | '\\'
            | '<'
            | '>'
            | '&'
            | '\u{7f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\0'..' ' => {
                let _ = write!(contents, "\\u{:04x}", u32::from(character));
            }
            _ => contents.push(character),
        }
    }
    contents
}

/// Lower case; empty when there is none.
fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// Whether the name is `name.<8 or more hexadecimal digits>.ext`.
///
/// Digits alone are rather a date, and letters alone a word: either would be kept for ever by mistake.
fn names_its_content(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts: Vec<&str> = name.split('.').collect();
    let [first, .., hash, _extension] = parts.as_slice() else { return false };
    let hexadecimal = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mixed =
        hash.bytes().any(|byte| byte.is_ascii_digit()) && hash.bytes().any(|byte| byte.is_ascii_alphabetic());
    !first.is_empty() && hash.len() >= 8 && hexadecimal && mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(TYPES.is_sorted());
    }

    #[test]
    fn texts_carry_their_character_set() {
        for (path, expect) in [
            ("index.html", "text/html; charset=utf-8"),
            ("a/b.min.JS", "text/javascript; charset=utf-8"),
            ("font.woff2", "font/woff2"),
            ("data.json", "application/json"),
            ("LICENSE", UNKNOWN),
            (".well-known/html", UNKNOWN),
            ("x.unheardof", UNKNOWN),
        ] {
            assert_eq!(content_type(path), expect, "{path}");
        }
    }

    #[test]
    fn only_names_that_change_with_their_content_are_kept_for_ever() {
        for (path, rendered, expect) in [
            ("index.html", false, FRESH),
            ("config.js", true, FRESH),
            ("app.0123abcd.js", true, FRESH),
            ("app.0123abcd.js", false, FOREVER),
            ("assets/app.min.9f86d081884c7d65.css", false, FOREVER),
            ("app.js", false, AT_THE_EDGE),
            ("app.0123abc.js", false, AT_THE_EDGE),
            ("report.20261120.pdf", false, AT_THE_EDGE),
            ("cup.deadbeef.png", false, AT_THE_EDGE),
            ("0123abcd.js", false, AT_THE_EDGE),
            ("page.0123abcd.html", false, FRESH),
        ] {
            assert_eq!(cache_control(path, rendered), expect, "{path}");
        }
    }

    #[test]
    fn no_value_leaves_its_string() {
        let hostile = "a\"b'c`${d}\\</script>\n\u{2028}é";
        let contents = json_contents(hostile);
        assert_eq!(serde_json::from_str::<String>(&format!("\"{contents}\"")).unwrap(), hostile);
        assert!(!contents.contains(['"', '\'', '`', '$', '<', '\n', '\u{2028}']), "{contents}");
        assert!(contents.ends_with('é'), "what is harmless stays readable");
    }
}
