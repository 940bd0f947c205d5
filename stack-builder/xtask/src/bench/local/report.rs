//! Samples, and the table that they are shown in.

/// What was measured of one thing.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) unit: &'static str,
    /// In the unit.
    pub(super) samples: Vec<f64>,
    /// The most that the median may be.
    pub(super) most: Option<f64>,
}

impl Row {
    /// A row without a target.
    pub(super) fn new(name: impl Into<String>, unit: &'static str, samples: Vec<f64>) -> Self {
        Self { name: name.into(), unit, samples, most: None }
    }

    /// Says what the median may be at most.
    pub(super) fn at_most(mut self, most: f64) -> Self {
        self.most = Some(most);
        self
    }

    /// The value below which this part of the samples lies; `NaN` when there are none.
    pub(super) fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.samples.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "there are fewer samples than 2^52")]
        let place = (part * sorted.len().saturating_sub(1) as f64).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        sorted.get(place as usize).copied().unwrap_or(f64::NAN)
    }

    fn line(&self) -> String {
        let [low, middle, late, high] = [0.0, 0.5, 0.99, 1.0].map(|part| shown(self.quantile(part)));
        let target = self.most.map_or(String::new(), |most| {
            let word = if self.quantile(0.5) <= most { "within" } else { "over" };
            format!("{} {word}", shown(most))
        });
        let Self { name, unit, samples, .. } = self;
        format!(
            "| {name} | {unit} | {} | {low} | **{middle}** | {late} | {high} | {target} |\n",
            samples.len()
        )
    }
}

/// A table of Markdown.
pub(super) fn table(rows: &[Row]) -> String {
    let head =
        "| figure | unit | n | min | median | p99 | max | target |\n|---|---|--:|--:|--:|--:|--:|---|\n";
    rows.iter().fold(head.to_owned(), |table, row| table + &row.line())
}

/// Three digits that count.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_its_quantiles_and_its_target() {
        let row = Row::new("a", "ms", (1..=100).rev().map(f64::from).collect()).at_most(60.0);
        assert_eq!(
            table(&[row]).lines().nth(2),
            Some("| a | ms | 100 | 1.00 | **51.0** | 99.0 | 100 | 60.0 within |")
        );
        assert!(table(&[Row::new("b", "s", vec![0.5]).at_most(0.25)]).ends_with("| 0.500 | 0.250 over |\n"));
    }
}
