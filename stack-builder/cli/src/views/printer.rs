//! The one way out: results to standard output, everything else to standard error.

use crate::global_args::ColorWhen;
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Prints for the views; text may carry ANSI styles, which are dropped where colour is not wanted.
#[derive(Debug)]
pub(crate) struct Printer {
    color: ColorChoice,
    quiet: bool,
    verbose: bool,
    lost: Mutex<Option<io::Error>>,
    unread: AtomicBool,
}

impl Printer {
    pub(crate) fn new(color: ColorWhen, quiet: bool, verbose: bool) -> Self {
        let color = match color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::AlwaysAnsi,
            ColorWhen::Never => ColorChoice::Never,
        };
        Self { color, quiet, verbose, lost: Mutex::new(None), unread: AtomicBool::new(false) }
    }

    /// Whether details are wanted.
    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether progress is unwanted.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether standard error is to be coloured, for programs that we run.
    pub(crate) fn colors_errors(&self) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            choice => choice != ColorChoice::Never,
        }
    }

    /// Fails if a result could not be written; a reader that has seen enough is no failure.
    pub(crate) fn finish(&self) -> Result<()> {
        let lost = self.lost.lock().ok().and_then(|mut lost| lost.take());
        lost.map_or(Ok(()), |error| Err(error).context("cannot write to standard output"))
    }

    /// A line (or several) that the command was run for.
    pub(super) fn result(&self, text: impl Display) {
        let mut out = AutoStream::new(io::stdout().lock(), self.color);
        let written = writeln!(out, "{}", visible(&text.to_string())).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => self.unread.store(true, Ordering::Relaxed),
            Err(error) => {
                if let Ok(mut lost) = self.lost.lock() {
                    lost.get_or_insert(error);
                }
            }
            Ok(()) => {}
        }
    }

    /// Whether whoever read results has gone.
    pub(crate) fn is_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }

    /// `value` as a result, in pretty JSON.
    pub(super) fn json(&self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.result(in_json(&text));
        Ok(())
    }

    /// `value` as a result, in one line of JSON.
    pub(super) fn json_line(&self, value: &impl Serialize) {
        // What a view makes of its own maps and lists can always be written.
        let text = serde_json::to_string(value).unwrap_or_default();
        self.result(in_json(&text));
    }

    /// A line of what is going on; not when quiet.
    pub(super) fn progress(&self, text: impl Display) {
        if !self.quiet {
            self.problem(text);
        }
    }

    /// A line that only `--verbose` wants.
    pub(super) fn detail(&self, text: impl Display) {
        if self.verbose {
            self.problem(text);
        }
    }

    /// An error or a warning; shown always. Nothing can be done if even that fails.
    pub(super) fn problem(&self, text: impl Display) {
        let mut err = AutoStream::new(io::stderr().lock(), self.color);
        let _ = writeln!(err, "{}", visible(&text.to_string()));
    }

    /// Bytes of another program's standard error, which has decided about colour itself.
    pub(super) fn pass_on(&self, bytes: &[u8]) {
        let mut err = AutoStream::new(io::stderr().lock(), self.color);
        let _ = err.write_all(bytes).and_then(|()| err.flush());
    }
}

/// The text with control characters shown, but for line ends, tabs and the colours that views put there.
///
/// Views show the text of others in one line each; this is for what they forget.
fn visible(text: &str) -> String {
    let (mut visible, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(|c: char| c.is_control() && c != '\n' && c != '\t') {
        let (plain, control) = rest.split_at(at);
        visible += plain;
        let colour = colour(control);
        let (control, after) = control.split_at(colour.unwrap_or_else(|| first(control).len_utf8()));
        match colour {
            Some(_) => visible += control,
            None => visible.extend(control.chars().flat_map(char::escape_debug)),
        }
        rest = after;
    }
    visible + rest
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or_default()
}

/// The length of the colour or style that `text` begins with.
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters[end..].starts_with('m').then_some(end + 3)
}

/// The document with those control characters escaped that JSON would let stand.
fn in_json(document: &str) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    document.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_ends_tabs_and_colours_are_sent() {
        let styled = "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m:\n\tx";
        assert_eq!(visible(styled), styled);
        assert_eq!(
            visible("a\rb\u{1b}[2Jc\u{1b}]8;;x\u{7}d\u{9b}é\u{1b}"),
            "a\\rb\\u{1b}[2Jc\\u{1b}]8;;x\\u{7}d\\u{9b}é\\u{1b}"
        );
    }

    #[test]
    fn json_stays_the_same_document() {
        let value = serde_json::json!({"a": "\u{7f}\u{9b}\u{1b}\né"});
        let document = in_json(&serde_json::to_string_pretty(&value).unwrap());
        assert!(!document.contains(|c: char| c.is_control() && c != '\n'), "{document}");
        assert_eq!(visible(&document), document);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&document).unwrap(), value);
    }
}
