//! `stack-builder local` as a process: started, heard and ended.

use anyhow::{Context as _, bail};
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::{fs, io};

/// Long enough for cargo to build the handlers.
const PATIENCE: Duration = Duration::from_mins(20);

/// A running application; it ends with this value.
pub(super) struct Local {
    child: Child,
    heard: Arc<Mutex<Vec<(Instant, Value)>>>,
    pub(super) began: Instant,
    pub(super) program: PathBuf,
}

impl Local {
    /// Starts it on ports from `port` on, with further arguments, and waits for nothing.
    pub(super) fn launch(program: &Path, port: u16, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = crate::process::program(program);
        command.args(["local", "--json", "--port", &port.to_string()]).args(arguments);
        Self::spawn(program, command)
    }

    fn spawn(program: &Path, mut command: Command) -> anyhow::Result<Self> {
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let heard = Arc::<Mutex<Vec<(Instant, Value)>>>::default();
        let (output, ear) = (child.stdout.take().context("standard output is piped")?, heard.clone());
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or_default();
                ear.lock().unwrap_or_else(PoisonError::into_inner).push((Instant::now(), event));
            }
        });
        Ok(Self { child, heard, began, program: program.to_owned() })
    }

    /// Starts it, and waits until it is ready.
    pub(super) fn start(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut local = Self::launch(program, 0, &[&["--ephemeral", "--seed"], arguments].concat())?;
        local.event("ready", |_| true)?;
        Ok(local)
    }

    /// The first event of a kind that fits, past or future, and when it was told.
    pub(super) fn event(
        &mut self,
        kind: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<(Instant, Value)> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let fits = |(_, event): &&(Instant, Value)| event["event"] == kind && is_it(event);
            if let Some(found) = self.events().iter().find(fits) {
                return Ok(found.clone());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("`stack-builder local` has ended ({status})\nhint: run it to see why");
            }
            thread::sleep(Duration::from_millis(2));
        }
        bail!("waited in vain for the event `{kind}`")
    }

    /// Everything it has told.
    pub(super) fn events(&self) -> MutexGuard<'_, Vec<(Instant, Value)>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what it has told, so that searching stays fast.
    pub(super) fn forget(&self) {
        self.events().retain(|(_, event)| event["event"] == "ready");
    }

    /// Kills every handler, so that the next call starts one.
    pub(super) fn end_handlers(&self) -> anyhow::Result<()> {
        // Its watchdog is a child as well, and lives on.
        let mut children = Command::new("pgrep");
        children.args(["-f", "bootstrap|awslambdaric"]);
        let children =
            crate::process::output(children.args(["-P", &self.child.id().to_string()]), "install procps")?;
        crate::process::run(
            Command::new("kill").arg("-KILL").args(children.split_whitespace()),
            "install procps",
        )?;
        // Until it has been noticed.
        thread::sleep(Duration::from_millis(200));
        Ok(())
    }

    /// The URL of a stack's output.
    pub(super) fn output(&mut self, stack: &str, output: &str) -> anyhow::Result<String> {
        let ready = self.event("ready", |_| true)?.1;
        let url = ready["urls"][stack][output].as_str();
        Ok(url.with_context(|| format!("`{stack}` has no `{output}`"))?.to_owned())
    }

    /// The URL of AWS's API.
    pub(super) fn endpoint(&mut self) -> anyhow::Result<String> {
        Ok(self.event("ready", |_| true)?.1["endpoint"].as_str().unwrap_or_default().to_owned())
    }

    /// Memory that is resident now and was at most, in bytes.
    pub(super) fn memory(&self) -> io::Result<[f64; 2]> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        Ok(["VmRSS:", "VmHWM:"].map(|name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() * 1024.0
        }))
    }

    /// Processor time of the command itself, without its children, in seconds.
    pub(super) fn cpu(&self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        // Hundredths of a second on every Linux that counts.
        Ok(fields.iter().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0)
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // As Ctrl-C does it, so that the handlers end with it.
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-INT", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// The command that is measured: what `STACK_BUILDER` names, or the release build, made if need be.
pub(super) fn command() -> anyhow::Result<PathBuf> {
    if let Some(program) = std::env::var_os("STACK_BUILDER") {
        return Ok(std::path::absolute(program)?);
    }
    let build = ["build", "--quiet", "--release", "--package", "stack-builder-cli"];
    crate::process::run(crate::process::cargo().args(build), "install Rust")?;
    Ok(super::super::project::target().join("release/stack-builder"))
}
