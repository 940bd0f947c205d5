//! The users of a pool: found by name or alias, each in a file of its own.

use crate::definition::Definition;
use crate::errors::{Result, internal};
use crate::user::User;
use stack_builder_local_core::{ApiError, write_atomically};
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// Users of one pool.
pub(crate) const MOST: usize = 10_000;
/// Names whose wrong passwords are counted.
const MOST_COUNTED: usize = 10_000;
/// Wrong passwords before the first pause:
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html>.
const FREE_MISSES: u32 = 5;
/// The longest pause, and how long misses are remembered.
const LONGEST_PAUSE: u64 = 15 * 60 * 1000;

#[derive(Clone, Copy, Default)]
struct Misses {
    number: u32,
    /// Milliseconds since 1970.
    paused_until: u64,
    last: u64,
}

#[derive(Default)]
pub(crate) struct Users {
    folder: Option<PathBuf>,
    /// By folded user name.
    all: BTreeMap<String, User>,
    misses: HashMap<String, Misses>,
}

impl Users {
    /// Reads the users of a folder; a file that is none is passed over and named.
    pub(crate) fn open(folder: Option<PathBuf>, fold: impl Fn(&str) -> String) -> (Self, Vec<PathBuf>) {
        let (mut users, mut broken) = (Self { folder, ..Self::default() }, Vec::new());
        let entries = users.folder.as_deref().and_then(|folder| fs::read_dir(folder).ok());
        let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
        for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
            match read(&path) {
                Some(user) => drop(users.all.insert(fold(&user.username), user)),
                None => broken.push(path),
            }
        }
        (users, broken)
    }

    /// The user of this name: the user name, the `sub`, or an alias.
    pub(crate) fn find(&self, definition: &Definition, name: &str) -> Option<&User> {
        let folded = definition.folded(name);
        self.all.get(&folded).or_else(|| self.by_alias(definition, name, &folded))
    }

    fn by_alias(&self, definition: &Definition, name: &str, folded: &str) -> Option<&User> {
        let is_same = |value: &String| definition.folded(value) == folded;
        let by = |user: &&User| {
            let by_username =
                definition.username_attributes.iter().any(|a| user.attributes.get(a).is_some_and(is_same));
            let by_alias = |attribute: &String| match attribute.as_str() {
                "preferred_username" => user.attributes.get(attribute).is_some_and(is_same),
                _ => user.verified(attribute).is_some_and(|value| definition.folded(value) == folded),
            };
            by_username || user.sub == name || definition.aliases.iter().any(by_alias)
        };
        self.all.values().find(by)
    }

    /// Another user who holds this value of an attribute that is an alias.
    pub(crate) fn holder(
        &self,
        definition: &Definition,
        attribute: &str,
        value: &str,
        but: &str,
    ) -> Option<&User> {
        let wanted = definition.folded(value);
        let only_verified =
            !definition.username_attributes.contains(attribute) && attribute != "preferred_username";
        self.all.values().find(|user| {
            let held = if only_verified {
                user.verified(attribute)
            } else {
                user.attributes.get(attribute).map(String::as_str)
            };
            user.sub != but && held.is_some_and(|held| definition.folded(held) == wanted)
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.all.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Keeps a user, on disk first.
    pub(crate) fn save(&mut self, definition: &Definition, user: User) -> Result<()> {
        let key = definition.folded(&user.username);
        if !self.all.contains_key(&key) {
            self.check_room()?;
        }
        if let Some(path) = self.path(&user) {
            let content = serde_json::to_vec(&user).map_err(|error| internal(error.to_string()))?;
            write_atomically(&path, &content)
                .map_err(|error| internal(format!("{}: {error}", path.display())))?;
        }
        self.all.insert(key, user);
        Ok(())
    }

    /// Refuses one user more than a pool keeps here.
    pub(crate) fn check_room(&self) -> Result<()> {
        if self.all.len() < MOST {
            return Ok(());
        }
        let told = format!("A user pool on this machine keeps {MOST} users.");
        Err(ApiError::new("LimitExceededException", told))
    }

    pub(crate) fn remove(&mut self, definition: &Definition, user: &User) -> Result<()> {
        if let Some(path) = self.path(user) {
            fs::remove_file(&path).map_err(|error| internal(format!("{}: {error}", path.display())))?;
        }
        self.all.remove(&definition.folded(&user.username));
        Ok(())
    }

    fn path(&self, user: &User) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}.json", user.sub)))
    }

    /// Whether passwords for this name are refused unseen, because too many were wrong.
    pub(crate) fn is_paused(&self, name: &str, now: u64) -> bool {
        self.misses.get(name).is_some_and(|misses| now < misses.paused_until)
    }

    /// Counts a wrong password: from the fifth on, each doubles the pause.
    pub(crate) fn missed(&mut self, name: &str, now: u64) {
        if self.misses.len() >= MOST_COUNTED {
            self.misses.retain(|_, misses| now < misses.last + LONGEST_PAUSE);
        }
        if self.misses.len() >= MOST_COUNTED {
            self.misses.clear();
        }
        let misses = self.misses.entry(name.to_owned()).or_default();
        if now >= misses.last + LONGEST_PAUSE {
            *misses = Misses::default();
        }
        misses.number += 1;
        misses.last = now;
        if let Some(over) = misses.number.checked_sub(FREE_MISSES) {
            misses.paused_until = now + (1000_u64 << over.min(20)).min(LONGEST_PAUSE);
        }
    }

    /// Forgets the wrong passwords of a name.
    pub(crate) fn succeeded(&mut self, name: &str) {
        self.misses.remove(name);
    }
}

fn read(path: &Path) -> Option<User> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let mut users = Users::default();
        (0..4).for_each(|_| users.missed("ann", 0));
        assert!(!users.is_paused("ann", 0));
        users.missed("ann", 0);
        assert!(users.is_paused("ann", 999) && !users.is_paused("ann", 1000) && !users.is_paused("bob", 0));
        users.missed("ann", 1000);
        assert!(users.is_paused("ann", 2999) && !users.is_paused("ann", 3000));
        (0..100).for_each(|_| users.missed("ann", 3000));
        assert!(
            users.is_paused("ann", 3000 + LONGEST_PAUSE - 1) && !users.is_paused("ann", 3000 + LONGEST_PAUSE)
        );
        users.succeeded("ann");
        assert!(!users.is_paused("ann", 3000));
    }

    #[test]
    fn names_made_up_by_the_thousand_do_not_fill_the_memory() {
        let mut users = Users::default();
        (0..3 * MOST_COUNTED).for_each(|number| users.missed(&number.to_string(), 0));
        assert!(users.misses.len() <= MOST_COUNTED);
    }
}
