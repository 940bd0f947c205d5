//! Templates to resources: every intrinsic resolved to the value that it has here.
//!
//! A resource's name and attributes come first ([`identity`]), on demand and each once, because a property may refer
//! to any of them; properties, outputs and conditions are then a plain walk ([`stack`]). Names are those that AWS
//! would give, so that ARNs, hosts and patterns in policies fit each other as they do there.

mod attributes;
mod dynamic;
mod edges;
mod identity;
mod intrinsics;
mod names;
mod order;
mod stack;

pub(crate) use dynamic::resolve_secrets;
pub(crate) use order::evaluate;
pub(crate) use stack::{Evaluated, LeftOut, stack_id};

use std::fmt;

/// Why a value cannot be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unresolved(pub(crate) String);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
