//! An error that ended the command.

use super::Printer;
use super::style::{ERROR, HINT};
use super::text::{shown, shown_lines};
use crate::exit::ExitStatus;
use crate::failure::Failure;

/// Shows `error` with its causes and its hint; returns the status to exit with.
pub(crate) fn show(printer: &Printer, error: &anyhow::Error) -> ExitStatus {
    printer.problem(render(error));
    Failure::status_of(error)
}

fn render(error: &anyhow::Error) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut hint = Failure::hint_of(error).map(str::to_owned);
    for text in error.chain().map(ToString::to_string) {
        // Errors of the acting crates end in their hint.
        let (message, own_hint) = text.split_once("\nhint: ").map_or((&*text, None), |(m, h)| (m, Some(h)));
        hint = hint.or(own_hint.map(str::to_owned));
        // Some errors already quote the one beneath them.
        if !lines.last().is_some_and(|last| last.contains(&shown_lines(message))) {
            lines.push(shown_lines(message));
        }
    }
    let mut rendered = format!("{ERROR}error{ERROR:#}: {}", lines.join("\ncaused by: "));
    if let Some(hint) = hint {
        rendered = format!("{rendered}\n{HINT}hint{HINT:#}: {}", shown(&hint));
    }
    rendered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(failure: Failure, expect: &str) {
        assert_eq!(anstream::adapter::strip_str(&render(&failure.into())).to_string(), expect);
    }

    #[test]
    fn causes_and_hints_have_lines_of_their_own() {
        check(Failure::new("no luck"), "error: no luck");
        check(
            Failure::new("no luck").because(Failure::new("rain").because("clouds")).hint("wait"),
            "error: no luck\ncaused by: rain\ncaused by: clouds\nhint: wait",
        );
    }

    #[test]
    fn a_hint_inside_a_message_comes_last() {
        check(
            Failure::new("no luck").because("rain\nhint: wait".to_owned()),
            "error: no luck\ncaused by: rain\nhint: wait",
        );
    }

    #[test]
    fn no_text_begins_a_line_of_its_own() {
        check(
            Failure::new("no luck\n  with `a`\n::error::x\u{1b}[1m").hint("wait\n::notice::y"),
            "error: no luck\n  |   with `a`\n  | ::error::x\\u{1b}[1m\nhint: wait\\n::notice::y",
        );
    }

    #[test]
    fn a_cause_is_not_told_twice() {
        check(Failure::new("no luck: rain").because("rain"), "error: no luck: rain");
    }
}
