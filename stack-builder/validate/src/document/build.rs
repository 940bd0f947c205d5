//! How a reader puts a document together, node by node, in the order of the text.

use super::{Data, Document, Id, Label, MOST_LEVELS, Node, Position};
use crate::finding::Finding;
use std::collections::HashMap;

/// A document under construction.
pub(super) struct Builder {
    nodes: Vec<Node>,
    open: Vec<Open>,
    pub(super) problems: Vec<Finding>,
}

/// A list or map whose end has not been reached.
struct Open {
    id: Id,
    /// The name of the value to come, in a map.
    key: Option<(Box<str>, Position)>,
    /// The keys so far, and where they stand.
    keys: HashMap<Box<str>, Position>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self { nodes: Vec::new(), open: Vec::new(), problems: Vec::new() }
    }

    /// Names the next value of the open map.
    pub(super) fn key(&mut self, key: &str, position: Position) {
        let Some(open) = self.open.last_mut() else { return };
        if let Some(first) = open.keys.insert(key.into(), position) {
            let message = format!("the key `{key}` stands twice, first in line {}", first.line);
            let hint = "only one of them has an effect; remove the other or give it another name";
            self.problems.push(Finding::error("duplicate-key", message).at(position).hint(hint));
        }
        open.key = Some((key.into(), position));
    }

    /// Whether the open collection is a map whose next node is a key.
    pub(super) fn wants_key(&self) -> bool {
        let open = self.open.last();
        open.is_some_and(|open| {
            open.key.is_none() && matches!(self.nodes[open.id.index()].data, Data::Map(_))
        })
    }

    /// Adds a value that holds no others.
    pub(super) fn scalar(&mut self, data: Data, position: Position) {
        self.add(data, position);
    }

    /// Adds a collection and opens it.
    ///
    /// # Errors
    /// When it lies too deep.
    pub(super) fn open(&mut self, data: Data, position: Position) -> Result<(), Finding> {
        if self.open.len() >= MOST_LEVELS {
            let message = format!("the template is nested more than {MOST_LEVELS} levels deep");
            return Err(Finding::error("unreadable", message).at(position));
        }
        let id = self.add(data, position);
        self.open.push(Open { id, key: None, keys: HashMap::new() });
        Ok(())
    }

    /// Ends the open collection.
    pub(super) fn close(&mut self) {
        self.open.pop();
    }

    pub(super) fn finish(self) -> (Document, Vec<Finding>) {
        (Document::of(self.nodes), self.problems)
    }

    fn add(&mut self, data: Data, position: Position) -> Id {
        let id = Id(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let parent = self.open.last_mut();
        let (parent, label) = match parent {
            None => (None, Label::Root),
            Some(open) => {
                let key = open.key.take();
                let parent = open.id;
                let index = match &mut self.nodes[parent.index()].data {
                    Data::List(children) | Data::Map(children) => {
                        children.push(id);
                        children.len() - 1
                    }
                    _ => 0,
                };
                (Some(parent), key.map_or(Label::Item(index), |(key, at)| Label::Key(key, at)))
            }
        };
        self.nodes.push(Node { parent, label, position, data });
        id
    }
}

/// Turns byte offsets into positions, fast where they come in order.
pub(super) struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    position: Position,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, offset: 0, position: Position::START }
    }

    /// The position of the byte at `offset`, which is the first of a character.
    pub(super) fn position(&mut self, offset: usize) -> Position {
        if offset < self.offset {
            (self.offset, self.position) = (0, Position::START);
        }
        for c in self.text.get(self.offset..offset).unwrap_or_default().chars() {
            if c == '\n' {
                self.position = Position { line: self.position.line + 1, column: 1 };
            } else {
                self.position.column += 1;
            }
        }
        self.offset = offset;
        self.position
    }
}
