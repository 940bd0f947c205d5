//! The page and its parts, which are served as they are written.

use stack_builder_local_core::{Response, full};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

macro_rules! asset {
    ($kind:expr, $name:literal) => {
        ($name, $kind, include_str!(concat!("page/", $name)))
    };
}

/// Name, media type and content.
const ASSETS: &[(&str, &str, &str)] = &[
    ("", HTML, include_str!("page/index.html")),
    asset!(CSS, "style.css"),
    asset!(SCRIPT, "main.js"),
    asset!(SCRIPT, "dom.js"),
    asset!(SCRIPT, "live.js"),
    asset!(SCRIPT, "format.js"),
    asset!(SCRIPT, "layout.js"),
    asset!(SCRIPT, "graph.js"),
    asset!(SCRIPT, "view-overview.js"),
    asset!(SCRIPT, "view-resources.js"),
    asset!(SCRIPT, "view-requests.js"),
    asset!(SCRIPT, "view-logs.js"),
    asset!(SCRIPT, "view-tables.js"),
    asset!(SCRIPT, "view-buckets.js"),
    asset!(SCRIPT, "view-users.js"),
    asset!(SCRIPT, "view-inbox.js"),
    asset!(SCRIPT, "view-notices.js"),
    ("icon.svg", "image/svg+xml", include_str!("page/icon.svg")),
];

/// The asset of a path below the console's; the page has none.
pub(super) fn find(path: &str) -> Option<Response> {
    let (_, kind, content) = ASSETS.iter().find(|(name, ..)| *name == path)?;
    Some(full(200, kind, *content))
}
