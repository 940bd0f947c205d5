//! The way to a value of a template, built without allocation on the way down and written only where it is wanted.

use std::fmt;

/// The way to a value: its name, and the way to what is around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trail<'t> {
    around: Option<&'t Trail<'t>>,
    step: Step<'t>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'t> {
    /// A name that CloudFormation knows.
    Key(&'t str),
    /// A key of the user's choice.
    Entry(&'t str),
    /// An item of a list, counted from zero.
    Item(usize),
}

impl<'t> Trail<'t> {
    /// The way to an element of the template.
    pub(crate) fn new(element: &'t str) -> Self {
        Self { around: None, step: Step::Key(element) }
    }

    pub(crate) fn key(&'t self, key: &'t str) -> Self {
        Self { around: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn entry(&'t self, key: &'t str) -> Self {
        Self { around: Some(self), step: Step::Entry(key) }
    }

    pub(crate) fn item(&'t self, index: usize) -> Self {
        Self { around: Some(self), step: Step::Item(index) }
    }
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(around) = self.around {
            around.fmt(f)?;
        }
        match (self.step, self.around) {
            (Step::Key(key), None) => f.write_str(key),
            (Step::Key(key), Some(_)) => write!(f, ".{key}"),
            (Step::Entry(key), _) => write!(f, "[{key:?}]"),
            (Step::Item(index), _) => write!(f, "[{index}]"),
        }
    }
}
