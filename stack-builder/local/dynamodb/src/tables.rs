//! The tables of the application over one database.

use crate::definition::Definition;
use crate::names::Place;
use crate::operations::perform;
use crate::reconcile::{Outcome, reconcile};
use crate::sweep::Sweeper;
use crate::template::{LOGICAL_ID, Wanted, wanted};
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};
use stack_builder_local_core::{Authorizer, Clock, Journal, Note, ResourceId, Resources, World};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Why the tables cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made.
    #[error("cannot make the folder of the tables: {0}")]
    Folder(#[from] io::Error),
    /// The file is broken, or of a newer version.
    #[error(
        "cannot open the tables in `{}`: {source}\nhint: move the file away to begin with empty tables", path.display()
    )]
    File {
        /// The database.
        path: PathBuf,
        /// What is wrong with it.
        source: DynoxideError,
    },
    /// The database in memory cannot be made.
    #[error("cannot make tables in memory: {0}")]
    Memory(DynoxideError),
}

/// The tables of the application, and DynamoDB's API over them. Cheap to clone.
///
/// Items live in a `SQLite` file, `tables.db`, or in memory when nothing is to be kept. What has been answered survives
/// the end of the process however it ends. Items whose time to live has passed go within seconds; until then they are
/// still read, as with AWS, where they go within days. In memory the application's clock tells what has passed; over a
/// file the engine knows the system's only.
#[derive(Clone)]
pub struct Tables(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) place: Place,
    pub(crate) journal: Journal,
    pub(crate) authorizer: Arc<dyn Authorizer>,
    pub(crate) catalog: RwLock<Catalog>,
    /// Operations under way that may take long.
    pub(crate) slow: AtomicUsize,
    sweeper: Mutex<Option<Sweeper>>,
}

/// Which tables are whose.
#[derive(Default)]
pub(crate) struct Catalog {
    /// Those of the template, by name.
    pub(crate) wanted: BTreeMap<String, Arc<Wanted>>,
    /// Those of them that are as the template says.
    settled: BTreeSet<String>,
    /// Those that were in a template once: their items are kept, but nobody sees them.
    pub(crate) retired: BTreeSet<String>,
}

impl Tables {
    /// Opens the database, and sweeps expired items from now on when there is a runtime of tokio.
    ///
    /// # Errors
    /// When the folder or the file cannot be used.
    pub fn open(world: &World, authorizer: Arc<dyn Authorizer>) -> Result<Self, OpenError> {
        let inner = Arc::new(Inner {
            database: database(world)?,
            place: Place { account: world.account.clone(), region: world.region.clone() },
            journal: world.journal.clone(),
            authorizer,
            catalog: RwLock::default(),
            slow: AtomicUsize::new(0),
            sweeper: Mutex::default(),
        });
        let sweeper = Sweeper::start(inner.database.clone(), world.journal.clone());
        *inner.sweeper.lock().unwrap_or_else(PoisonError::into_inner) = sweeper;
        Ok(Self(inner))
    }

    /// Makes and changes tables so that they are those of the template; tells what is different here.
    ///
    /// No item is ever deleted. A table that has left the template is hidden, and comes back with the template. One
    /// whose key changes is made anew when it is empty, and kept as it is otherwise.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let tables = wanted(resources);
        let mut notes = Vec::new();
        let mut catalog = Catalog::default();
        for table in tables {
            let settled = self.settle(&table);
            if settled.is_ok() {
                catalog.settled.insert(table.name.clone());
            }
            let twice = catalog.wanted.contains_key(&table.name).then(|| twice(&table.name));
            let texts = table.notes.iter().cloned().chain(settled.err()).chain(twice);
            notes.extend(texts.map(|text| Note { resource: table.id.clone(), text }));
            catalog.wanted.insert(table.name.clone(), Arc::new(table));
        }
        let once = self.once_wanted().into_iter();
        catalog.retired = once.filter(|name| !catalog.wanted.contains_key(name)).collect();
        *self.0.catalog.write().unwrap_or_else(PoisonError::into_inner) = catalog;
        notes
    }

    /// Makes one table what it should be, unless it is; else says why it is not.
    fn settle(&self, table: &Wanted) -> Result<(), String> {
        if self.0.is_settled(table) && self.is_there(&table.name) {
            return Ok(());
        }
        match reconcile(&self.0.database, &table.name, &table.definition) {
            Ok(Outcome::Done) => {}
            Ok(Outcome::Kept) => return Err(kept(&table.name)),
            Err(error) => return Err(format!("the table is not as the template says: {error}")),
        }
        let tags = json!({ "ResourceArn": self.0.place.arn(&table.name, ""), "Tags": table.tags_json() });
        perform(&self.0.database, "TagResource", tags).map_err(|error| error.to_string())?;
        Ok(())
    }

    fn is_there(&self, name: &str) -> bool {
        self.0.database.get_table_metadata(name).is_ok_and(|found| found.is_some())
    }

    /// Names of tables that a template has made.
    fn once_wanted(&self) -> BTreeSet<String> {
        let names = self.0.names().into_iter();
        names.filter(|name| self.0.tags(name).iter().any(|tag| tag["Key"] == LOGICAL_ID)).collect()
    }
}

fn twice(name: &str) -> String {
    format!("there is another table `{name}`, in another region perhaps: here both are one")
}

fn kept(name: &str) -> String {
    format!(
        "the key has changed, but the table `{name}` has items: it keeps its old key\n\
         hint: delete its items, or give the table another name"
    )
}

impl Inner {
    /// A table of the template.
    pub(crate) fn wanted(&self, name: &str) -> Option<Arc<Wanted>> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner).wanted.get(name).cloned()
    }

    /// Whether a table was made the very same already.
    fn is_settled(&self, table: &Wanted) -> bool {
        let catalog = self.catalog.read().unwrap_or_else(PoisonError::into_inner);
        let known = catalog.wanted.get(&table.name).filter(|known| catalog.settled.contains(&known.name));
        known.is_some_and(|known| **known == *table)
    }

    /// Whether a table left the template.
    pub(crate) fn is_retired(&self, name: &str) -> bool {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner).retired.contains(name)
    }

    /// The resource of a table.
    pub(crate) fn resource(&self, name: &str) -> Option<ResourceId> {
        self.wanted(name).map(|table| table.id.clone())
    }

    /// Where a table is: in the region of its stack.
    pub(crate) fn place(&self, table: Option<&str>) -> Place {
        let mut place = self.place.clone();
        let wanted = table.and_then(|table| self.wanted(table));
        let arn = wanted.as_ref().and_then(|table| table.arn.as_deref());
        if let Some(region) = arn.and_then(|arn| arn.split(':').nth(3)) {
            region.clone_into(&mut place.region);
        }
        place
    }

    /// What a table is right now.
    pub(crate) fn definition(&self, name: &str) -> Option<Definition> {
        self.database.get_table_metadata(name).ok().flatten().map(|table| Definition::of_metadata(&table))
    }

    /// Names of all tables in the database, hidden or not.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        loop {
            let mut request = json!({ "Limit": 100 });
            if let Some(last) = names.last() {
                request["ExclusiveStartTableName"] = last.clone().into();
            }
            let Ok(page) = perform(&self.database, "ListTables", request) else { return names };
            let more = page["TableNames"].as_array().into_iter().flatten();
            names.extend(more.filter_map(|name| Some(name.as_str()?.to_owned())));
            if page["LastEvaluatedTableName"].is_null() {
                return names;
            }
        }
    }

    fn tags(&self, name: &str) -> Vec<Value> {
        let request = json!({ "ResourceArn": self.place.arn(name, "") });
        match perform(&self.database, "ListTagsOfResource", request) {
            Ok(mut answer) => answer["Tags"].as_array_mut().map(std::mem::take).unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }
}

fn database(world: &World) -> Result<Database, OpenError> {
    let Some(folder) = world.state.folder("dynamodb")? else {
        let clock = Arc::new(EngineClock(world.clock.clone()));
        return Database::memory_with_clock(clock).map_err(OpenError::Memory);
    };
    let path = folder.join("tables.db");
    let open = || {
        let text = path
            .to_str()
            .ok_or_else(|| DynoxideError::InternalServerError("the path is not valid UTF-8".to_owned()))?;
        let database = Database::new(text)?;
        // This sets `synchronous` to `NORMAL`, which with the write-ahead log is safe against the end of the process,
        // and against corruption always; only a power failure may take the last moments. `FULL`, the default, would
        // wait for the disk at every write.
        database.disable_bulk_loading()?;
        Ok(database)
    };
    open().map_err(|source| OpenError::File { path: path.clone(), source })
}

/// The application's clock for the engine.
struct EngineClock(Clock);

impl dynoxide::storage_backend::Clock for EngineClock {
    fn now_unix_secs(&self) -> u64 {
        self.0.seconds()
    }

    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are below 2^53")]
    fn now_unix_secs_f64(&self) -> f64 {
        self.0.millis() as f64 / 1000.0
    }
}
