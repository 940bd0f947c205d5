//! Ends the handlers when this process is killed and cannot do so itself.

use std::collections::BTreeSet;
use std::io::{PipeWriter, Write, pipe};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use tokio::process::{Child, Command};

/// Every line on its input is all groups that live now; at the end of the input, which comes when we end in whatever
/// way, it kills those of the last line. It must outlive us, so it ignores the signals that a terminal sends.
const SCRIPT: &str = "trap '' INT HUP TERM; all=; while read -r line; do all=$line; done; \
                      for group in $all; do kill -s KILL -- \"-$group\" 2>/dev/null; done";

/// A shell that waits for our end. Where there is none, a handler ends by itself when it next talks to the Runtime API.
#[derive(Debug)]
pub(crate) struct Watchdog {
    shell: Option<(Child, PipeWriter)>,
    groups: Mutex<BTreeSet<u32>>,
}

impl Watchdog {
    /// Starts the shell; must be within a runtime.
    pub(crate) fn start() -> Self {
        Self { shell: shell(), groups: Mutex::default() }
    }

    /// From now on this group is killed at our end.
    pub(crate) fn add(&self, group: u32) {
        self.change(|groups| groups.insert(group));
    }

    /// This group has ended.
    pub(crate) fn remove(&self, group: u32) {
        self.change(|groups| groups.remove(&group));
    }

    fn change(&self, change: impl FnOnce(&mut BTreeSet<u32>) -> bool) {
        let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&mut groups);
        let Some((_, mut input)) =
            self.shell.as_ref().filter(|_| changed).map(|(shell, input)| (shell, input))
        else {
            return;
        };
        let line = groups.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        // Written under the lock, so that lines come in order. A full pipe means that the shell is stopped; the next
        // line tells everything again.
        let _ = input.write_all(format!("{line}\n").as_bytes());
    }
}

fn shell() -> Option<(Child, PipeWriter)> {
    let (reader, writer) = pipe().ok()?;
    rustix::io::ioctl_fionbio(&writer, true).ok()?;
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(SCRIPT).env_clear().current_dir("/").process_group(0);
    command.stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
    Some((command.spawn().ok()?, writer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[tokio::test]
    async fn what_is_left_at_the_end_is_killed() {
        let sleeper = || {
            let (reader, writer) = std::io::pipe().unwrap();
            let mut command = Command::new("/bin/cat");
            command.process_group(0).stdin(reader).stdout(Stdio::null());
            (command.spawn().unwrap(), writer)
        };
        let (mut one, _one) = sleeper();
        let (mut two, two_input) = sleeper();
        let watchdog = Watchdog::start();
        watchdog.add(one.id().unwrap());
        watchdog.add(two.id().unwrap());
        watchdog.remove(two.id().unwrap());
        drop(watchdog);
        assert_eq!(one.wait().await.unwrap().signal(), Some(9));
        drop(two_input);
        assert_eq!(two.wait().await.unwrap().code(), Some(0));
    }
}
