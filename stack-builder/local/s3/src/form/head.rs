//! The head of a part of a form: its name, the name of its file, its type.

use super::reader::malformed;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use s3s::S3Result;

/// The head of a part.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Empty when it is no file.
    pub(crate) file_name: String,
    pub(crate) content_type: Option<String>,
}

/// The boundary that the header names, with or without quotes; at most 70 characters.
pub(super) fn boundary(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let value = kind.split(';').find_map(|parameter| {
        let (name, value) = parameter.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then_some(value)
    })?;
    let value = value.trim_matches('"');
    (1..=70).contains(&value.len()).then(|| value.to_owned())
}

pub(super) fn part(head: &[u8]) -> S3Result<Part> {
    let head = std::str::from_utf8(head).map_err(|_| malformed())?;
    let mut part = Part::default();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        if name.eq_ignore_ascii_case("content-disposition") {
            part.name = parameter(value, "name").ok_or_else(malformed)?.to_ascii_lowercase();
            let file = parameter(value, "filename").unwrap_or_default();
            // Some browsers send a path.
            part.file_name = file.rsplit(['/', '\\']).next().map(str::to_owned).unwrap_or_default();
        } else if name.eq_ignore_ascii_case("content-type") {
            part.content_type = Some(value.trim().to_owned());
        }
    }
    if part.name.is_empty() { Err(malformed()) } else { Ok(part) }
}

/// A parameter of `Content-Disposition`: quoted, with `%22` and backslash for quotes inside.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once(';') {
        let (key, after) = after.split_once('=')?;
        let after = after.trim_start();
        let (text, left) = if let Some(quoted) = after.strip_prefix('"') {
            quoted_text(quoted)?
        } else {
            let end = after.find(';').unwrap_or(after.len());
            (after[..end].trim().to_owned(), &after[end..])
        };
        if key.trim().eq_ignore_ascii_case(name) {
            return Some(text);
        }
        rest = left;
    }
    None
}

fn quoted_text(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    while let Some((place, character)) = chars.next() {
        match character {
            '"' => return Some((text.replace("%22", "\""), &quoted[place + 1..])),
            '\\' if quoted[place + 1..].starts_with('"') => text.extend(chars.next().map(|(_, next)| next)),
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_their_quotes() {
        let value = " form-data; name=\"a;b=c\"; filename=\"x\\\"y%22.txt\"";
        assert_eq!(parameter(value, "name").as_deref(), Some("a;b=c"));
        assert_eq!(parameter(value, "filename").as_deref(), Some("x\"y\".txt"));
        assert_eq!(parameter(" form-data; name=plain", "name").as_deref(), Some("plain"));
        assert_eq!(parameter(" form-data; name=\"open", "name"), None);
    }
}
