//! What a stack is to be.

use serde_json::Value;
use std::collections::BTreeMap;

/// A template and what goes with it.
pub(crate) struct Wanted<'a> {
    pub(crate) template: &'a Value,
    pub(crate) tags: &'a BTreeMap<String, String>,
    /// Values by name, also such as the template does not declare.
    pub(crate) parameters: &'a BTreeMap<String, String>,
    /// Whether named resources that exist already come under the stack.
    pub(crate) import_existing: bool,
}
