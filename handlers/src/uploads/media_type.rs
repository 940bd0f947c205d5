//! The media type of an upload, which becomes a signed header.

/// The longest one in bytes.
const LONGEST: usize = 255;

/// `type/subtype` and parameters (RFC 9110, section 8.3.1), at most 255 bytes of ASCII.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MediaType(String);

impl MediaType {
    /// Checks a media type; any type that could exist is taken, and kept as it is spelled, because the browser must
    /// send the same bytes.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let plausible = text.len() <= LONGEST && is_media_type(text);
        let fault = "must be a media type such as `image/png`, at most 255 bytes long";
        plausible.then(|| Self(text.to_owned())).ok_or(fault)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_media_type(text: &str) -> bool {
    let end = text.find(';').unwrap_or(text.len());
    let (essence, parameters) = text.split_at(end);
    // White space before a `;` is lawful, at the end of the header it is not, for it would not survive the way.
    let essence = if parameters.is_empty() { essence } else { essence.trim_end_matches([' ', '\t']) };
    let pair = essence.split_once('/');
    pair.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype)) && are_parameters(parameters)
}

/// Any number of `; name=value`, the value a token or a quoted string.
fn are_parameters(mut rest: &str) -> bool {
    while !rest.is_empty() {
        let Some(after) = rest.strip_prefix(';').map(|rest| rest.trim_start_matches(' ')) else {
            return false;
        };
        let Some((name, value)) = after.split_once('=') else { return false };
        let Some(length) = value_length(value).filter(|_| is_token(name)) else { return false };
        let tail = &value[length..];
        rest = tail.trim_start_matches(' ');
        if rest.is_empty() && !tail.is_empty() {
            return false;
        }
    }
    true
}

/// How many bytes of the text are one value.
fn value_length(text: &str) -> Option<usize> {
    match text.strip_prefix('"') {
        Some(quoted) => Some(quoted_length(quoted)? + 1),
        None => {
            Some(text.bytes().take_while(|byte| is_token_byte(*byte)).count()).filter(|length| *length > 0)
        }
    }
}

/// Up to and with the closing quote.
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if !(0x20..0x7F).contains(&byte) => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_taken_as_they_are() {
        let longest = format!("a/{}", "x".repeat(253));
        for text in [
            "image/png",
            "text/plain; charset=utf-8",
            "text/plain;charset=\"utf-8\"",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "image/svg+xml",
            "application/x; a=\"b;c=\\\"d\"; e=f",
            "text/plain ; a=b ;c=d",
            "X-a/*",
            &longest,
        ] {
            assert_eq!(MediaType::parse(text).map(|media_type| media_type.0).as_deref(), Ok(text));
        }
    }

    #[test]
    fn other_text_is_refused() {
        let long = format!("a/{}", "x".repeat(254));
        for text in [
            "",
            "/",
            "a",
            "a/",
            "/b",
            "a/b/c",
            " a/b",
            "a/b ",
            "a /b",
            "a/b;",
            "a/b; ",
            "a/b;c",
            "a/b;c=",
            "a/b;=d",
            "a/b;c=d ",
            "a/b;c=\"d",
            "a/b;c=\"d\"e",
            "a/b;c=\"d\\\"",
            "a/b;c=d e",
            "a/b\r\nx: y",
            "a/b;c=\"\n\"",
            "a/b\0",
            "a/ä",
            "ä/b",
            "a/b;c=\"ä\"",
            "a/b,c/d",
            &long,
        ] {
            assert!(MediaType::parse(text).is_err(), "{text:?}");
        }
    }

    /// Every text of up to six characters over the ones that mean something: no panic, and nothing taken that could
    /// not be sent back unchanged.
    #[test]
    fn all_short_texts() {
        let alphabet = ['a', '/', ';', '=', '"', '\\', ' ', 'ä'];
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            texts = texts.iter().flat_map(|text| alphabet.map(|c| format!("{text}{c}"))).collect();
            for text in texts.iter().filter(|text| MediaType::parse(&format!("a/{text}")).is_ok()) {
                assert!(text.is_ascii() && text.trim_end() == text, "{text:?}");
                assert_eq!(text.replace("\\\"", "").matches('"').count() % 2, 0, "{text:?}");
            }
        }
    }
}
