//! The mistakes of one file, gathered so that all can be told at once.

use super::SeedError;

/// Where, and what.
pub(crate) type Mistake = (String, String);

/// What was found wrong so far.
#[derive(Debug)]
pub(crate) struct Mistakes {
    file: String,
    found: Vec<SeedError>,
}

impl Mistakes {
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    /// Something about the text of the file.
    pub(crate) fn note(&mut self, (place, problem): Mistake) {
        self.found.push(SeedError::Malformed { file: self.file.clone(), place, problem });
    }

    /// The value of a part that is right; what is wrong with another is noted.
    pub(crate) fn take<T>(&mut self, part: Result<T, Mistake>) -> Option<T> {
        part.map_err(|mistake| self.note(mistake)).ok()
    }

    /// The same for what the stack has to say about a part.
    pub(crate) fn take_known<T>(&mut self, part: Result<T, SeedError>) -> Option<T> {
        part.map_err(|error| self.found.push(error)).ok()
    }

    /// Nothing, if nothing was wrong.
    pub(crate) fn finish(mut self) -> Result<(), SeedError> {
        match self.found.len() {
            0 => Ok(()),
            1 => Err(self.found.remove(0)),
            _ => Err(SeedError::Several(self.found)),
        }
    }
}
