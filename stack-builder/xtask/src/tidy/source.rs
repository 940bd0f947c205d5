//! One file as the rules see it.

/// A file's path from the repository's root, and its text.
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
}

impl<'a> Source<'a> {
    pub(super) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text }
    }

    pub(super) fn is_rust(&self) -> bool {
        self.has_extension(&["rs"])
    }

    /// Whether the file's name ends in one of `extensions`, written without their dot.
    pub(super) fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    /// Whether the file lies in one of `folders`, written from the root with a final slash.
    pub(super) fn is_in(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// The lines with their numbers, which count from one.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &'a str)> {
        (1..).zip(self.text.lines())
    }

    /// The lines of code, without those that are only a comment.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}
