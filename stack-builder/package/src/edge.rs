//! What lies beside the binary of a function for Lambda@Edge, which knows managed runtimes only.

use crate::archive::Entry;
use serde_json::Value;

/// The most bytes an archive for the edge may have.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge>
pub(crate) const ARCHIVE_LIMIT: u64 = 50 * 1024 * 1024;

/// The most bytes that an archive for viewer events may have where the older quota still holds.
pub(crate) const OLDER_ARCHIVE_LIMIT: u64 = 1024 * 1024;

/// The module that the managed runtime imports, as `index.handler`; it has no handler, for it never returns.
///
/// Nothing else knows how the binary is started, so another way can take its place.
const SHIM: &[u8] = include_bytes!("edge/index.py");

/// The text of `config.json`.
pub(crate) fn config(config: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(config).unwrap_or_default();
    text.push(b'\n');
    text
}

/// The files beside `bootstrap`.
pub(crate) fn entries(config: &[u8]) -> [Entry<'_>; 2] {
    [
        Entry { name: "config.json", mode: 0o644, content: config },
        Entry { name: "index.py", mode: 0o644, content: SHIM },
    ]
}
