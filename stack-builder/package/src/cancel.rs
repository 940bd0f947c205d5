//! Ending cargo before its time.

use std::io;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Runs programs, one at a time, and ends the one that runs when asked to. Cheap to clone.
///
/// Ctrl-C in a terminal reaches cargo by itself; this is for an end that comes by another way.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Mutex<Running>>);

#[derive(Debug, Default)]
struct Running {
    cancelled: bool,
    child: Option<Child>,
}

impl Cancel {
    /// Ends what runs now, and what would run later.
    pub fn cancel(&self) {
        let mut running = self.lock();
        running.cancelled = true;
        if let Some(child) = &mut running.child {
            // One that has ended already is what we want.
            let _ = child.kill();
        }
    }

    /// Whether it was asked for.
    pub fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// Runs `command`, gives its piped streams to `follow`, which reads them to their end, and then its exit status
    /// with what `follow` made of them.
    ///
    /// # Errors
    /// When the program cannot be started, or its end not be awaited.
    pub fn run<T>(
        &self,
        command: &mut Command,
        follow: impl FnOnce(Option<ChildStdout>, Option<ChildStderr>) -> T,
    ) -> io::Result<(ExitStatus, T)> {
        let (stdout, stderr) = self.start(command)?;
        let made = follow(stdout, stderr);
        // Its streams are closed, so that it ends in a moment, and the lock is held no longer.
        let child = self.lock().child.take();
        let status = child.ok_or_else(|| io::Error::other("another run took its place"))?.wait()?;
        Ok((status, made))
    }

    fn start(&self, command: &mut Command) -> io::Result<(Option<ChildStdout>, Option<ChildStderr>)> {
        let mut running = self.lock();
        if running.cancelled {
            return Err(io::Error::new(io::ErrorKind::Interrupted, "it was cancelled"));
        }
        let mut child = command.spawn()?;
        let streams = (child.stdout.take(), child.stderr.take());
        running.child = Some(child);
        Ok(streams)
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    #[test]
    fn what_runs_ends_and_nothing_starts_any_more() {
        let (cancel, began) = (Cancel::default(), Instant::now());
        let other = cancel.clone();
        let stopper = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            other.cancel();
        });
        let mut sleep = Command::new("sleep");
        sleep.arg("60").stdout(Stdio::piped());
        let read = |stdout: Option<ChildStdout>, _| stdout.map(|mut out| out.read_to_end(&mut Vec::new()));
        let (status, _) = cancel.run(&mut sleep, read).unwrap();
        stopper.join().unwrap();
        assert!(!status.success() && began.elapsed() < Duration::from_secs(30));
        assert_eq!(cancel.run(&mut sleep, |_, _| ()).unwrap_err().kind(), io::ErrorKind::Interrupted);
    }
}
