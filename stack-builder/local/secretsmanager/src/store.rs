//! All secrets, in memory and in one file that its owner alone can read.

use crate::secret::{Payload, Secret};
use serde_json::Value;
use stack_builder_local_core::{World, write_atomically};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The values of all secrets. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Secrets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: World,
    file: Option<PathBuf>,
    all: Mutex<Vec<Secret>>,
}

impl Secrets {
    /// Reads what was kept.
    ///
    /// # Errors
    /// When the folder cannot be made, or the file in it cannot be read.
    pub fn open(world: &World) -> io::Result<Self> {
        let file = world.state.folder("secretsmanager")?.map(|folder| folder.join("secrets.json"));
        let all = file.as_deref().map(read).transpose()?.unwrap_or_default();
        Ok(Self(Arc::new(Inner { world: world.clone(), file, all: Mutex::new(all) })))
    }

    /// The current value of a secret, by name, ARN or ARN without its random end; with `json_key`, that member of the
    /// value, which must be a JSON object then. For `{{resolve:secretsmanager:…}}`.
    pub fn value(&self, secret_id: &str, json_key: Option<&str>) -> Option<String> {
        self.with(|all| {
            let secret = find(all, secret_id)?;
            let Payload::Text(text) = &secret.version(None, None)?.payload else { return None };
            let Some(key) = json_key else { return Some(text.clone()) };
            let object: Value = serde_json::from_str(text).ok()?;
            match object.get(key)? {
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            }
        })
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Vec<Secret>) -> T) -> T {
        act(&mut self.0.all.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps everything as it is now.
    pub(crate) fn save(&self) -> io::Result<()> {
        let Some(file) = &self.0.file else { return Ok(()) };
        // Under the lock, so that an older state never overwrites a newer one.
        self.with(|all| write_atomically(file, &serde_json::to_vec_pretty(all)?))
    }
}

/// The secret of the template that an id means.
pub(crate) fn find<'s>(all: &'s [Secret], id: &str) -> Option<&'s Secret> {
    all.iter().find(|secret| secret.live && secret.is(id))
}

/// The same, to change it.
pub(crate) fn find_mut<'s>(all: &'s mut [Secret], id: &str) -> Option<&'s mut Secret> {
    all.iter_mut().find(|secret| secret.live && secret.is(id))
}

fn read(file: &Path) -> io::Result<Vec<Secret>> {
    let content = match fs::read(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        content => content?,
    };
    serde_json::from_slice(&content).map_err(|error| {
        let text = format!(
            "`{}` does not hold secrets: {error}\nhint: remove the file to begin with new values",
            file.display()
        );
        io::Error::new(io::ErrorKind::InvalidData, text)
    })
}
