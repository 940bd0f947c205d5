//! `stack-builder local`, started as a user starts it, and watched through its events.

use crate::process::Group;
use crate::{StackBuilder, repository_root};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read};
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a cold build of the handlers may take on a slow machine.
const BUILD: Duration = Duration::from_mins(15);
/// How long anything else may take.
const SOON: Duration = Duration::from_mins(1);

/// A running application; it is ended on drop.
#[derive(Debug)]
pub struct Local {
    process: Group,
    heard: Heard,
    ready: Value,
}

/// Everything the process has said, and a bell for more of it.
type Heard = Arc<(Mutex<Said>, Condvar)>;

#[derive(Debug, Default)]
struct Said {
    events: Vec<Value>,
    errors: String,
    over: bool,
}

impl Local {
    /// Serves stacks of this repository on free ports and without a memory; further arguments follow.
    ///
    /// # Panics
    /// When it does not become ready.
    #[track_caller]
    pub fn start(args: &[&str]) -> Self {
        let fixed = ["local", "--json", "--port", "0", "--ephemeral", "--no-watch"];
        Self::command(StackBuilder::new(&repository_root()).args(fixed).args(args))
    }

    /// Runs a command, which must be `local --json`, until it is ready.
    ///
    /// # Panics
    /// When it does not become ready.
    #[track_caller]
    pub fn command(command: StackBuilder) -> Self {
        let mut command = command.into_command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Group::start(&mut command);
        let heard = Heard::default();
        let (stdout, stderr) = process.streams();
        let (events, errors) = (heard.clone(), heard.clone());
        thread::spawn(move || listen(stdout, &events));
        thread::spawn(move || overhear(stderr, &errors));
        let mut local = Self { process, heard, ready: Value::Null };
        local.ready = local.wait("it to be ready", BUILD, 0, |event| event["event"] == "ready");
        local
    }

    /// The URL that a stack's output names: `url("todo", "SiteUrl")`.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn url(&self, stack: &str, output: &str) -> String {
        let url = self.ready["urls"][stack][output].as_str();
        url.unwrap_or_else(|| panic!("no {stack}.{output} in {:#}", self.ready["urls"])).to_owned()
    }

    /// The URL of AWS's API.
    pub fn endpoint(&self) -> String {
        self.ready["endpoint"].as_str().unwrap_or_default().to_owned()
    }

    /// The event that told of readiness.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// The process id of the command.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Every event so far.
    pub fn events(&self) -> Vec<Value> {
        self.heard.0.lock().unwrap_or_else(PoisonError::into_inner).events.clone()
    }

    /// Waits for an event, past or future.
    ///
    /// # Panics
    /// When it does not come.
    #[track_caller]
    pub fn event(&self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        self.wait(what, SOON, 0, is_it)
    }

    /// Waits for an event that comes after the first `seen` ones; a build may lie between.
    ///
    /// # Panics
    /// When it does not come.
    #[track_caller]
    pub fn event_after(&self, seen: usize, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        self.wait(what, BUILD, seen, is_it)
    }

    /// The code in the latest mail to an address.
    ///
    /// # Panics
    /// When none comes.
    #[track_caller]
    pub fn code_for(&self, address: &str) -> String {
        let to_them = |event: &Value| event["event"] == "mail" && event["to"] == address;
        self.wait("a mail", SOON, 0, to_them);
        let latest = self.events().into_iter().rfind(to_them).unwrap_or_default();
        latest["code"].as_str().unwrap_or_else(|| panic!("no code in {latest}")).to_owned()
    }

    /// Ends it as Ctrl-C does, and expects that it ends well.
    ///
    /// # Panics
    /// When it does not end soon, or with another exit code than 0.
    #[track_caller]
    pub fn stop(mut self) -> Vec<Value> {
        let code = self.process.interrupt(Duration::from_secs(10));
        assert_eq!(code, Some(0), "exit code after Ctrl-C\n{}", self.said());
        self.events()
    }

    /// Sends the command alone a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        self.process.send(name);
    }

    /// Waits for its end; the exit code, `None` when a signal has ended it.
    ///
    /// # Panics
    /// When it does not end soon.
    #[track_caller]
    pub fn ended(&mut self) -> Option<i32> {
        let status = self.process.wait(Duration::from_secs(10));
        status.unwrap_or_else(|| panic!("it has not ended\n{}", self.said())).code()
    }

    /// Waits until standard error holds this text: it is another stream than the events, and either may be later.
    pub fn complains(&self, part: &str) -> bool {
        let end = Instant::now() + SOON;
        while !self.errors().contains(part) {
            if Instant::now() > end {
                return false;
            }
            thread::sleep(Duration::from_millis(20));
        }
        true
    }

    /// What it has written to standard error.
    pub fn errors(&self) -> String {
        self.heard.0.lock().unwrap_or_else(PoisonError::into_inner).errors.clone()
    }

    #[track_caller]
    fn wait(&self, what: &str, patience: Duration, seen: usize, is_it: impl Fn(&Value) -> bool) -> Value {
        let (said, bell) = &*self.heard;
        let end = Instant::now() + patience;
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(event) = said.events.iter().skip(seen).find(|event| is_it(event)) {
                return event.clone();
            }
            let left = end.saturating_duration_since(Instant::now());
            if said.over || left.is_zero() {
                drop(said);
                panic!("waited in vain for {what}\n{}", self.said());
            }
            said = bell.wait_timeout(said, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn said(&self) -> String {
        let said = self.heard.0.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = said.events.iter().rev().take(40).rev();
        let events: Vec<_> = latest.map(ToString::to_string).collect();
        format!("--- latest events\n{}\n--- stderr\n{}---", events.join("\n"), said.errors)
    }
}

fn listen(stdout: impl Read, heard: &Heard) {
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let event = serde_json::from_str(&line).unwrap_or_else(|_| Value::String(format!("no JSON: {line}")));
        heard.0.lock().unwrap_or_else(PoisonError::into_inner).events.push(event);
        heard.1.notify_all();
    }
    heard.0.lock().unwrap_or_else(PoisonError::into_inner).over = true;
    heard.1.notify_all();
}

fn overhear(stderr: impl Read, heard: &Heard) {
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        let mut said = heard.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.errors.push_str(&line);
        said.errors.push('\n');
    }
}
