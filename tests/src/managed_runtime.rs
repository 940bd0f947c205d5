//! Lambda's managed Python runtime on this machine: its own client (`awslambdaric`), asking a Runtime API of ours.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use crate::http_server::{self, Asked};
use crate::place::python_tool;
use crate::process::Group;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// How long Lambda gives a function at a viewer trigger, by the older quota.
const TIMEOUT: Duration = Duration::from_secs(5);

/// One execution environment: a process started as Lambda starts it, in the folder of the unpacked archive.
#[derive(Debug)]
pub struct ManagedRuntime {
    // Ended before the folder with its log goes.
    _process: Group,
    folder: TempDir,
    events: Sender<String>,
    outcomes: Receiver<Outcome>,
    started: Instant,
}

/// What the function told the Runtime API: its answer, or an error.
type Outcome = Result<Value, Value>;

/// One answered event.
#[derive(Debug)]
pub struct Invoked {
    /// The function's answer.
    pub answer: Value,
    /// From the event's sending to the answer; with the start of the process for the first event.
    pub took: Duration,
}

impl ManagedRuntime {
    /// Starts `handler` (such as `index.handler`) in `code`, with nothing of this machine's environment but `variables`.
    ///
    /// # Panics
    /// When the client is not installed.
    pub fn start(code: &Path, handler: &str, variables: &[(&str, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the log");
        let (events, to_come) = channel();
        let (done, outcomes) = channel();
        let api = RuntimeApi { to_come: Mutex::new(to_come), done: Mutex::new(done) };
        let address = http_server::serve(Arc::new(move |asked| api.answer(&asked)));
        let log = File::create(folder.path().join("log")).expect("a log");
        let mut command = Command::new(python_tool("python"));
        command.args(["-m", "awslambdaric", handler]).current_dir(code).env_clear().envs([
            ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
            ("AWS_LAMBDA_FUNCTION_NAME", "us-east-1.function"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_REGION", "us-east-1"),
            ("PATH", "/usr/bin:/bin"),
        ]);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("the same log")).stderr(log);
        let started = Instant::now();
        Self { _process: Group::start(&mut command), folder, events, outcomes, started }
    }

    /// Sends the first event and times it from the start of the process; to be called at once after it.
    ///
    /// # Panics
    /// As [`ManagedRuntime::invoke`].
    #[track_caller]
    pub fn invoke_cold(&self, event: &Value) -> Invoked {
        self.invoke_since(event, self.started)
    }

    /// Sends an event and waits for the answer.
    ///
    /// # Panics
    /// When there is none before Lambda would have ended the function, or it is an error.
    #[track_caller]
    pub fn invoke(&self, event: &Value) -> Invoked {
        self.invoke_since(event, Instant::now())
    }

    #[track_caller]
    fn invoke_since(&self, event: &Value, start: Instant) -> Invoked {
        self.events.send(event.to_string()).expect("a Runtime API");
        let outcome = self.outcomes.recv_timeout(TIMEOUT);
        let took = start.elapsed();
        match outcome {
            Ok(Ok(answer)) => Invoked { answer, took },
            other => panic!("no answer but {other:?} after {took:?}; the log:\n{}", self.log()),
        }
    }

    /// What it has written so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

/// The four requests of the Runtime API, for one function that asks for one event after another.
struct RuntimeApi {
    to_come: Mutex<Receiver<String>>,
    done: Mutex<Sender<Outcome>>,
}

impl RuntimeApi {
    fn answer(&self, asked: &Asked) -> http_server::Answer {
        let body = || serde_json::from_str(&asked.body).unwrap_or_default();
        match asked.path.rsplit('/').next() {
            Some("next") => return self.next(),
            Some("response") => self.tell(Ok(body())),
            _ => self.tell(Err(body())),
        }
        http_server::Answer { status: 202, headers: Vec::new(), body: "{}".to_owned() }
    }

    /// Waits, as Lambda freezes a function, until there is an event.
    fn next(&self) -> http_server::Answer {
        let to_come = self.to_come.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(body) = to_come.recv() else { return http_server::Answer::default() };
        let deadline = SystemTime::now() + TIMEOUT;
        let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let headers = vec![
            ("lambda-runtime-aws-request-id", "8f5e2c1a-0000-4000-8000-000000000001".to_owned()),
            ("lambda-runtime-deadline-ms", deadline.to_string()),
            (
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:us-east-1:123456789012:function:f:1".to_owned(),
            ),
        ];
        http_server::Answer { status: 200, headers, body }
    }

    fn tell(&self, outcome: Outcome) {
        let _ = self.done.lock().unwrap_or_else(PoisonError::into_inner).send(outcome);
    }
}
