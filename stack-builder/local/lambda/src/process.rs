//! A handler's process, with whatever it starts itself.

use rustix::process::{Pid, Signal, kill_process_group};
use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, Command};

/// A running process that leads a group of its own.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Whom to signal.
    pub(crate) group: Group,
}

/// The group of a process: it and its children, unless these left the group. Killed when dropped.
#[derive(Debug)]
pub(crate) struct Group(u32);

impl Process {
    /// Starts a program with these variables and no other; its output, of both kinds in order, is what is read.
    ///
    /// # Errors
    /// When there is no such program, or it is not for this machine.
    pub(crate) fn start(
        executable: &Path,
        folder: &Path,
        variables: Vec<(String, String)>,
    ) -> io::Result<(Self, Receiver)> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(std::path::absolute(executable)?);
        command.env_clear().envs(variables).current_dir(folder).process_group(0).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let child = command.spawn()?;
        let group = Group(child.id().unwrap_or_default());
        Ok((Self { child, group }, Receiver::from_owned_fd(reader.into())?))
    }

    /// Waits for the end of the process; its children may live on.
    pub(crate) async fn wait(&mut self) -> Option<ExitStatus> {
        self.child.wait().await.ok()
    }
}

impl Group {
    /// The process id of the leader, which names the group.
    pub(crate) fn leader(&self) -> u32 {
        self.0
    }

    /// Asks all of them to end.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends all of them.
    pub(crate) fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        let leader = i32::try_from(self.0).ok().filter(|leader| *leader > 1).and_then(Pid::from_raw);
        if let Some(leader) = leader {
            // There may be nobody left, which is what was wanted.
            let _ = kill_process_group(leader, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The most memory that a process has had, in bytes; `None` where the system does not tell.
pub(crate) fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_used_memory() {
        assert!(peak_memory(std::process::id()).is_some_and(|bytes| bytes > 100_000));
        assert_eq!(peak_memory(u32::MAX), None);
    }

    #[tokio::test]
    async fn output_is_read_and_no_variable_is_inherited() {
        let folder = std::env::temp_dir();
        let variables = vec![("ONE".to_owned(), "1".to_owned())];
        let (mut process, output) = Process::start(Path::new("/usr/bin/env"), &folder, variables).unwrap();
        let status = process.wait().await;
        assert_eq!(status.and_then(|status| status.code()), Some(0));
        let mut bytes = [0; 100];
        output.readable().await.unwrap();
        let read = output.try_read(&mut bytes).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes[..read]), "ONE=1\n");
    }
}
