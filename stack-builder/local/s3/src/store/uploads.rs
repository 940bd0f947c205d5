//! Uploads in parts that are under way: a folder each, a file a part.

use crate::store::file;
use crate::store::spool::{hex, refused};
use crate::store::{Algorithm, Described, Meta, Spooled};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use stack_builder_local_core::write_atomically;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was said when the upload began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) key: String,
    /// Seconds since 1970.
    pub(crate) at: u64,
    pub(crate) described: Described,
    pub(crate) tags: Vec<(String, String)>,
    /// The checksum of parts and object.
    pub(crate) algorithm: Algorithm,
    /// Whether the client asked for it.
    pub(crate) asked: bool,
    /// Whether the object's checksum is one of its parts' checksums.
    pub(crate) composite: bool,
}

/// Parts by number. Cheap to clone.
pub(crate) type Parts = BTreeMap<i32, Arc<Meta>>;

#[derive(Debug)]
struct Upload {
    begun: Arc<Begun>,
    parts: Parts,
}

/// The uploads of a bucket, by id.
#[derive(Debug)]
pub(crate) struct Uploads {
    root: PathBuf,
    open: Mutex<BTreeMap<String, Upload>>,
    count: AtomicU64,
}

impl Uploads {
    /// Finds the uploads that an earlier process left open.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&root)?;
        let mut open = BTreeMap::new();
        for folder in fs::read_dir(&root)? {
            let folder = folder?;
            match load(folder.path()) {
                Ok(upload) => drop(open.insert(folder.file_name().to_string_lossy().into_owned(), upload)),
                // Killed while it began: nobody has been told its id.
                Err(_) => fs::remove_dir_all(folder.path())?,
            }
        }
        Ok(Self { root, open: Mutex::new(open), count: AtomicU64::new(0) })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Upload>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an upload; its id.
    pub(crate) fn begin(&self, begun: Begun, now: u64) -> S3Result<String> {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let id = hex(&Sha256::digest(format!("{now} {number} {}", begun.key)));
        let folder = self.root.join(&id);
        fs::create_dir(&folder).map_err(refused)?;
        let text = serde_json::to_vec(&begun).map_err(|error| refused(error.into()))?;
        write_atomically(&folder.join("upload.json"), &text).map_err(refused)?;
        self.lock().insert(id.clone(), Upload { begun: Arc::new(begun), parts: Parts::new() });
        Ok(id)
    }

    /// What was said of an upload of this key.
    pub(crate) fn find(&self, key: &str, id: &str) -> S3Result<(Arc<Begun>, Parts)> {
        let open = self.lock();
        match open.get(id).filter(|upload| upload.begun.key == key) {
            Some(upload) => Ok((upload.begun.clone(), upload.parts.clone())),
            None => Err(s3_error!(
                NoSuchUpload,
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."
            )),
        }
    }

    /// Keeps a part that has arrived.
    pub(crate) fn keep(
        &self,
        key: &str,
        id: &str,
        number: i32,
        part: Spooled,
        now: u64,
    ) -> S3Result<Arc<Meta>> {
        self.find(key, id)?;
        let etag = part.etag();
        let Spooled { temporary, mut file, size, sum, .. } = part;
        let order = u64::try_from(number).unwrap_or(0);
        let meta = Meta { order, modified: now / 1000, size, etag, sum: Some(sum), ..Meta::default() };
        file::append(&mut file, &meta).map_err(refused)?;
        let mut open = self.lock();
        let Some(upload) = open.get_mut(id) else { return Err(s3_error!(NoSuchUpload)) };
        temporary.keep_as(&self.root.join(id).join(part_name(number))).map_err(refused)?;
        let meta = Arc::new(meta);
        upload.parts.insert(number, meta.clone());
        Ok(meta)
    }

    /// The file of a part.
    pub(crate) fn part(&self, id: &str, number: i32) -> io::Result<File> {
        File::open(self.root.join(id).join(part_name(number)))
    }

    /// Ends an upload; its folder is left to [`Uploads::folder`]'s caller.
    pub(crate) fn end(&self, id: &str) {
        self.lock().remove(id);
    }

    /// The folder of an upload.
    pub(crate) fn folder(&self, id: &str) -> PathBuf {
        self.root.join(id)
    }

    /// All uploads under way: key, id, when it began.
    pub(crate) fn list(&self) -> Vec<(String, String, u64)> {
        let open = self.lock();
        let mut all: Vec<_> =
            open.iter().map(|(id, upload)| (upload.begun.key.clone(), id.clone(), upload.begun.at)).collect();
        all.sort();
        all
    }
}

fn part_name(number: i32) -> String {
    format!("part-{number:05}")
}

fn load(folder: PathBuf) -> io::Result<Upload> {
    let begun = Arc::new(serde_json::from_slice(&fs::read(folder.join("upload.json"))?)?);
    let mut parts = Parts::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let number = name.strip_prefix("part-").and_then(|number| number.parse().ok());
        if let Some(number) = number
            && let Ok(meta) = file::read(&path)
        {
            parts.insert(number, Arc::new(meta));
        }
    }
    Ok(Upload { begun, parts })
}
