//! A question to the user.

use super::Printer;
use super::style::HEADING;
use super::text::shown;

/// Asks; the answer is typed on the same line.
pub(crate) fn question(printer: &Printer, question: &str) {
    printer.pass_on(format!("\n{HEADING}{}{HEADING:#} ", shown(question)).as_bytes());
}

/// The terminal has shown `^C` where the answer was to stand.
pub(crate) fn interrupted(printer: &Printer) {
    printer.pass_on(b"\n");
}
