//! One user pool at work: its description, its state, and what is under way.

use crate::client::Client;
use crate::definition::Definition;
use crate::errors::{Result, internal};
use crate::expiring::Expiring;
use crate::group::Group;
use crate::keys::SigningKey;
use crate::random;
use crate::srp::{Exchange, Owner};
use crate::user::User;
use crate::users::Users;
use serde::{Deserialize, Serialize};
use stack_builder_local_core::{Severity, World, write_atomically};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Challenges, codes and sessions under way in one pool.
const MOST_UNDER_WAY: usize = 5_000;

/// A step of a sign-in that waits for the user's answer.
#[derive(Clone)]
pub(crate) enum Challenge {
    /// A password, by SRP; without a user, one that cannot be right.
    Password { client: String, name: String, username: String, exchange: Exchange },
    /// A new password instead of a temporary one.
    NewPassword { client: String, username: String },
}

/// An authorization code that waits to be redeemed.
#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) client: String,
    pub(crate) redirect: String,
    /// The challenge of PKCE: the hash of what the client will show.
    pub(crate) challenge: Option<String>,
    pub(crate) username: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) signed_in: u64,
}

/// A browser that is signed in on the pages.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) username: String,
    pub(crate) signed_in: u64,
}

/// What is kept of a pool beside its users.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    key: Option<String>,
    /// What users who do not exist look like, and what forms are signed with; empty until it is needed.
    pretence: String,
    secrets: BTreeMap<String, String>,
    groups: BTreeMap<String, Group>,
}

/// What outlives a change of the template.
pub(crate) struct PoolState {
    path: Option<PathBuf>,
    kept: Mutex<Kept>,
    key: OnceLock<Option<SigningKey>>,
    users: Mutex<Users>,
    pub(crate) challenges: Expiring<Challenge>,
    pub(crate) authorizations: Expiring<Authorization>,
    pub(crate) browsers: Expiring<Browser>,
    /// Users who proved their password on the pages, and must do something else before they are signed in.
    pub(crate) proved: Expiring<String>,
}

impl PoolState {
    /// Opens the state in a folder, or in memory only.
    pub(crate) fn open(folder: Option<&Path>, definition: &Definition, world: &World) -> Self {
        let folder = folder.map(|folder| folder.join(&definition.id));
        let users = folder.as_ref().map(|folder| folder.join("users"));
        for missing in users.iter().filter(|users| !users.is_dir()) {
            if let Err(error) = make_private(missing) {
                let told = format!("users are not kept: {}: {error}", missing.display());
                world.journal.notice(Severity::Error, Some(&definition.resource), &told, "");
            }
        }
        let path = folder.map(|folder| folder.join("pool.json"));
        let kept = path.as_deref().map(|path| restore(path, definition, world)).unwrap_or_default();
        let (users, broken) = Users::open(users, |name| definition.folded(name));
        for path in broken {
            let told = format!("a user could not be read: `{}`", path.display());
            let hint = "remove the file, or restore it from a copy";
            world.journal.notice(Severity::Error, Some(&definition.resource), &told, hint);
        }
        Self {
            path,
            kept: Mutex::new(kept),
            key: OnceLock::new(),
            users: Mutex::new(users),
            challenges: Expiring::new(MOST_UNDER_WAY),
            authorizations: Expiring::new(MOST_UNDER_WAY),
            browsers: Expiring::new(MOST_UNDER_WAY),
            proved: Expiring::new(MOST_UNDER_WAY),
        }
    }

    /// The signing key, made when it is first needed. One who needs it while it is being made waits.
    pub(crate) fn key(&self) -> Result<&SigningKey> {
        let key = self.key.get_or_init(|| {
            let kept = self.kept().key.as_deref().and_then(SigningKey::restore);
            kept.or_else(|| {
                let (key, text) = SigningKey::generate()?;
                self.change(|kept| kept.key = Some(text)).ok()?;
                Some(key)
            })
        });
        key.as_ref().ok_or_else(|| internal("The pool's signing key could not be made or kept."))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> Result<T> {
        let mut kept = self.kept();
        let changed = change(&mut kept);
        if let Some(path) = &self.path {
            let content = serde_json::to_vec(&*kept).map_err(|error| internal(error.to_string()))?;
            write_atomically(path, &content)
                .map_err(|error| internal(format!("{}: {error}", path.display())))?;
        }
        Ok(changed)
    }

    /// A secret of the pool, made when it is first needed: random numbers take a moment to get ready.
    fn pretence(&self) -> String {
        let kept = self.kept().pretence.clone();
        if !kept.is_empty() {
            return kept;
        }
        let new = random::token();
        let made = self.change(|kept| {
            if kept.pretence.is_empty() {
                kept.pretence.clone_from(&new);
            }
            kept.pretence.clone()
        });
        // What could not be written is still good while the process runs.
        made.unwrap_or_else(|_| self.kept().pretence.clone())
    }

    /// Groups that calls made.
    pub(crate) fn made_groups(&self) -> BTreeMap<String, Group> {
        self.kept().groups.clone()
    }

    pub(crate) fn change_groups<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, Group>) -> T,
    ) -> Result<T> {
        self.change(|kept| change(&mut kept.groups))
    }
}

/// What was kept. A file that holds nothing of the kind is put aside before a new one takes its place.
fn restore(path: &Path, definition: &Definition, world: &World) -> Kept {
    let content = match fs::read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Kept::default(),
        content => content,
    };
    let kept = content.as_deref().map_err(ToString::to_string);
    let kept = kept.and_then(|content| serde_json::from_slice(content).map_err(|error| error.to_string()));
    kept.unwrap_or_else(|error| {
        let aside = path.with_extension("json.broken");
        let moved = fs::rename(path, &aside);
        let told = format!(
            "the user pool's keys could not be read, and new ones are made: `{}`: {error}",
            path.display()
        );
        let hint = match moved {
            Ok(()) => format!("users must sign in again; what was there is now `{}`", aside.display()),
            Err(_) => "users must sign in again".to_owned(),
        };
        world.journal.notice(Severity::Error, Some(&definition.resource), &told, &hint);
        Kept::default()
    })
}

/// A pool as of now: the description changes with the template, the state stays.
pub(crate) struct Pool {
    pub(crate) definition: Definition,
    pub(crate) state: Arc<PoolState>,
    pub(crate) world: World,
}

impl Pool {
    /// Milliseconds since 1970.
    pub(crate) fn millis(&self) -> u64 {
        self.world.clock.millis()
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.world.clock.seconds()
    }

    pub(crate) fn users(&self) -> MutexGuard<'_, Users> {
        self.state.users.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of the user of this name or alias.
    pub(crate) fn user(&self, name: &str) -> Option<User> {
        self.users().find(&self.definition, name).cloned()
    }

    /// Changes a user, who must be there; a change that is refused changes nothing.
    pub(crate) fn change<T>(&self, username: &str, change: impl FnOnce(&mut User) -> Result<T>) -> Result<T> {
        self.attempt(username, |user| {
            let mut changed = user.clone();
            let result = change(&mut changed)?;
            *user = changed;
            Ok(result)
        })
    }

    /// Like [`Pool::change`], but what was done before a refusal stays: a wrong code was still a guess.
    pub(crate) fn attempt<T>(
        &self,
        username: &str,
        change: impl FnOnce(&mut User) -> Result<T>,
    ) -> Result<T> {
        let mut users = self.users();
        let mut user = users.find(&self.definition, username).cloned().ok_or_else(crate::errors::no_user)?;
        let changed = change(&mut user);
        users.save(&self.definition, user)?;
        changed
    }

    /// Whose password it is, as it is hashed.
    pub(crate) fn owner<'a>(&'a self, username: &'a str) -> Owner<'a> {
        Owner { pool: self.definition.short_id(), username }
    }

    /// Bytes that are always the same for a name, and say nothing.
    pub(crate) fn pretence(&self, name: &str) -> [u8; 32] {
        random::hmac(self.state.pretence().as_bytes(), &[name.as_bytes()])
    }

    /// The client of this id.
    pub(crate) fn client(&self, id: &str) -> Option<&Arc<Client>> {
        self.definition.clients.get(id)
    }

    /// The secret of a client that has one; made once.
    pub(crate) fn secret(&self, client: &Client) -> Result<Option<String>> {
        if !client.has_secret || client.known_secret.is_some() {
            return Ok(client.known_secret.clone().filter(|_| client.has_secret));
        }
        let kept = self.state.kept().secrets.get(&client.id).cloned();
        if kept.is_some() {
            return Ok(kept);
        }
        let new = random::text(b"abcdefghijklmnopqrstuvwxyz0123456789", 51);
        self.state.change(|kept| kept.secrets.entry(client.id.clone()).or_insert(new).clone()).map(Some)
    }

    /// Groups of the template and those that calls made.
    pub(crate) fn groups(&self) -> BTreeMap<String, Group> {
        let mut groups = self.state.made_groups();
        groups.extend(self.definition.groups.clone());
        groups
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}
