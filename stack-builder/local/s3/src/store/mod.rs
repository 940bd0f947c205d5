//! Objects as files, with a sorted index in memory.

pub(crate) mod file;
pub(crate) mod index;
pub(crate) mod listing;
pub(crate) mod load;
pub(crate) mod meta;
pub(crate) mod shelf;
pub(crate) mod spool;
pub(crate) mod sum;
pub(crate) mod uploads;

pub(crate) use index::Absent;
pub(crate) use meta::{Described, Meta, Versioning, timestamp};
pub(crate) use shelf::Shelf;
pub(crate) use spool::Spooled;
pub(crate) use sum::{Algorithm, Sum};
