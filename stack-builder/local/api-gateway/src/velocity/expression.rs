//! Reading expressions and references of Velocity templates.

use super::parse::{Read, Reader, template};
use super::{Expression, Reference, Step};
use serde_json::Value;

impl Reader<'_> {
    pub(super) fn expression(&mut self) -> Read<Expression> {
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
    pub(super) fn reference(&mut self) -> Read<Option<Reference>> {
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
