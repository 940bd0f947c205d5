//! A template as it was written: a tree of which every key and value knows its line and column.
//!
//! JSON and YAML become the same tree, and the short forms of YAML (`!Ref`) the long ones. The nodes lie in one list
//! and know their parent, so that a path can be told from a node alone, and no depth of nesting can exhaust the stack.

mod build;
mod iterate;
mod json;
mod place;
mod scalar;
mod tag;
mod yaml;

pub use iterate::{Entries, Items};
pub use place::Place;

use crate::finding::Finding;
use std::collections::HashMap;
use std::fmt;

/// Bytes of a file that is read at all. CloudFormation takes a million; what is far beyond is no template.
const MOST_BYTES: usize = 8_000_000;
/// Keys among which one is found fast enough by looking at each.
const FEW_KEYS: usize = 32;
/// Levels of nesting that are read. The deepest published resource type needs fewer than 30.
const MOST_LEVELS: usize = 200;

/// A place in a file; both numbers count from one, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Position {
    /// Where a file begins.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A node's place in the list of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(u32);

impl Id {
    fn index(self) -> usize {
        self.0 as usize
    }
}

/// One value of the template.
#[derive(Debug)]
struct Node {
    parent: Option<Id>,
    label: Label,
    position: Position,
    data: Data,
}

/// How a node is called by its parent.
#[derive(Debug)]
enum Label {
    Root,
    Key(Box<str>, Position),
    Item(usize),
}

/// What a node holds.
#[derive(Debug)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
    List(Vec<Id>),
    Map(Vec<Id>),
}

/// A parsed template.
#[derive(Debug)]
pub struct Document {
    nodes: Vec<Node>,
    /// For each map of many keys, where they are.
    keys: HashMap<Id, HashMap<Box<str>, Id>>,
}

/// The language of a file, where its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Whatever the text looks like.
    Unknown,
}

impl Language {
    /// The language that a file of this name is written in.
    pub fn of_file(name: &str) -> Self {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("json") => Self::Json,
            Some("yaml" | "yml") => Self::Yaml,
            _ => Self::Unknown,
        }
    }
}

impl Document {
    /// Reads a template; besides it, what is wrong with its text.
    ///
    /// There is no document where the text cannot be understood at all.
    pub(crate) fn read(bytes: &[u8], language: Language) -> (Option<Self>, Vec<Finding>) {
        let text = match decode(bytes) {
            Ok(text) => text,
            Err(problem) => return (None, vec![problem]),
        };
        let braced = text.trim_start().starts_with(['{', '[']);
        let read = match language {
            Language::Json => json::read(text),
            // Every JSON text but for its tabs is YAML too; only a JSON reader says what is wrong with JSON.
            Language::Unknown if braced => {
                json::read(text).or_else(|json| yaml::read(text).map_err(|_| json))
            }
            Language::Yaml | Language::Unknown => yaml::read(text),
        };
        match read {
            Ok((document, problems)) => (Some(document), problems),
            Err(problem) => (None, vec![problem]),
        }
    }

    fn of(nodes: Vec<Node>) -> Self {
        let large = |(index, node): (usize, &Node)| match &node.data {
            Data::Map(children) if children.len() > FEW_KEYS => {
                Some((Id(u32::try_from(index).unwrap_or(u32::MAX)), index_keys(&nodes, children)))
            }
            _ => None,
        };
        let keys = nodes.iter().enumerate().filter_map(large).collect();
        Self { nodes, keys }
    }

    /// The whole template.
    pub fn root(&self) -> Place<'_> {
        Place::new(self, Id(0))
    }
}

/// The first of several equal keys is found.
fn index_keys(nodes: &[Node], children: &[Id]) -> HashMap<Box<str>, Id> {
    let keyed = children.iter().rev().filter_map(|id| match &nodes[id.index()].label {
        Label::Key(key, _) => Some((key.clone(), *id)),
        _ => None,
    });
    keyed.collect()
}

/// The text of a file, without a byte order mark.
fn decode(bytes: &[u8]) -> Result<&str, Finding> {
    if bytes.len() > MOST_BYTES {
        let message = format!("the file has {} bytes, which is no template", bytes.len());
        let hint = "CloudFormation takes 1,000,000 bytes at most; name the template itself";
        return Err(Finding::error("unreadable", message).hint(hint));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| not_text(bytes, error.valid_up_to()))?;
    if text.trim().is_empty() {
        let hint = "a template has at least `Resources` with one resource in it";
        return Err(Finding::error("unreadable", "the file is empty").hint(hint));
    }
    Ok(text)
}

fn not_text(bytes: &[u8], valid: usize) -> Finding {
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let what = if utf16 { "UTF-16" } else { "something else" };
    let mut cursor = build::Cursor::new(&before);
    Finding::error("unreadable", format!("the file is not UTF-8 text but {what}"))
        .at(cursor.position(before.len()))
        .hint("save the file as UTF-8")
}
