//! Where the application is made: one thread that runs cargo and the stacks program, while another serves.

use super::pending::Pending;
use super::sources::Sources;
use super::{Run, region};
use crate::app::{self, Packages, Request, Synthesis};
use crate::commands::selection;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::CloudAssembly;
use stack_builder_package::{LocalBuild, PackageOptions, Progress, build_local, package_sites};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread::Scope;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What comes off the bench, in this order for one job.
#[derive(Debug)]
pub(super) enum Made {
    /// New templates.
    Stacks(CloudAssembly),
    /// The sites are archived.
    Sites,
    /// A step of the handlers' build.
    Step(Progress),
    /// The handlers, and how long cargo took.
    Handlers(LocalBuild, Duration),
    /// What they all are made from.
    Sources(Box<Sources>),
    /// One part cannot be made; the job is over.
    Failed(&'static str, anyhow::Error),
    /// The job is over.
    Done,
}

/// Jobs go in, and what is made comes out.
#[derive(Debug)]
pub(super) struct Bench {
    jobs: mpsc::Sender<Pending>,
    made: UnboundedReceiver<Made>,
}

/// The application as it was described last.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) assembly: CloudAssembly,
    program: PathBuf,
    /// How long cargo took to build the program.
    pub(super) build_time: Duration,
    /// How long the program ran.
    pub(super) run_time: Duration,
}

impl Bench {
    /// Begins to work on a thread of its own, which ends when the bench is dropped.
    pub(super) fn set_up<'s>(scope: &'s Scope<'s, '_>, run: Run<'s>, first: Described) -> Self {
        let (jobs, inbox) = mpsc::channel();
        let (outbox, made) = unbounded_channel();
        let mut worker = Worker { run, described: first, outbox, executables: Vec::new() };
        scope.spawn(move || {
            for job in inbox {
                let end =
                    worker.job(job).map_or_else(|(what, error)| Made::Failed(what, error), |()| Made::Done);
                worker.tell(end);
            }
        });
        Self { jobs, made }
    }

    /// Asks for `job`.
    pub(super) fn make(&self, job: Pending) {
        // The thread lives as long as this.
        let _ = self.jobs.send(job);
    }

    /// The next thing that was made.
    pub(super) async fn next(&mut self) -> Made {
        match self.made.recv().await {
            Some(made) => made,
            None => std::future::pending().await,
        }
    }
}

/// What the thread has at hand.
struct Worker<'s> {
    run: Run<'s>,
    described: Described,
    outbox: UnboundedSender<Made>,
    executables: Vec<PathBuf>,
}

/// Which part failed, and why.
type Fault = (&'static str, anyhow::Error);

impl Worker<'_> {
    fn tell(&self, made: Made) {
        // Nobody listens any more when it is all about to end.
        let _ = self.outbox.send(made);
    }

    fn job(&mut self, job: Pending) -> Result<(), Fault> {
        let mut handlers = job.handlers;
        if job.stacks {
            handlers |= self.stacks().map_err(|error| ("stacks", error))?;
        }
        if job.sites || job.stacks {
            self.sites().map_err(|error| ("sites", error))?;
        }
        if handlers {
            self.handlers().map_err(|error| ("handlers", error))?;
        }
        self.sources().map_err(|error| ("sources", error))
    }

    /// Describes the stacks again, and says whether they want other handlers than before.
    fn stacks(&mut self) -> Result<bool> {
        let new = synthesize(self.run, Some(&self.described))?;
        let others = new.assembly.manifest.assets != self.described.assembly.manifest.assets;
        self.tell(Made::Stacks(new.assembly.clone()));
        self.described = new;
        Ok(others)
    }

    fn sites(&self) -> Result<()> {
        let assembly = &self.described.assembly;
        let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
        package_sites(assembly, &stacks, &self.options(), &mut |step| self.tell(Made::Step(step)))?;
        self.tell(Made::Sites);
        Ok(())
    }

    fn handlers(&mut self) -> Result<()> {
        let began = Instant::now();
        let assembly = &self.described.assembly;
        let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
        let built = build_local(assembly, &stacks, &self.options(), &mut |step| self.tell(Made::Step(step)))?;
        self.executables = built.binaries.values().map(|binary| binary.executable.clone()).collect();
        self.tell(Made::Handlers(built, began.elapsed()));
        Ok(())
    }

    fn options(&self) -> PackageOptions {
        let color = if self.run.session.printer.colors_errors() { "always" } else { "never" };
        let options = PackageOptions::new(&self.run.workspace.root).variable("CARGO_TERM_COLOR", color);
        PackageOptions { cancel: self.run.session.cancel.clone(), ..options }
    }

    fn sources(&self) -> Result<()> {
        if self.run.args.no_watch {
            return Ok(());
        }
        let packages = Packages::read(self.run.session, &self.run.workspace.root)?;
        let Described { assembly, program, .. } = &self.described;
        let sources = Sources::of(self.run.workspace, &packages, assembly, program, &self.executables);
        self.tell(Made::Sources(Box::new(sources)));
        Ok(())
    }
}

/// Builds and runs the stacks program, and judges what it wrote; shows the diagnostics that it did not have `before`.
pub(super) fn synthesize(run: Run<'_>, before: Option<&Described>) -> Result<Described> {
    let region = region(run.session);
    let quiet = run.args.json || before.is_some();
    let output = Some(run.place.assembly.as_path());
    let request = Request { stacks: &run.args.stacks, output, region: Some(&region), quiet };
    let mut synthesis = app::synthesize_in(run.workspace, run.session, &request)?;
    selection::judge(&mut synthesis)?;
    let diagnostics = synthesis.assembly.manifest.diagnostics.clone();
    let known = before.map_or(&[][..], |before| &before.assembly.manifest.diagnostics);
    let new: Vec<_> = diagnostics.iter().filter(|diagnostic| !known.contains(diagnostic)).cloned().collect();
    views::diagnostics::show(&run.session.printer, &new, &synthesis.workspace);
    selection::check(&diagnostics)?;
    // The place is ours, so that the lock of its assembly need not be kept.
    let Synthesis { assembly, program, build_time, run_time, .. } = synthesis;
    Ok(Described { assembly, program, build_time, run_time })
}
