//! Asking before something is changed.

use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use std::io::{self, IsTerminal as _};

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Interrupted,
}

/// Refuses when there will be nobody to ask, before anything has been done.
pub(crate) fn require(yes: bool) -> Result<()> {
    if yes || io::stdin().is_terminal() {
        return Ok(());
    }
    let failure = Failure::new("this needs a confirmation, and standard input is not a terminal");
    Err(failure.hint("pass `--yes` to do it without asking").into())
}

/// Asks `question` unless `yes` answers it already; whatever is none of `accepted` means no.
pub(crate) async fn ask(session: &Session, question: &str, accepted: &[&str], yes: bool) -> Answer {
    if yes {
        return Answer::Yes;
    }
    views::consent::question(&session.printer, question);
    let (sender, line) = tokio::sync::oneshot::channel();
    // A thread of its own, because nothing can end a read of the terminal.
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = io::stdin().read_line(&mut line);
        let _ = sender.send(line);
    });
    tokio::select! {
        line = line => {
            let line = line.unwrap_or_default();
            if line.is_empty() {
                // The end of the input has left the cursor behind the question.
                views::consent::interrupted(&session.printer);
            }
            judge(&line, accepted)
        }
        _ = tokio::signal::ctrl_c() => {
            views::consent::interrupted(&session.printer);
            Answer::Interrupted
        }
    }
}

fn judge(line: &str, accepted: &[&str]) -> Answer {
    let line = line.trim().to_lowercase();
    if accepted.contains(&line.as_str()) { Answer::Yes } else { Answer::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_accepted_words_mean_yes() {
        assert_eq!(judge("Yes\n", &["y", "yes"]), Answer::Yes);
        assert_eq!(judge("y\n", &["yes"]), Answer::No);
        assert_eq!(judge("", &["y", "yes"]), Answer::No);
    }
}
