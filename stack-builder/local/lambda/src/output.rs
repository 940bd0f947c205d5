//! What a handler prints: split into lines, limited, and written to the logs between Lambda's own lines.

use crate::budget::Budget;
use crate::definition::Definition;
use crate::report::{self, Report};
use stack_builder_local_core::World;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::{mpsc, oneshot};

/// Longer lines are cut in pieces, as `CloudWatch` Logs cuts them.
const LONGEST: usize = 256 * 1024;
/// What the terminal is shown of a line.
const SHOWN: usize = 16 * 1024;
/// `LogType: Tail` answers with this much of the end.
const TAIL: usize = 4096;
/// Read before a mark is written: a handler that never stops printing must not hold the mark up.
const DRAINED: usize = 4 << 20;

/// A place in the output where something happened.
#[derive(Debug)]
pub(crate) enum Mark {
    /// A call begins; `tail` says that its log is asked for.
    Start { request_id: String, tail: bool },
    /// It has ended.
    End { report: Report, tail: Option<oneshot::Sender<String>> },
    /// The process has ended.
    Close,
}

/// Where lines go.
#[derive(Debug)]
pub(crate) struct Output {
    world: World,
    definition: Arc<Definition>,
    version: Arc<str>,
    stream: String,
    request_id: String,
    line: Vec<u8>,
    budget: Budget,
    left_out: usize,
    tail: Option<String>,
}

impl Output {
    pub(crate) fn new(world: World, definition: Arc<Definition>, version: Arc<str>, stream: String) -> Self {
        Self {
            world,
            definition,
            version,
            stream,
            request_id: String::new(),
            line: Vec::new(),
            budget: Budget::new(Instant::now()),
            left_out: 0,
            tail: None,
        }
    }

    /// Reads until the process has ended. The pipe is always emptied, so that no handler waits for us.
    pub(crate) async fn run(mut self, pipe: Receiver, mut marks: mpsc::UnboundedReceiver<Mark>) {
        let mut open = true;
        loop {
            tokio::select! {
                mark = marks.recv() => {
                    self.drain(&pipe);
                    match mark {
                        None | Some(Mark::Close) => return self.flush(),
                        Some(mark) => self.mark(mark),
                    }
                }
                ready = pipe.readable(), if open => open = ready.is_ok() && self.read(&pipe) != Some(0),
            }
            // Reading on without a pause would keep this thread from everything else.
            tokio::task::consume_budget().await;
        }
    }

    /// What the process has printed before now; it is all in the pipe.
    fn drain(&mut self, pipe: &Receiver) {
        let mut read = 0;
        while read < DRAINED {
            match self.read(pipe) {
                Some(0) | None => return,
                Some(bytes) => read += bytes,
            }
        }
    }

    /// One reading; 0 at the end, `None` when there is nothing now.
    fn read(&mut self, pipe: &Receiver) -> Option<usize> {
        let mut buffer = [0; 16 * 1024];
        match pipe.try_read(&mut buffer) {
            Ok(bytes) => {
                self.take(&buffer[..bytes]);
                Some(bytes)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            Err(_) => Some(0),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (head, rest) = line.split_at(line.len().min(LONGEST - self.line.len()));
            self.add(head);
            self.add(rest);
        }
    }

    /// Adds to the line, which is written when it has ended or is too long.
    fn add(&mut self, bytes: &[u8]) {
        self.line.extend_from_slice(bytes);
        if bytes.ends_with(b"\n") || self.line.len() >= LONGEST {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches('\n');
        if line.is_empty() {
            return;
        }
        if !self.budget.take(line.len(), Instant::now()) {
            self.left_out += line.len();
            return;
        }
        if self.left_out > 0 {
            let left_out = std::mem::take(&mut self.left_out);
            self.write(&format!("[{left_out} bytes of output are left out: more than 1 MB a second]"));
        }
        self.write(line);
        let shown = &line[..line.floor_char_boundary(SHOWN)];
        self.world.journal.log(&self.definition.id, &self.request_id, shown);
    }

    fn write(&mut self, line: &str) {
        let now = self.world.clock.millis();
        self.world.logs.write(&self.definition.logging.group, &self.stream, now, line);
        if let Some(tail) = &mut self.tail {
            tail.push_str(&line[line.ceil_char_boundary(line.len().saturating_sub(TAIL))..]);
            tail.push('\n');
            tail.drain(..tail.ceil_char_boundary(tail.len().saturating_sub(TAIL)));
        }
    }

    fn mark(&mut self, mark: Mark) {
        self.flush();
        match mark {
            Mark::Start { request_id, tail } => self.start(request_id, tail),
            Mark::End { report, tail } => self.end(&report, tail),
            Mark::Close => {}
        }
    }

    fn start(&mut self, request_id: String, tail: bool) {
        self.request_id = request_id;
        self.tail = tail.then(String::new);
        let now = self.world.clock.millis();
        let definition = self.definition.clone();
        if let Some(line) = report::start(&definition.logging, &self.request_id, &self.version, now) {
            self.write(&line);
        }
    }

    fn end(&mut self, report: &Report, tail: Option<oneshot::Sender<String>>) {
        let definition = self.definition.clone();
        for line in report.lines(&definition.logging, self.world.clock.millis()) {
            self.write(&line);
        }
        if let Some(failure) = &report.failure {
            self.world.journal.log(
                &definition.id,
                &self.request_id,
                &format!("{}: {}", failure.kind, failure.message),
            );
        }
        if let Some(asked) = tail {
            // Nobody may be waiting any more.
            let _ = asked.send(self.tail.take().unwrap_or_default());
        }
    }
}
