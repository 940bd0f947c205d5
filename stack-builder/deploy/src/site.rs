//! Sites: what browsers load, configured with the stack's outputs and brought to where it is served from.
//!
//! [`plan_site`] only looks: it renders the packaged files, compares them with what is served, and says what would go
//! up, what would go away and what the caches would forget. [`SitePlan::execute`] does it, assets before pages, so
//! that a new page never names a file that is not there yet, however the run ends. [`check_sites`] tells before the
//! stack is touched what the files would be refused for.

mod amplify;
mod archive;
mod bucket;
mod check;
mod difference;
mod error;
mod invalidation;
mod kind;
mod objects;
mod plan;
mod record;
mod render;
mod resource;
mod summary;

pub use check::check_sites;
pub use error::SiteError;
pub use plan::{SitePlan, plan_site};
pub use summary::{Invalidation, SiteStep, SiteSummary};

use crate::digest::hex_sha256;

/// A file as it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SiteFile {
    /// Path from the site's root, parts separated by `/`.
    pub(crate) path: String,
    pub(crate) content: Vec<u8>,
    pub(crate) content_type: &'static str,
    pub(crate) cache_control: &'static str,
}

impl SiteFile {
    /// Changes with the content and with every header.
    pub(crate) fn fingerprint(&self) -> String {
        let content = hex_sha256(&self.content);
        hex_sha256(format!("{content}\n{}\n{}", self.content_type, self.cache_control).as_bytes())
    }

    /// Whether it names other files, so that it has to come after them.
    pub(crate) fn is_page(&self) -> bool {
        self.content_type.starts_with("text/html")
    }
}
