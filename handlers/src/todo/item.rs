//! One thing to do.

use serde::{Deserialize, Serialize};

/// The item `{id, item, completed, creation_date, lastupdate_date}`, as clients see it and as the table holds it
/// beside its owner's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Letters, digits, `_` and `-`; a UUID when we made it.
    pub id: String,
    /// What is to be done.
    pub item: String,
    /// Whether it is done.
    pub completed: bool,
    /// When it was added, RFC 3339 in UTC, to the second.
    pub creation_date: String,
    /// When it last changed, in the same form.
    pub lastupdate_date: String,
}
