//! A value in its document: what it holds, where it stands, and how to get on from there.

use super::iterate::{Entries, Items};
use super::{Data, Document, Id, Label, Node, Position};
use std::fmt::Write as _;

/// A value of a template; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    document: &'a Document,
    id: Id,
}

impl PartialEq for Place<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.document, other.document)
    }
}

impl<'a> Place<'a> {
    pub(super) fn new(document: &'a Document, id: Id) -> Self {
        Self { document, id }
    }

    fn node(self) -> &'a Node {
        &self.document.nodes[self.id.index()]
    }

    pub(crate) fn data(self) -> &'a Data {
        &self.node().data
    }

    fn at(self, id: Id) -> Self {
        Self { id, ..self }
    }

    /// Where the value stands.
    pub fn position(self) -> Position {
        self.node().position
    }

    /// Where the value's key stands; the value itself where it has none.
    pub fn key_position(self) -> Position {
        if let Label::Key(_, position) = &self.node().label { *position } else { self.position() }
    }

    /// The key under which the value stands, in a map.
    pub fn key(self) -> Option<&'a str> {
        if let Label::Key(key, _) = &self.node().label { Some(key) } else { None }
    }

    /// The collection around it.
    pub fn parent(self) -> Option<Self> {
        self.node().parent.map(|id| self.at(id))
    }

    /// The whole document.
    pub fn root(self) -> Self {
        self.document.root()
    }

    /// The value under `key` of a map.
    pub fn get(self, key: &str) -> Option<Self> {
        if let Some(keys) = self.document.keys.get(&self.id) {
            return keys.get(key).map(|id| self.at(*id));
        }
        self.children().iter().map(|id| self.at(*id)).find(|child| child.key() == Some(key))
    }

    /// The values of a list; none where this is no list.
    pub fn items(self) -> Items<'a> {
        self.iterate(if self.is_list() { self.children() } else { &[] })
    }

    /// The keys and values of a map, in the order of the text; none where this is no map.
    pub fn entries(self) -> Entries<'a> {
        Entries::new(self.iterate(if self.is_map() { self.children() } else { &[] }))
    }

    /// The entries of no map at all.
    pub(crate) fn no_entries(self) -> Entries<'a> {
        Entries::new(self.iterate(&[]))
    }

    fn iterate(self, ids: &'a [Id]) -> Items<'a> {
        Items::new(self.document, ids)
    }

    fn children(self) -> &'a [Id] {
        match self.data() {
            Data::List(children) | Data::Map(children) => children,
            _ => &[],
        }
    }

    /// The text of a literal; for functions and everything else `None`.
    pub fn text(self) -> Option<&'a str> {
        if let Data::Text(text) = self.data() { Some(text) } else { None }
    }

    /// A literal as CloudFormation writes it where it wants a text: numbers and booleans too.
    pub fn literal(self) -> Option<String> {
        match self.data() {
            Data::Text(text) => Some(text.to_string()),
            Data::Bool(value) => Some(value.to_string()),
            Data::Int(value) => Some(value.to_string()),
            Data::Float(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// A literal boolean; the text `true` or `false` is one too.
    pub fn boolean(self) -> Option<bool> {
        match self.data() {
            Data::Bool(value) => Some(*value),
            Data::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Data::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// A literal number; a text that holds one is one too.
    pub fn number(self) -> Option<f64> {
        match self.data() {
            #[expect(clippy::cast_precision_loss, reason = "no limit of a template is beyond 2^52")]
            Data::Int(value) => Some(*value as f64),
            Data::Float(value) => Some(*value),
            Data::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Whether this is a map (which a function is too).
    pub fn is_map(self) -> bool {
        matches!(self.data(), Data::Map(_))
    }

    /// Whether this is a list.
    pub fn is_list(self) -> bool {
        matches!(self.data(), Data::List(_))
    }

    /// The function that this value is, in its long form, and its argument: `("Fn::Join", …)`.
    pub fn function(self) -> Option<(&'a str, Self)> {
        let [only] = self.children() else { return None };
        let argument = self.at(*only);
        let name = argument.key()?;
        let function = name.starts_with("Fn::") && !name.starts_with("Fn::ForEach::")
            || name == "Ref"
            // `Condition` is a function only around a name: a policy statement's `Condition` is an object.
            || (name == "Condition" && argument.text().is_some());
        function.then_some((name, argument))
    }

    /// The argument of `function`, where this value is that function.
    pub fn call(self, function: &str) -> Option<Self> {
        self.function().filter(|(name, _)| *name == function).map(|(_, argument)| argument)
    }

    /// Whether this is `Ref: AWS::NoValue`, which removes the property that it is given to.
    pub fn is_nothing(self) -> bool {
        self.call("Ref").and_then(Self::text) == Some("AWS::NoValue")
    }

    /// Every value that this may turn out to be: the branches of `Fn::If`, at any depth, without those that remove
    /// the property.
    pub fn alternatives(self) -> Vec<Self> {
        let mut found = Vec::new();
        self.collect_alternatives(&mut found);
        found
    }

    fn collect_alternatives(self, found: &mut Vec<Self>) {
        match self.call("Fn::If") {
            Some(argument) => argument.items().skip(1).for_each(|branch| branch.collect_alternatives(found)),
            None if self.is_nothing() => {}
            None => found.push(self),
        }
    }

    /// Whether a condition decides about this value, or about one around it.
    pub fn is_conditional(self) -> bool {
        let within = |place: Self| place.parent().is_some_and(Self::is_conditional);
        self.call("Fn::If").is_some() || self.key() == Some("Fn::If") || within(self)
    }

    /// Every value that may stand at `path` below this one: names joined by `.`, and `*` for all items of a list (or
    /// all values of a map). Conditions are looked through on the way.
    pub fn values(self, path: &str) -> Vec<Self> {
        let mut here = self.alternatives();
        for step in path.split('.').filter(|step| !step.is_empty()) {
            here = here.into_iter().flat_map(|place| place.step(step)).flat_map(Self::alternatives).collect();
        }
        here
    }

    fn step(self, name: &str) -> Vec<Self> {
        match (name, self.data()) {
            ("*", Data::List(_)) => self.items().collect(),
            ("*", Data::Map(_)) => self.entries().map(|(_, value)| value).collect(),
            _ => self.get(name).into_iter().collect(),
        }
    }

    /// The value and everything in it, from the top.
    pub fn descendants(self) -> Vec<Self> {
        let mut found = vec![self];
        let mut next = 0;
        while let Some(place) = found.get(next).copied() {
            found.extend(place.children().iter().map(|id| place.at(*id)));
            next += 1;
        }
        found
    }

    /// Whether `other` is this value or stands in it. Nodes lie in the order of the text, each before what is in it.
    pub(crate) fn holds(self, other: Self) -> bool {
        (self.order()..=self.last()).contains(&other.order())
    }

    /// Where the value stands among all of the document, from the top.
    pub(crate) fn order(self) -> u32 {
        self.id.0
    }

    /// The place in that order of the last value within this one.
    fn last(self) -> u32 {
        let mut last = self.id;
        while let Some(id) = self.at(last).children().last() {
            last = *id;
        }
        last.0
    }

    /// The way from the top of the document: `Resources.Bucket.Properties.Rules[0].Status`.
    pub fn path(self) -> String {
        let mut labels = Vec::new();
        let mut here = self;
        while let Some(parent) = here.parent() {
            labels.push(&here.node().label);
            here = parent;
        }
        labels.into_iter().rev().fold(String::new(), |mut path, label| {
            let _ = match label {
                Label::Root => Ok(()),
                Label::Key(key, _) if path.is_empty() => write!(path, "{key}"),
                Label::Key(key, _) => write!(path, ".{key}"),
                Label::Item(index) => write!(path, "[{index}]"),
            };
            path
        })
    }
}
