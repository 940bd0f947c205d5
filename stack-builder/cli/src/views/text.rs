//! Numbers, sizes, times and paths as people read them.

use stack_builder_validate::escaped;
use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

/// `1 stack`, `2 stacks`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `2 errors, 1 warning`.
pub(crate) fn findings(errors: usize, warnings: usize) -> String {
    match warnings {
        0 => count(errors, "error"),
        _ => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// `512 B`, `12.3 KiB`, `5.8 MiB`.
pub(super) fn bytes(number: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let float = number as f64;
    match number {
        0..1024 => format!("{number} B"),
        1024..1_048_576 => format!("{:.1} KiB", float / 1024.0),
        _ => format!("{:.1} MiB", float / 1_048_576.0),
    }
}

/// `0.31 s`.
pub(super) fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// Text that is not ours, in one line: control characters, line ends too, are shown as `\n` and `\u{1b}`.
///
/// Otherwise a name or a reason could begin a line of its own, which reads as if we had said it; and continuous
/// integration takes some lines for commands.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    escaped(text)
}

/// The same for a text of several lines, whose further ones are marked as such.
pub(super) fn shown_lines(text: &str) -> String {
    text.lines().map(shown).collect::<Vec<_>>().join("\n  | ")
}

/// Relative to the current directory when it lies below.
pub(crate) fn path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let short = path.strip_prefix(&here).ok().filter(|short| !short.as_os_str().is_empty());
    shown(&short.unwrap_or(path).display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(count(1, "stack"), "1 stack");
        assert_eq!(count(0, "stack"), "0 stacks");
        assert_eq!(findings(2, 1), "2 errors, 1 warning");
        assert_eq!(findings(1, 0), "1 error");
        assert_eq!(seconds(Duration::from_millis(314)), "0.31 s");
    }

    #[test]
    fn no_text_moves_the_cursor_or_begins_a_line() {
        assert_eq!(shown("a\n::error::b\r\u{1b}[2J\u{9b}\0é"), "a\\n::error::b\\r\\u{1b}[2J\\u{9b}\\0é");
        assert_eq!(shown("plain"), "plain");
        assert_eq!(shown_lines("a\n  ::error::b\u{7}\r"), "a\n  |   ::error::b\\u{7}\\r");
    }

    #[test]
    fn sizes() {
        assert_eq!(bytes(1023), "1023 B");
        assert_eq!(bytes(51_200), "50.0 KiB");
        assert_eq!(bytes(6_081_741), "5.8 MiB");
    }

    #[test]
    fn paths_below_the_current_directory_are_short() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(path(&here.join("target/assembly")), "target/assembly");
        assert_eq!(path(&here), here.display().to_string());
        assert_eq!(path(Path::new("/elsewhere/x")), "/elsewhere/x");
    }
}
