//! All functions of an application.

use crate::code::{Build, Code};
use crate::definition::Definition;
use crate::function::{Function, Setup};
use crate::host::Host;
use crate::notes;
use crate::permission::{self, Permission};
use stack_builder_local_core::{Authorizer, Note, Resources, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// An environment that had nothing to do for so long is ended.
const IDLE: Duration = Duration::from_mins(5);
/// How often that is looked at.
const ROUND: Duration = Duration::from_secs(15);
/// Asynchronous calls that are kept until their turn.
const QUEUE: usize = 1000;

/// What handlers need to know of the machine that they run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where AWS's API answers, `http://127.0.0.1:4000`; handlers find it as `AWS_ENDPOINT_URL`.
    pub endpoint: String,
    /// Variables that every handler gets, such as `SSL_CERT_FILE`; a function's own of the same name goes before.
    pub environment: Vec<(String, String)>,
    /// Environments at once, of all functions together; a call that needs one more is throttled.
    pub environments: usize,
}

/// The functions. Cheap to clone; all clones are the same functions.
///
/// Must be made and used within a tokio runtime. [`Functions::stop`] ends all handlers; so does the end of this process
/// in whatever way.
#[derive(Clone)]
pub struct Functions(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) host: Arc<Host>,
    pub(crate) authorizer: Option<Arc<dyn Authorizer>>,
    /// Room for asynchronous calls.
    pub(crate) queue: Arc<Semaphore>,
    /// Refusals that have been told.
    pub(crate) told: Mutex<BTreeSet<String>>,
    directory: RwLock<Arc<Directory>>,
}

/// The functions of one state of the templates.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    pub(crate) functions: BTreeMap<String, Arc<Function>>,
    pub(crate) permissions: Vec<Permission>,
}

impl Functions {
    /// No functions yet. Without an authorizer every principal may call; services are always checked.
    pub fn open(world: &World, authorizer: Option<Arc<dyn Authorizer>>, options: Options) -> Self {
        let inner = Arc::new(Inner {
            host: Arc::new(Host::new(world.clone(), options)),
            authorizer,
            queue: Arc::new(Semaphore::new(QUEUE)),
            told: Mutex::default(),
            directory: RwLock::default(),
        });
        tokio::spawn(retire(Arc::downgrade(&inner)));
        Self(inner)
    }

    /// Takes over definitions and code. Where either has changed, new calls go to new environments; calls under way
    /// end as they began. Cheap when nothing has changed.
    pub fn apply(&self, resources: &Resources, code: &Code) -> Vec<Note> {
        let world = &self.0.host.world;
        let before = self.0.directory();
        let setups = resources.of_type("AWS::Lambda::Function").map(|resource| {
            let build = code.get(&resource.id).cloned().unwrap_or(Build::Pending);
            Setup { definition: Arc::new(Definition::read(resource, resources, world)), build }
        });
        let functions = setups.map(|setup| (setup.definition.name.clone(), before.with(setup))).collect();
        let directory = Arc::new(Directory { functions, permissions: permission::permissions(resources) });
        for (name, function) in &before.functions {
            if !directory.functions.contains_key(name) {
                function.remove();
            }
        }
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
        notes::notes(resources)
    }

    /// Ends all handlers: politely at first, and not later than in two seconds. Calls fail from now on.
    pub async fn stop(&self) {
        self.0.host.stop().await;
    }
}

impl Inner {
    pub(crate) fn directory(&self) -> Arc<Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes room for one more environment by ending the one that is idle for longest.
    pub(crate) fn evict(&self) {
        let directory = self.directory();
        let idle =
            directory.functions.values().filter_map(|function| Some((function.idle_since()?, function)));
        if let Some((since, function)) = idle.min_by_key(|(since, _)| *since) {
            function.retire(since);
        }
    }

    /// Tells a refusal to the journal, but each only once.
    pub(crate) fn is_news(&self, refusal: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.len() < QUEUE && told.insert(refusal.to_owned())
    }
}

impl Directory {
    /// The function that was there before, as it is now, or a new one.
    fn with(&self, setup: Setup) -> Arc<Function> {
        let Some(function) = self.functions.get(&setup.definition.name) else {
            return Arc::new(Function::new(setup));
        };
        function.become_like(setup);
        function.clone()
    }
}

/// Ends environments that have been idle for long, as long as there are functions.
async fn retire(functions: Weak<Inner>) {
    loop {
        tokio::time::sleep(ROUND).await;
        let Some(functions) = functions.upgrade() else { return };
        if let Some(limit) = Instant::now().checked_sub(IDLE) {
            functions.directory().functions.values().for_each(|function| function.retire(limit));
        }
    }
}
