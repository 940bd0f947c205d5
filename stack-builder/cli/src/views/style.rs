//! What colours mean; the words carry the same meaning without them.

use clap::builder::styling::{AnsiColor, Style};

/// Something is wrong.
pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Something may be wrong.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What to do next.
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();
/// What a block is about.
pub(super) const HEADING: Style = Style::new().bold();
/// The frame round quoted source.
pub(super) const GUTTER: Style = AnsiColor::Blue.on_default().bold();
/// What matters less.
pub(super) const FAINT: Style = Style::new().dimmed();
