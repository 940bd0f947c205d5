//! What other programs say while we wait for them.

use super::Printer;
use super::style::FAINT;
use super::text::shown;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// Cargo is not heard unless it takes longer than this.
const PATIENCE: Duration = Duration::from_millis(500);

/// With `--verbose`, names the program about to be run.
pub(crate) fn starting(printer: &Printer, command: &Command) {
    let program = command.get_program().to_string_lossy();
    let variables = command.get_envs().filter_map(|(name, value)| Some((name.to_str()?, value?)));
    let variables = variables.filter(|(name, _)| name.starts_with("STACK_BUILDER"));
    let variables = variables.map(|(name, value)| format!("{name}={} ", quoted(&value.to_string_lossy())));
    let arguments = command.get_args().map(|argument| format!(" {}", quoted(&argument.to_string_lossy())));
    let line: String = variables.chain([program.into_owned()]).chain(arguments).collect();
    printer.detail(format!("{FAINT}running{FAINT:#} {}", shown(&line)));
}

/// Says that another run has to end first.
pub(crate) fn waiting(printer: &Printer, folder: &Path) {
    printer.progress(format!("waiting for another run that uses `{}`", shown(&folder.display().to_string())));
}

fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_=/.:,+".contains(c));
    if plain { word.to_owned() } else { format!("'{word}'") }
}

/// What was held back, to be shown if it turns out to matter.
#[must_use]
pub(crate) struct Held(Vec<u8>);

impl Held {
    pub(crate) fn show(&self, printer: &Printer) {
        printer.pass_on(&self.0);
    }
}

/// Passes `stream` on as it comes once [`PATIENCE`] has run out; what came in a shorter run is handed back.
pub(crate) fn relay(printer: &Printer, stream: Option<impl Read + Send>) -> Held {
    let (sender, chunks) = mpsc::channel::<Vec<u8>>();
    thread::scope(|scope| {
        scope.spawn(move || stream.map(|stream| read(stream, &sender)));
        let mut held = Vec::new();
        if hold_back(&chunks, &mut held) {
            return Held(held);
        }
        printer.pass_on(&held);
        for chunk in chunks {
            printer.pass_on(&chunk);
        }
        Held(Vec::new())
    })
}

fn read(mut stream: impl Read, sender: &Sender<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        if sender.send(buffer[..length].to_vec()).is_err() {
            break;
        }
    }
}

/// Whether the stream ended in time.
fn hold_back(chunks: &Receiver<Vec<u8>>, held: &mut Vec<u8>) -> bool {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match chunks.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(chunk) => held.extend(chunk),
            Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
}
