//! The objects of one bucket on disk.

use crate::store::file::{self, Temporary};
use crate::store::index::Index;
use crate::store::load::{load, tags_of};
use crate::store::spool::{hex, refused};
use crate::store::uploads::Uploads;
use crate::store::{Absent, Meta, Spooled, Versioning};
use s3s::S3Result;
use sha2::{Digest as _, Sha256};
use stack_builder_local_core::write_atomically;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// One bucket's folder and its index.
#[derive(Debug)]
pub(crate) struct Shelf {
    root: PathBuf,
    index: RwLock<Index>,
    /// Files that should hold objects, and do not.
    pub(crate) broken: Vec<PathBuf>,
    /// Uploads in parts that are under way.
    pub(crate) uploads: Uploads,
    temporary: AtomicU64,
}

/// What a deletion did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deleted {
    /// Whether a delete marker was made, or was what was deleted.
    pub(crate) marker: bool,
    /// The id of the version that was made or deleted; `None` in a bucket without versions.
    pub(crate) version: Option<String>,
}

impl Shelf {
    /// Opens a bucket's folder, making it if need be, and sweeps what an interrupted process left.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(root.join("objects"))?;
        let temporary = root.join("tmp");
        if temporary.exists() {
            fs::remove_dir_all(&temporary)?;
        }
        fs::create_dir_all(&temporary)?;
        let (index, broken) = load(&root.join("objects"))?;
        let uploads = Uploads::open(root.join("uploads"))?;
        Ok(Self { root, index: RwLock::new(index), broken, uploads, temporary: AtomicU64::new(0) })
    }

    /// When the bucket was made.
    pub(crate) fn made(&self) -> io::Result<std::time::SystemTime> {
        let folder = fs::metadata(&self.root)?;
        folder.created().or_else(|_| folder.modified())
    }

    /// A path for a file that is being written.
    pub(crate) fn temporary(&self) -> PathBuf {
        let number = self.temporary.fetch_add(1, Ordering::Relaxed);
        self.root.join("tmp").join(number.to_string())
    }

    /// The index, for reading.
    pub(crate) fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The description of an object.
    pub(crate) fn find(&self, key: &str, version: Option<&str>) -> Result<Arc<Meta>, Absent> {
        self.index().find(key, version)
    }

    /// An object with its file, which stays readable when it is overwritten meanwhile.
    pub(crate) fn open_object(
        &self,
        key: &str,
        version: Option<&str>,
    ) -> Result<io::Result<(Arc<Meta>, File)>, Absent> {
        let index = self.index();
        let meta = index.find(key, version)?;
        Ok(File::open(self.place(&meta)).map(|file| (meta, file)))
    }

    /// Makes a body that has arrived the latest version of its key, if `allow` agrees with what is there now.
    pub(crate) fn commit(
        &self,
        spooled: Spooled,
        mut meta: Meta,
        versioning: Versioning,
        now: u64,
        allow: impl FnOnce(Option<&Meta>) -> S3Result<()>,
    ) -> S3Result<Arc<Meta>> {
        let Spooled { temporary, mut file, size, .. } = spooled;
        let mut index = self.index_mut();
        allow(index.find(&meta.key, None).ok().as_deref())?;
        meta.order = index.next_order(now);
        meta.modified = now / 1000;
        meta.size = size;
        meta.version = (versioning == Versioning::Enabled).then(|| version_id(&meta));
        file::append(&mut file, &meta).map_err(refused)?;
        temporary.keep_as(&self.place(&meta)).map_err(refused)?;
        let meta = Arc::new(meta);
        index.insert(meta.clone());
        Ok(meta)
    }

    /// Deletes the latest version, as the bucket's versioning has it.
    pub(crate) fn delete(&self, key: &str, versioning: Versioning, now: u64) -> S3Result<Deleted> {
        let mut index = self.index_mut();
        if versioning == Versioning::Off && !index.has_versions(key) {
            if let Some(gone) = index.remove(key, "null") {
                self.unlink(&gone);
            }
            return Ok(Deleted::default());
        }
        let order = index.next_order(now);
        let mut meta =
            Meta { key: key.to_owned(), order, modified: now / 1000, marker: true, ..Meta::default() };
        meta.version = (versioning == Versioning::Enabled).then(|| version_id(&meta));
        let (temporary, mut file) = Temporary::create(self.temporary()).map_err(refused)?;
        file::append(&mut file, &meta).map_err(refused)?;
        temporary.keep_as(&self.place(&meta)).map_err(refused)?;
        let version = Some(meta.version_id());
        index.insert(Arc::new(meta));
        Ok(Deleted { marker: true, version })
    }

    /// Deletes one version for good; no error when there is none.
    pub(crate) fn delete_version(&self, key: &str, id: &str) -> Deleted {
        let mut index = self.index_mut();
        let removed = index.remove(key, id);
        if let Some(gone) = &removed {
            self.unlink(gone);
        }
        Deleted { marker: removed.is_some_and(|meta| meta.marker), version: Some(id.to_owned()) }
    }

    /// Gives an object other tags.
    pub(crate) fn tag(&self, meta: &Arc<Meta>, tags: Vec<(String, String)>) -> S3Result<()> {
        let mut index = self.index_mut();
        let text = serde_json::to_vec(&(meta.order, &tags)).map_err(|error| refused(error.into()))?;
        write_atomically(&tags_of(&self.place(meta)), &text).map_err(refused)?;
        index.replace(Arc::new(Meta { tags, ..Meta::clone(meta) }));
        Ok(())
    }

    fn place(&self, meta: &Meta) -> PathBuf {
        let hash = hex(&Sha256::digest(meta.key.as_bytes()));
        let (folder, name) = hash.split_at(2);
        let folder = self.root.join("objects").join(folder);
        match &meta.version {
            None => folder.join(name),
            Some(version) => folder.join(format!("{name}.{version}")),
        }
    }

    fn unlink(&self, meta: &Meta) {
        let place = self.place(meta);
        // A file that stays comes back at the next start; there is nobody to tell.
        let _ = fs::remove_file(&place);
        if !meta.tags.is_empty() {
            let _ = fs::remove_file(tags_of(&place));
        }
    }
}

/// Thirty-two characters that no other version has.
fn version_id(meta: &Meta) -> String {
    let digest = Sha256::digest(format!("{} {}", meta.order, meta.key));
    hex(&digest[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Algorithm;
    use crate::store::spool::receive;
    use futures_util::stream;
    use std::io::Read;

    async fn put(shelf: &Shelf, key: &str, body: &'static str, versioning: Versioning) -> Arc<Meta> {
        let body = stream::iter([Ok(bytes::Bytes::from_static(body.as_bytes()))]);
        let spooled = receive(shelf.temporary(), body, 1 << 20, Algorithm::Crc32).await.unwrap();
        let meta = Meta { key: key.to_owned(), ..Meta::default() };
        shelf.commit(spooled, meta, versioning, 1_700_000_000_000, |_| Ok(())).unwrap()
    }

    fn text(shelf: &Shelf, key: &str, version: Option<&str>) -> String {
        let (meta, file) = shelf.open_object(key, version).unwrap().unwrap();
        let mut text = String::new();
        file.take(meta.size).read_to_string(&mut text).unwrap();
        text
    }

    #[tokio::test]
    async fn keys_are_those_of_s3_and_survive() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path().join("b")).unwrap();
        let long = "x".repeat(1024);
        let keys =
            ["a", "a/b", "a/", "../../etc/passwd", "..", "/", "//x", "A", "ä", "null\u{1}", long.as_str()];
        for key in keys {
            put(&shelf, key, "old", Versioning::Off).await;
            put(&shelf, key, "new", Versioning::Off).await;
        }
        fs::write(folder.path().join("b/tmp/left-over"), "half").unwrap();
        drop(shelf);
        let shelf = Shelf::open(folder.path().join("b")).unwrap();
        for key in keys {
            assert_eq!(text(&shelf, key, None), "new", "{key}");
        }
        assert_eq!(shelf.index().totals().0, keys.len());
        assert_eq!(fs::read_dir(folder.path().join("b/tmp")).unwrap().count(), 0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn versions_are_kept_deleted_and_brought_back() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        put(&shelf, "k", "zero", Versioning::Off).await;
        let one = put(&shelf, "k", "one", Versioning::Enabled).await;
        put(&shelf, "k", "two", Versioning::Enabled).await;
        let gone = shelf.delete("k", Versioning::Enabled, 0).unwrap();
        assert!(gone.marker);
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        assert!(matches!(shelf.find("k", None), Err(Absent::Marker(_))));
        assert_eq!(text(&shelf, "k", one.version.as_deref()), "one");
        assert_eq!(text(&shelf, "k", Some("null")), "zero");
        assert!(shelf.delete_version("k", &gone.version.unwrap()).marker);
        assert_eq!(text(&shelf, "k", None), "two");
        assert_eq!(shelf.find("k", Some("nonsense")), Err(Absent::Version));
        let suspended = shelf.delete("k", Versioning::Suspended, 0).unwrap();
        assert_eq!(suspended, Deleted { marker: true, version: Some("null".to_owned()) });
        assert!(shelf.find("k", Some("null")).is_err());
    }

    #[tokio::test]
    async fn a_torn_file_is_named_and_left() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        let whole = put(&shelf, "whole", "content", Versioning::Off).await;
        let torn = shelf.place(&*put(&shelf, "torn", "content", Versioning::Off).await);
        fs::File::options().write(true).open(&torn).unwrap().set_len(9).unwrap();
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        assert_eq!(shelf.broken, std::slice::from_ref(&torn));
        assert!(torn.exists() && shelf.find("torn", None).is_err());
        assert_eq!(shelf.find("whole", None).unwrap().order, whole.order);
    }

    #[tokio::test]
    async fn tags_survive_but_not_an_overwriting() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        let meta = put(&shelf, "k", "one", Versioning::Off).await;
        shelf.tag(&meta, vec![("a".into(), "b".into())]).unwrap();
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        assert_eq!(shelf.find("k", None).unwrap().tags, [("a".to_owned(), "b".to_owned())]);
        put(&shelf, "k", "two", Versioning::Off).await;
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        assert_eq!(shelf.find("k", None).unwrap().tags, []);
    }
}
