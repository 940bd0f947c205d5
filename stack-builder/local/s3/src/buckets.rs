//! All buckets of an application.

use crate::access::Guard;
use crate::api::Operations;
use crate::definition::{self, Settings};
use crate::front::Front;
use crate::origin::BucketOrigin;
use crate::store::Shelf;
use crate::sweep;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::S3ServiceBuilder;
use s3s::{S3Result, s3_error};
use stack_builder_local_core::{Authorizer, Note, Resources, Service, Severity, World};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tempfile::TempDir;

/// Clocks of clients may differ by this many seconds.
const SKEW: u32 = 900;

/// Bytes of a document that a request bears: one of an upload in 10,000 parts comes to 2 MB.
pub(crate) const MOST_DOCUMENT: usize = 4 << 20;

/// A bucket that is served.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) settings: Settings,
    pub(crate) shelf: Arc<Shelf>,
}

/// What all parts of the crate share.
pub(crate) struct Inner {
    pub(crate) world: World,
    pub(crate) authorizer: Arc<dyn Authorizer>,
    root: PathBuf,
    /// Removes the folder at the end when nothing is to be kept.
    _temporary: Option<TempDir>,
    served: RwLock<Arc<BTreeMap<String, Arc<Bucket>>>>,
    /// Every folder that has been opened, also of buckets that left the template.
    shelves: RwLock<BTreeMap<String, Arc<Shelf>>>,
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").field("root", &self.root).finish_non_exhaustive()
    }
}

impl Inner {
    /// The buckets that are served now.
    pub(crate) fn served(&self) -> Arc<BTreeMap<String, Arc<Bucket>>> {
        self.served.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A bucket by name.
    pub(crate) fn bucket(&self, name: &str) -> S3Result<Arc<Bucket>> {
        let found = self.served.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        found.ok_or_else(|| s3_error!(NoSuchBucket, "The specified bucket does not exist"))
    }

    fn open(&self, name: &str) -> io::Result<Arc<Shelf>> {
        let mut shelves = self.shelves.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = shelves.get(name) {
            return Ok(shelf.clone());
        }
        let opened = Arc::new(Shelf::open(self.root.join(name))?);
        self.tell_broken(name, &opened.broken);
        shelves.insert(name.to_owned(), opened.clone());
        Ok(opened)
    }

    /// An object that is not there any more must not be gone without a word.
    fn tell_broken(&self, bucket: &str, broken: &[PathBuf]) {
        let Some(one) = broken.first() else { return };
        let told = format!(
            "the bucket `{bucket}` lacks what {} of its files held: they are not whole, `{}` for one",
            broken.len(),
            one.display()
        );
        let hint = "restore them from a copy, or remove them";
        self.world.journal.notice(Severity::Error, None, &told, hint);
    }

    /// Deletes everywhere what the rules of the template give no more time.
    pub(crate) fn sweep(&self) {
        let now = self.world.clock.millis();
        for bucket in self.served().values() {
            sweep::sweep(&bucket.shelf, &bucket.settings.expiry, bucket.settings.versioning, now);
        }
    }
}

/// The buckets of an application. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Buckets {
    pub(crate) inner: Arc<Inner>,
    front: Arc<Front>,
}

impl Buckets {
    /// Opens the folder of objects; no bucket is served before [`Buckets::apply`].
    ///
    /// Without a place for state the objects live in a temporary folder, which is removed when the last clone goes.
    ///
    /// # Errors
    /// When the file system refuses the folder.
    pub fn open(world: &World, authorizer: Arc<dyn Authorizer>) -> io::Result<Self> {
        let (root, temporary) = if let Some(root) = world.state.folder("s3")? {
            (root, None)
        } else {
            let folder = tempfile::Builder::new().prefix("stack-builder-s3-").tempdir()?;
            (folder.path().to_owned(), Some(folder))
        };
        let inner = Arc::new(Inner {
            world: world.clone(),
            authorizer,
            root,
            _temporary: temporary,
            served: RwLock::default(),
            shelves: RwLock::default(),
        });
        sweep::every_now_and_then(Arc::downgrade(&inner));
        let front = Arc::new(Front::new(inner.clone(), protocol(&inner)));
        Ok(Self { inner, front })
    }

    /// Takes the buckets and their policies from the template; a bucket that is no longer there keeps its files, but is
    /// not served.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut served = BTreeMap::new();
        for resource in resources.of_type("AWS::S3::Bucket") {
            let name = resource.physical_id.clone();
            let settings = definition::read(resource, resources, &self.inner.world.region, &mut notes);
            let mut note = |text| notes.push(Note { resource: resource.id.clone(), text });
            if !s3s::path::check_bucket_name(&name) {
                note(format!("is not served: `{name}` is no name of a bucket"));
                continue;
            }
            match self.inner.open(&name) {
                Ok(opened) => {
                    let bucket = Bucket { name: name.clone(), settings, shelf: opened };
                    served.insert(name, Arc::new(bucket));
                }
                Err(error) => note(format!("is not served: its folder cannot be opened: {error}")),
            }
        }
        *self.inner.served.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(served);
        self.inner.sweep();
        notes
    }

    /// Answers in the path style, `/bucket/key`: for SDKs, signed URLs and forms, browsers. Signatures are checked
    /// here; a request without one is of the [`Caller`](stack_builder_local_core::Caller) in its extensions, or
    /// anonymous.
    pub fn endpoint(&self) -> Arc<dyn Service> {
        self.front.clone()
    }

    /// Answers for one bucket, the path being the key: for a distribution. Nothing is signed; the caller is in the
    /// request's extensions. A bucket that is not served answers 404 `NoSuchBucket`.
    pub fn origin(&self, bucket: &str) -> Arc<dyn Service> {
        Arc::new(BucketOrigin::new(self.front.clone(), bucket.to_owned()))
    }
}

fn protocol(inner: &Arc<Inner>) -> s3s::service::S3Service {
    let mut builder = S3ServiceBuilder::new(Operations(inner.clone()));
    builder.set_auth(Guard(inner.clone()));
    builder.set_access(Guard(inner.clone()));
    let mut config = S3Config::default();
    config.xml_max_body_size = MOST_DOCUMENT;
    config.presigned_url_max_skew_time_secs = SKEW;
    // Forms do not come this far; they are read in `form`.
    config.post_object_max_file_size = 0;
    config.form_max_fields_size = 64 << 10;
    builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
    builder.build()
}
