//! The report as text: a figure a line, columns aligned.

use super::figure::{Figure, Quantity};

const HEADS: [&str; 5] = ["figure", "CPU min/median/max", "wall min/median/max", "peak", "target"];

/// The figures as aligned lines.
pub(super) fn render(figures: &[Figure]) -> String {
    let mut rows = vec![HEADS.map(str::to_owned)];
    rows.extend(figures.iter().map(row));
    let widths: Vec<usize> = (0..HEADS.len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn row(figure: &Figure) -> [String; 5] {
    let peak = Quantity::Memory.shown(figure.spread(Quantity::Memory).median);
    [
        format!("{} ({}x)", figure.name, figure.runs.len()),
        spread(figure, Quantity::Cpu),
        spread(figure, Quantity::Wall),
        peak,
        verdict(figure),
    ]
}

fn spread(figure: &Figure, quantity: Quantity) -> String {
    let spread = figure.spread(quantity);
    [spread.min, spread.median, spread.max].map(|value| quantity.shown(value)).join(" / ")
}

/// Each target with what became of it: `CPU 20.00 s within, peak 15.0 MB over`.
fn verdict(figure: &Figure) -> String {
    let targets = figure.targets.iter().map(|&target| {
        let word = if figure.keeps(target) { "within" } else { "over" };
        format!("{} {} {word}", target.quantity.name(), target.quantity.shown(target.most))
    });
    targets.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measure::Usage;

    #[test]
    fn columns_are_aligned_and_targets_judged() {
        let runs = vec![Usage { cpu: 0.0105, wall: 1.5, memory: 6.4e6 }];
        let figures = [
            Figure::new("synth", runs.clone()).at_most(Quantity::Cpu, 0.015).at_most(Quantity::Memory, 5e6),
            Figure::new("a longer name", runs),
        ];
        let table = render(&figures);
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(
            lines[1],
            "synth (1x)          10.5 ms / 10.5 ms / 10.5 ms  1.50 s / 1.50 s / 1.50 s  6.4 MB  \
             CPU 15.0 ms within, peak 5.0 MB over"
        );
        assert_eq!(lines[2].find("10.5 ms"), lines[1].find("10.5 ms"));
        assert!(lines[2].ends_with("6.4 MB"), "{}", lines[2]);
    }
}
