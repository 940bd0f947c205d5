//! The one way out: results to standard output, everything else to standard error.

use crate::global_args::ColorWhen;
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::sync::Mutex;

/// Prints for the views; text may carry ANSI styles, which are dropped where colour is not wanted.
#[derive(Debug)]
pub(crate) struct Printer {
    color: ColorChoice,
    quiet: bool,
    verbose: bool,
    lost: Mutex<Option<io::Error>>,
}

impl Printer {
    pub(crate) fn new(color: ColorWhen, quiet: bool, verbose: bool) -> Self {
        let color = match color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::AlwaysAnsi,
            ColorWhen::Never => ColorChoice::Never,
        };
        Self { color, quiet, verbose, lost: Mutex::new(None) }
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
        let written = writeln!(out, "{text}").and_then(|()| out.flush());
        if let Err(error) = written
            && error.kind() != ErrorKind::BrokenPipe
            && let Ok(mut lost) = self.lost.lock()
        {
            lost.get_or_insert(error);
        }
    }

    /// `value` as a result, in pretty JSON.
    pub(super) fn json(&self, value: &impl Serialize) -> Result<()> {
        self.result(serde_json::to_string_pretty(value)?);
        Ok(())
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
        let _ = writeln!(err, "{text}");
    }

    /// Bytes of another program's standard error, which has decided about colour itself.
    pub(super) fn pass_on(&self, bytes: &[u8]) {
        let mut err = AutoStream::new(io::stderr().lock(), self.color);
        let _ = err.write_all(bytes).and_then(|()| err.flush());
    }
}
