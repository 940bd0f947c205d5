//! Serving: from the first listening port to the last request.

use super::bench::{Bench, Described, Made};
use super::pending::Pending;
use super::stop::Stop;
use super::watcher::Watcher;
use super::{Run, demonstration, publish, region};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::views::local::{Loaded, Phases, Ready};
use crate::views::package::Steps;
use anyhow::Result;
use stack_builder_assembly::CloudAssembly;
use stack_builder_deploy::{Environment, Regions};
use stack_builder_local::{Built, Event, Options, Overview, Program, Runtime};
use stack_builder_package::{LocalBuild, Progress};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// The keys of the developer, who may do everything.
const KEY: &str = "local";
/// Names that are listed before the rest is only counted.
const NAMED: usize = 6;

/// Starts the application, and serves until it is told to end.
pub(super) async fn serve(
    run: Run<'_>,
    first: Described,
    parameters: BTreeMap<String, BTreeMap<String, String>>,
    bench: Bench,
) -> Result<ExitStatus> {
    let mut stop = Stop::new()?;
    let began = Instant::now();
    let options = options(run, &first.assembly, parameters);
    let (account, region) = (options.account.clone(), options.region.clone());
    // Cargo can look after the handlers while the stores are opened.
    bench.make(Pending::AT_FIRST);
    let job = Some(Job { began, made: Vec::new() });
    let runtime = tokio::select! {
        runtime = Runtime::start(&first.assembly, options) => runtime?,
        () = stop.asked() => return Err(interrupted().into()),
    };
    let phases = Phases {
        build: first.build_time,
        synth: first.run_time,
        start: began.elapsed(),
        ..Phases::default()
    };
    let home = Environment::at(runtime.endpoint(), &account, &region, KEY, KEY);
    let (early, events) = (runtime.journal().notices(), runtime.journal().subscribe());
    let mut server = Server {
        run,
        runtime: &runtime,
        bench,
        early,
        events,
        home,
        overview: runtime.overview(),
        assembly: first.assembly,
        phases,
        loaded: Vec::new(),
        built: BTreeSet::new(),
        steps: Steps::new(&run.session.printer, run.args.json),
        ready: false,
        job,
        pending: Pending::default(),
        watcher: if run.args.no_watch { None } else { Some(Watcher::new()?) },
    };
    let result = tokio::select! {
        result = server.live() => result,
        () = stop.asked() => if server.ready { Ok(ExitStatus::Done) } else { Err(interrupted().into()) },
    };
    drop(server);
    run.session.cancel.cancel();
    tokio::select! {
        () = runtime.stop() => {}
        // The second time it is meant.
        () = stop.asked() => std::process::exit(ExitStatus::Interrupted as i32),
    }
    result
}

fn options(
    run: Run<'_>,
    assembly: &CloudAssembly,
    parameters: BTreeMap<String, BTreeMap<String, String>>,
) -> Options {
    let region = assembly.manifest.region.clone().unwrap_or_else(|| region(run.session));
    let (port, tls, state) = (run.args.port, run.args.tls, run.place.state.clone());
    Options { port, region, tls, state, parameters, ..Options::default() }
}

fn interrupted() -> Failure {
    Failure::new("interrupted before the application was ready").interrupted()
}

/// A job that is on the bench.
#[derive(Debug)]
struct Job {
    began: Instant,
    /// What has been made of it so far, as it is shown.
    made: Vec<String>,
}

/// The application while it runs.
struct Server<'a> {
    run: Run<'a>,
    runtime: &'a Runtime,
    bench: Bench,
    /// What was said before anybody listened: what could not be read of the state.
    early: Vec<Event>,
    events: Receiver<Event>,
    watcher: Option<Watcher>,
    home: Environment,
    overview: Overview,
    assembly: CloudAssembly,
    phases: Phases,
    loaded: Vec<Loaded>,
    /// Assets that have something to run.
    built: BTreeSet<String>,
    steps: Steps<'a>,
    ready: bool,
    job: Option<Job>,
    pending: Pending,
}

impl Server<'_> {
    async fn live(&mut self) -> Result<ExitStatus> {
        loop {
            if self.run.args.json && self.run.session.printer.is_unread() {
                // Who started it for its events has gone, and nobody would know of it any more.
                return Ok(ExitStatus::Done);
            }
            if self.ready {
                for event in std::mem::take(&mut self.early) {
                    self.run.view.event(&event, &self.overview);
                }
            }
            tokio::select! {
                made = self.bench.next() => self.take(made).await?,
                event = self.events.recv(), if self.ready => self.show(event),
                (pending, began) = changes(self.watcher.as_mut()) => {
                    self.pending |= pending;
                    self.begin(Pending::default(), began);
                }
            }
        }
    }

    /// Puts a job on the bench, or what is pending, unless it is occupied.
    fn begin(&mut self, job: Pending, began: Instant) {
        if self.job.is_some() {
            return;
        }
        let mut job = job;
        job |= std::mem::take(&mut self.pending);
        if !job.is_empty() {
            self.job = Some(Job { began, made: Vec::new() });
            self.bench.make(job);
        }
    }

    fn show(&mut self, event: Result<Event, RecvError>) {
        match event {
            Ok(event) => self.run.view.event(&event, &self.overview),
            Err(RecvError::Lagged(number)) => self.run.view.missed(number),
            // The journal lives as long as the runtime.
            Err(RecvError::Closed) => {}
        }
    }

    /// Puts what comes off the bench to use.
    async fn take(&mut self, made: Made) -> Result<()> {
        match made {
            Made::Step(step) => self.step(step),
            Made::Stacks(assembly) => self.stacks(assembly).await,
            Made::Sites => self.sites().await?,
            Made::Handlers(build, took) => self.handlers(build, took),
            Made::Sources(sources) => {
                if let Some(watcher) = &mut self.watcher {
                    watcher.follow(*sources);
                }
            }
            Made::Failed(what, error) => self.failed(what, error)?,
            Made::Done => self.done(),
        }
        Ok(())
    }

    fn step(&mut self, step: Progress) {
        self.run.view.building(&step);
        self.steps.show(step);
    }

    async fn stacks(&mut self, assembly: CloudAssembly) {
        match self.runtime.update(&assembly).await {
            Ok(update) => {
                self.assembly = assembly;
                let changed = update.changed.iter().map(ToString::to_string);
                self.note(changed.collect(), "stacks");
                let overview = self.runtime.overview();
                let moved = overview.apps != self.overview.apps;
                self.overview = overview;
                if moved && self.ready {
                    self.show_ready(self.run.began.elapsed());
                }
            }
            Err(error) => self.run.view.failed("stacks", &error.into()),
        }
    }

    /// Publishes; the first time loads the demonstration data as well, if it is wanted.
    async fn sites(&mut self) -> Result<()> {
        let began = Instant::now();
        let regions = Regions::new(self.home.clone(), &self.assembly.manifest);
        let regions = regions.map_err(crate::commands::target::stop)?;
        let published = publish::publish(self.run, &regions, &self.assembly).await;
        if self.ready {
            match published {
                Ok(0) => {}
                Ok(files) => self.note(vec![crate::views::text::count(files, "file")], "sites"),
                Err(error) => self.run.view.failed("sites", &error),
            }
            return Ok(());
        }
        published?;
        self.phases.publish = began.elapsed();
        if self.run.args.seed {
            let began = Instant::now();
            self.loaded = demonstration::load(self.run, &regions, &self.assembly).await?;
            self.phases.seed = began.elapsed();
        }
        Ok(())
    }

    fn handlers(&mut self, build: LocalBuild, took: Duration) {
        let ready = build.binaries.into_iter().map(|(asset, binary)| {
            let (executable, config, revision) = (binary.executable, binary.config, binary.revision);
            (asset, Built::Ready(Program { executable, config, revision }))
        });
        let code: BTreeMap<_, _> = ready.collect();
        self.built.extend(code.keys().cloned());
        self.runtime.set_code(code);
        self.run.view.built(&build.rebuilt, took);
        self.phases.handlers = took;
        self.note(build.rebuilt, "handlers");
    }

    /// Notes for the end of the job what was made, if anything.
    fn note(&mut self, names: Vec<String>, what: &str) {
        if let Some(job) = self.job.as_mut().filter(|_| !names.is_empty()) {
            let beyond = names.len().saturating_sub(NAMED);
            let rest = if beyond > 0 { format!(" and {beyond} more") } else { String::new() };
            let first = names[..names.len() - beyond].join(", ");
            job.made.push(format!("{what} ({first}{rest})"));
        }
    }

    /// At the start a mistake ends it all; later on what runs goes on.
    fn failed(&mut self, what: &'static str, error: anyhow::Error) -> Result<()> {
        self.steps.show_held();
        if !self.ready {
            return Err(error);
        }
        self.run.view.failed(what, &error);
        if what == "handlers" {
            let assets = self.assembly.manifest.assets.keys();
            let absent = assets.filter(|asset| !self.built.contains(*asset));
            let failed = |asset: &String| (asset.clone(), Built::Failed(error.to_string()));
            self.runtime.set_code(absent.map(failed).collect());
        }
        self.over();
        Ok(())
    }

    fn done(&mut self) {
        if !self.ready {
            self.ready = true;
            self.show_ready(self.run.began.elapsed());
        } else if let Some(job) = &self.job {
            self.run.view.reloaded(&job.made, job.began.elapsed());
        }
        self.over();
    }

    /// The bench is free for what has come up meanwhile.
    fn over(&mut self) {
        self.job = None;
        self.steps = Steps::new(&self.run.session.printer, true);
        self.begin(Pending::default(), Instant::now());
    }

    fn show_ready(&self, took: Duration) {
        let stacks = &self.assembly.manifest.stacks;
        self.run.view.ready(&Ready {
            overview: &self.overview,
            region: &self.home.region,
            state: self.run.place.shown.as_deref(),
            loaded: &self.loaded,
            has_data: stacks.iter().any(|stack| stack.seed.is_some()),
            phases: &self.phases,
            took,
        });
    }
}

async fn changes(watcher: Option<&mut Watcher>) -> (Pending, Instant) {
    match watcher {
        Some(watcher) => watcher.next().await,
        None => std::future::pending().await,
    }
}
