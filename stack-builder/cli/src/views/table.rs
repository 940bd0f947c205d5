//! Columns that line up.

use super::style::FAINT;
use super::text::shown;
use std::fmt;

/// A table with a heading line; columns that hold numbers are aligned to the right.
pub(super) struct Table<const N: usize> {
    headings: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// An empty table. A heading that starts with `>` aligns its column to the right.
    pub(super) fn new(headings: [&'static str; N]) -> Self {
        Self { headings, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| shown(&cell).into_owned()));
    }

    fn line<'a>(&self, cells: impl Iterator<Item = &'a str>) -> String {
        let cells = cells.enumerate().map(|(column, cell)| {
            let width = self.width(column);
            let right = self.headings[column].starts_with('>');
            if right { format!("{cell:>width$}") } else { format!("{cell:width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[column].chars().count());
        cells.chain([heading(self.headings[column]).len()]).max().unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headings = self.line(self.headings.into_iter().map(heading));
        write!(f, "{FAINT}{headings}{FAINT:#}")?;
        self.rows.iter().try_for_each(|row| write!(f, "\n{}", self.line(row.iter().map(String::as_str))))
    }
}

fn heading(text: &str) -> &str {
    text.trim_start_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(["STACK", ">RESOURCES"]);
        table.row(["captains-log".into(), "7".into()]);
        table.row(["to\ndo".into(), "12".into()]);
        let plain = anstream::adapter::strip_str(&table.to_string()).to_string();
        assert_eq!(plain, "STACK         RESOURCES\ncaptains-log          7\nto\\ndo               12");
    }
}
