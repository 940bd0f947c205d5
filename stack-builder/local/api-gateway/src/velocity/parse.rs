//! Reading Velocity templates.

use super::{Expression, Node, Reference, Step};
use serde_json::Value;

/// Conditions and expressions nest no deeper.
const DEEPEST: usize = 50;

type Read<T> = Result<T, String>;

/// Reads a whole template.
pub(super) fn template(text: &str) -> Read<Vec<Node>> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let nodes = reader.nodes()?;
    if reader.at < text.len() {
        return Err(format!("`{}` stands alone in a template", reader.word()));
    }
    Ok(nodes)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn skip(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn expect(&mut self, token: &str) -> Read<()> {
        self.skip();
        if self.take(token) { Ok(()) } else { Err(format!("`{token}` is missing before `{}`", self.word())) }
    }

    /// What comes next, for messages.
    fn word(&self) -> String {
        self.rest().chars().take(20).collect()
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
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

    fn expression(&mut self) -> Read<Expression> {
        self.deeper(Self::either)
    }

    fn either(&mut self) -> Read<Expression> {
        let mut left = self.both()?;
        while self.operator(&["||", "or "]) {
            left = Expression::Either(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Read<Expression> {
        let mut left = self.comparison()?;
        while self.operator(&["&&", "and "]) {
            left = Expression::Both(Box::new(left), Box::new(self.comparison()?));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Read<Expression> {
        let left = self.operand()?;
        let same = self.operator(&["==", "eq "]);
        if !same && !self.operator(&["!=", "ne "]) {
            return Ok(left);
        }
        let compared = Expression::Same(Box::new(left), Box::new(self.operand()?));
        Ok(if same { compared } else { Expression::Not(Box::new(compared)) })
    }

    fn operator(&mut self, words: &[&str]) -> bool {
        self.skip();
        words.iter().any(|word| self.take(word))
    }

    fn operand(&mut self) -> Read<Expression> {
        self.skip();
        if self.take("!") {
            return self.deeper(Self::operand).map(|operand| Expression::Not(Box::new(operand)));
        }
        if self.take("(") {
            let inner = self.expression()?;
            self.expect(")")?;
            return Ok(inner);
        }
        match self.rest().chars().next() {
            Some('$') => Ok(Expression::Reference(self.reference()?.ok_or("`$` has no name")?)),
            Some('\'') => Ok(Expression::Value(self.quoted('\'')?.into())),
            Some('"') => self.quoted('"').and_then(|text| template(&text)).map(Expression::Template),
            _ => self.literal(),
        }
    }

    fn literal(&mut self) -> Read<Expression> {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        let end = self.rest().find(|c| !part(c)).unwrap_or(self.rest().len());
        let word = &self.rest()[..end];
        let value: Value =
            serde_json::from_str(word).map_err(|_| format!("`{}` is not run here", self.word()))?;
        self.at += end;
        Ok(Expression::Value(value))
    }

    fn quoted(&mut self, quote: char) -> Read<String> {
        let after = &self.rest()[1..];
        let end = after.find(quote).ok_or("a text has no end")?;
        self.at += end + 2;
        Ok(after[..end].to_owned())
    }

    /// `$x`, `$!x`, `${x.y}`, `$x.call('a').y`; nothing when a `$` stands alone.
    fn reference(&mut self) -> Read<Option<Reference>> {
        let from = self.at;
        if !self.take("$") {
            return Ok(None);
        }
        let quiet = self.take("!");
        let braced = self.take("{");
        let name = self.name();
        if name.is_empty() {
            self.at = from;
            return Ok(None);
        }
        let mut steps = Vec::new();
        while self
            .rest()
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            self.at += 1;
            let name = self.name();
            steps.push(if self.take("(") { Step::Call(name, self.arguments()?) } else { Step::Field(name) });
        }
        if braced {
            self.expect("}")?;
        }
        Ok(Some(Reference { source: self.text[from..self.at].to_owned(), quiet, name, steps }))
    }

    fn arguments(&mut self) -> Read<Vec<Expression>> {
        let mut all = Vec::new();
        self.skip();
        while !self.take(")") {
            all.push(self.expression()?);
            self.skip();
            if !self.take(",") && !self.rest().starts_with(')') {
                return Err(format!("`)` is missing before `{}`", self.word()));
            }
        }
        Ok(all)
    }

    fn name(&mut self) -> String {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return String::new();
        }
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }
}

fn flush(text: &mut String, nodes: &mut Vec<Node>) {
    if !text.is_empty() {
        nodes.push(Node::Text(std::mem::take(text)));
    }
}
