//! Child processes that tests start, and that never outlive them.

use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A child with all of its own children; it is ended on drop.
#[derive(Debug)]
pub(crate) struct Group {
    child: Child,
}

impl Group {
    /// Starts `command` as the head of a process group of its own.
    #[cfg(unix)]
    pub(crate) fn start(command: &mut Command) -> Self {
        use std::os::unix::process::CommandExt as _;
        let child = command.process_group(0).spawn();
        let child = child.unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        Self { child }
    }

    /// Whether the child has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// The child's process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Standard input, which must have been piped.
    ///
    /// # Panics
    /// When it was not, or somebody has taken it.
    pub(crate) fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().expect("a piped stdin")
    }

    /// Standard output and standard error, which must have been piped.
    ///
    /// # Panics
    /// When they were not, or somebody has taken them.
    pub(crate) fn streams(&mut self) -> (ChildStdout, ChildStderr) {
        (self.child.stdout.take().expect("a piped stdout"), self.child.stderr.take().expect("a piped stderr"))
    }

    /// Sends the child alone what Ctrl-C sends, and waits; the exit code, `None` when it does not end in time.
    pub(crate) fn interrupt(&mut self, patience: Duration) -> Option<i32> {
        self.send("INT");
        self.wait(patience).and_then(|status| status.code())
    }

    /// Sends the child alone a signal, such as `TERM`.
    pub(crate) fn send(&self, name: &str) {
        let _ = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
    }

    /// Waits for the child's end; `None` when it does not end in time.
    pub(crate) fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + patience;
        while Instant::now() < end {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            sleep(Duration::from_millis(10));
        }
        None
    }

    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-s", name, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Some end with their input, and not every machine has `kill`.
        drop(self.child.stdin.take());
        self.signal("TERM");
        let end = Instant::now() + Duration::from_secs(3);
        while !self.has_ended() && Instant::now() < end {
            sleep(Duration::from_millis(20));
        }
        self.signal("KILL");
        let _ = self.child.wait();
    }
}

/// What `command` writes to standard output.
///
/// # Panics
/// When it cannot be started or does not succeed.
#[track_caller]
pub fn output_of(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    let wrote = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{command:?} failed: {}\n{wrote}\n{said}", output.status);
    wrote.into_owned()
}
