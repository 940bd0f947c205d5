//! An execution environment: one process, the Runtime API that it alone talks to, and the call that it has.

mod closing;
mod runtime;
mod supervision;

use crate::answers::Stage;
use crate::code::Program;
use crate::function::{Function, Setup};
use crate::host::Host;
use crate::output::{Mark, Output};
use crate::process::Process;
use crate::slot::{Overdue, Slot, Work};
use crate::variables::{Surroundings, variables};
use crate::{ids, timestamp};
use stack_builder_local_core::{Credentials, Principal, World};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc, watch};

/// Between a polite request to end and the end.
const GRACE: Duration = Duration::from_millis(500);

/// How often, and after what pauses, a program is tried that is being written.
const BUSY_ATTEMPTS: u32 = 20;
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Whether, and how, an environment is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It lives.
    No,
    /// `SIGTERM` first.
    Politely,
    /// `SIGKILL`.
    Now,
}

/// An environment.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) setup: Arc<Setup>,
    pub(crate) version: Arc<str>,
    pub(crate) credentials: Credentials,
    world: World,
    function: Arc<Function>,
    slot: Mutex<Slot>,
    wake: Notify,
    end: watch::Sender<End>,
    marks: mpsc::UnboundedSender<Mark>,
    began: Instant,
    leader: u32,
}

/// What an environment is made for.
pub(crate) struct Purpose {
    pub(crate) function: Arc<Function>,
    pub(crate) setup: Arc<Setup>,
    pub(crate) program: Program,
    pub(crate) version: Arc<str>,
}

impl Environment {
    /// Starts a process; it has no work yet.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub(crate) async fn start(
        host: &Arc<Host>,
        purpose: Purpose,
        place: OwnedSemaphorePermit,
    ) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let Purpose { function, setup, program, version } = purpose;
        let definition = setup.definition.clone();
        let now = host.world.clock.millis();
        let stream = format!("{}/[{version}]{}", timestamp::day(now), ids::hex::<16>());
        let credentials = ids::credentials(Principal::Role {
            role: definition.role.clone(),
            session: definition.name.as_str().into(),
        });
        let began = Instant::now();
        let surroundings = (stream.as_str(), &credentials, listener.local_addr()?.to_string());
        let (process, pipe) = launch(host, &setup, &program, &version, surroundings).await?;
        let (marks, receiver) = mpsc::unbounded_channel();
        let output = Output::new(host.world.clone(), definition, version.clone(), stream);
        tokio::spawn(output.run(pipe, receiver));
        let environment = Arc::new(Self {
            world: host.world.clone(),
            slot: Mutex::default(),
            wake: Notify::new(),
            end: watch::Sender::new(End::No),
            leader: process.group.leader(),
            setup,
            version,
            credentials,
            function,
            marks,
            began,
        });
        host.born(environment.leader, environment.clone());
        tokio::spawn(supervision::supervise(host.clone(), environment.clone(), process, listener, place));
        Ok(environment)
    }

    /// Asks it to end.
    pub(crate) fn end(&self, how: End) {
        self.end.send_replace(how);
    }

    /// Gives it a call; `false` when it has ended.
    pub(crate) fn assign(&self, work: Work) -> bool {
        let taken = self.slot().assign(work);
        if taken {
            self.wake.notify_one();
        }
        taken
    }

    /// What to do about a call that was given to it a while ago.
    pub(crate) fn overdue(&self, request_id: &str) -> Overdue {
        self.slot().overdue(request_id, self.setup.definition.timeout, Instant::now())
    }

    /// Whether its runtime has ever asked for an event.
    pub(crate) fn has_started(&self) -> bool {
        self.slot().stage != Stage::Started
    }

    /// Bytes of memory that it has used at most, as far as is known.
    pub(crate) fn peak(&self) -> Option<u64> {
        self.slot().peak
    }

    /// Ends it unless its runtime asks for an event in time.
    pub(crate) async fn expect_ready(self: Arc<Self>) {
        let asked = self.slot().asked;
        tokio::time::sleep(self.setup.definition.timeout).await;
        if self.slot().is_mute(asked) {
            self.end(End::Now);
        }
    }

    fn mark(&self, mark: Mark) {
        // The reader of the output ends after the process.
        let _ = self.marks.send(mark);
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the program. While a file is open for writing it cannot be run, and a fork of this very process may hold it
/// open for a moment longer than its writer.
async fn launch(
    host: &Host,
    setup: &Setup,
    program: &Program,
    version: &str,
    (stream, credentials, runtime_api): (&str, &Credentials, String),
) -> io::Result<(Process, Receiver)> {
    let beside = program.executable.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = program.folder.as_deref().or(beside).unwrap_or(Path::new("."));
    let folder = std::path::absolute(folder)?;
    let surroundings = Surroundings {
        version,
        stream,
        credentials,
        runtime_api: &runtime_api,
        task_root: &folder,
        endpoint: &host.options.endpoint,
        extra: &host.options.environment,
    };
    let variables = variables(&setup.definition, &surroundings);
    for _ in 0..BUSY_ATTEMPTS {
        match Process::start(&program.executable, &folder, variables.clone()) {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                tokio::time::sleep(BUSY_PAUSE).await;
            }
            started => return started,
        }
    }
    Process::start(&program.executable, &folder, variables)
}
