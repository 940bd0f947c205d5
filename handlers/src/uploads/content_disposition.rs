//! The header that makes a browser save a file, under its name.

use super::file_name::FileName;
use std::fmt::Write;

/// `attachment` with the name twice: a plain ASCII one for old clients, and the true one (RFC 6266, RFC 8187).
pub(crate) fn attachment(name: &FileName) -> String {
    let name = name.as_str();
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(name))
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " .-_()+,=@".contains(c)
}

/// Leaves a part of RFC 8187's `attr-char`, and encodes every other byte.
fn percent_encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: &str) {
        assert_eq!(attachment(&FileName::parse(name).unwrap()), expect);
    }

    #[test]
    fn names_are_told_twice() {
        check("a b.png", "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        check("ä.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A4.txt");
    }

    #[test]
    fn a_name_cannot_end_its_own_quotes() {
        check("\";x=\"", "attachment; filename=\"__x=_\"; filename*=UTF-8''%22%3Bx%3D%22");
        check("%41'", "attachment; filename=\"_41_\"; filename*=UTF-8''%2541%27");
    }

    #[test]
    fn every_character_gives_a_header_of_visible_ascii() {
        for c in (0..=0x2FFF).filter_map(char::from_u32) {
            let Ok(name) = FileName::parse(&format!("a{c}b")) else { continue };
            let header = attachment(&name);
            assert!(header.bytes().all(|byte| (0x20..0x7F).contains(&byte)), "{header}");
            assert_eq!(header.matches('"').count(), 2, "{header}");
        }
    }
}
