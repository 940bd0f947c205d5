//! Reading Velocity templates.

use super::{Node, Step};

/// Conditions and expressions nest no deeper.
const DEEPEST: usize = 50;

pub(super) type Read<T> = Result<T, String>;

/// Reads a whole template.
pub(super) fn template(text: &str) -> Read<Vec<Node>> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let nodes = reader.nodes()?;
    if reader.at < text.len() {
        return Err(format!("`{}` stands alone in a template", reader.word()));
    }
    Ok(nodes)
}

/// A place in a template.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    pub(super) fn skip(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    pub(super) fn expect(&mut self, token: &str) -> Read<()> {
        self.skip();
        if self.take(token) { Ok(()) } else { Err(format!("`{token}` is missing before `{}`", self.word())) }
    }

    /// What comes next, for messages.
    pub(super) fn word(&self) -> String {
        self.rest().chars().take(20).collect()
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("the template is nested too deeply".to_owned());
        }
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// `#name` or `#{name}`.
    fn directive(&mut self, name: &str) -> bool {
        if self.take(&format!("#{{{name}}}")) {
            return true;
        }
        let plain = format!("#{name}");
        let after = self.rest().strip_prefix(plain.as_str());
        let ends = after.is_some_and(|after| !after.starts_with(|c: char| c.is_ascii_alphabetic()));
        ends && self.take(&plain)
    }

    fn at_end_of_block(&self) -> bool {
        ["#end", "#{end}", "#else", "#{else}"].iter().any(|word| self.rest().starts_with(word))
    }

    fn nodes(&mut self) -> Read<Vec<Node>> {
        let mut nodes = Vec::new();
        let mut text = String::new();
        while let Some(next) = self.rest().chars().next() {
            if self.at_end_of_block() {
                break;
            }
            if self.take("##") {
                self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
                continue;
            }
            if let Some(node) = self.node(next)? {
                flush(&mut text, &mut nodes);
                nodes.push(node);
            } else {
                text.push(next);
                self.at += next.len_utf8();
            }
        }
        flush(&mut text, &mut nodes);
        Ok(nodes)
    }

    fn node(&mut self, next: char) -> Read<Option<Node>> {
        match next {
            '$' => Ok(self.reference()?.map(Node::Show)),
            '#' if self.directive("set") => self.set().map(Some),
            '#' if self.directive("if") => self.deeper(Self::condition).map(Some),
            '#' => {
                let other = ["foreach", "macro", "parse", "include", "evaluate", "define", "stop", "break"];
                match other.iter().find(|name| self.rest()[1..].trim_start_matches('{').starts_with(**name)) {
                    Some(name) => Err(format!("`#{name}` in a template is not run here")),
                    None => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    fn set(&mut self) -> Read<Node> {
        self.expect("(")?;
        self.skip();
        let target = self.reference()?.ok_or("`#set` has no name")?;
        let mut path = vec![target.name];
        for step in target.steps {
            match step {
                Step::Field(name) => path.push(name),
                Step::Call(..) => return Err("`#set` cannot set a call".to_owned()),
            }
        }
        self.expect("=")?;
        let value = self.expression()?;
        self.expect(")")?;
        Ok(Node::Set(path, value))
    }

    fn condition(&mut self) -> Read<Node> {
        let mut branches = Vec::new();
        self.expect("(")?;
        let first = self.expression()?;
        self.expect(")")?;
        branches.push((Some(first), self.nodes()?));
        loop {
            if self.directive("elseif") {
                self.expect("(")?;
                let condition = self.expression()?;
                self.expect(")")?;
                branches.push((Some(condition), self.nodes()?));
            } else if self.directive("else") {
                branches.push((None, self.nodes()?));
            } else if self.directive("end") {
                return Ok(Node::If(branches));
            } else {
                return Err("`#end` is missing".to_owned());
            }
        }
    }
}

fn flush(text: &mut String, nodes: &mut Vec<Node>) {
    if !text.is_empty() {
        nodes.push(Node::Text(std::mem::take(text)));
    }
}
