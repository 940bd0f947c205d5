//! A question to the user.

use super::Printer;
use super::style::HEADING;

/// Asks; the answer is typed on the same line.
pub(crate) fn question(printer: &Printer, question: &str) {
    printer.pass_on(format!("\n{HEADING}{question}{HEADING:#} ").as_bytes());
}
