//! A figure: what some runs took, beside what they may take.

use super::measure::Usage;
use serde::Serialize;

/// What is measured of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Quantity {
    Cpu,
    Wall,
    Memory,
}

/// The most that a quantity's median may be: seconds, or bytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Target {
    pub(super) quantity: Quantity,
    pub(super) most: f64,
}

/// One line of the report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) runs: Vec<Usage>,
    pub(super) targets: Vec<Target>,
}

/// The least, the middle and the most of a quantity over the runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Spread {
    pub(super) min: f64,
    pub(super) median: f64,
    pub(super) max: f64,
}

impl Figure {
    /// A figure without a target; there is at least one run.
    pub(super) fn new(name: impl Into<String>, runs: Vec<Usage>) -> Self {
        Self { name: name.into(), runs, targets: Vec::new() }
    }

    /// Says what the median of `quantity` may be at most.
    pub(super) fn at_most(mut self, quantity: Quantity, most: f64) -> Self {
        self.targets.push(Target { quantity, most });
        self
    }

    pub(super) fn spread(&self, quantity: Quantity) -> Spread {
        let mut values: Vec<f64> = self.runs.iter().map(|run| quantity.of(run)).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        Spread {
            min: values[0],
            median: f64::midpoint(values[last / 2], values[last.div_ceil(2)]),
            max: values[last],
        }
    }

    pub(super) fn keeps(&self, target: Target) -> bool {
        self.spread(target.quantity).median <= target.most
    }
}

impl Quantity {
    fn of(self, usage: &Usage) -> f64 {
        match self {
            Self::Cpu => usage.cpu,
            Self::Wall => usage.wall,
            Self::Memory => usage.memory,
        }
    }

    /// A value with its unit: seconds or milliseconds, and megabytes of a million bytes.
    pub(super) fn shown(self, value: f64) -> String {
        match self {
            Self::Memory => format!("{:.1} MB", value / 1e6),
            _ if value < 1.0 => format!("{:.1} ms", value * 1e3),
            _ => format!("{value:.2} s"),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Wall => "wall",
            Self::Memory => "peak",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(cpu: &[f64]) -> Figure {
        Figure::new("f", cpu.iter().map(|&cpu| Usage { cpu, wall: 0.0, memory: 0.0 }).collect())
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        let spread = |cpu: &[f64]| figure(cpu).spread(Quantity::Cpu);
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Spread { min: 1.0, median: 2.0, max: 3.0 });
        assert_eq!(spread(&[4.0, 1.0, 2.0, 9.0]), Spread { min: 1.0, median: 3.0, max: 9.0 });
        assert_eq!(spread(&[5.0]), Spread { min: 5.0, median: 5.0, max: 5.0 });
    }

    #[test]
    fn the_median_is_held_against_the_target() {
        let target = |most| Target { quantity: Quantity::Cpu, most };
        assert!(figure(&[1.0, 2.0, 30.0]).keeps(target(2.0)));
        assert!(!figure(&[1.0, 2.0, 30.0]).keeps(target(1.9)));
    }

    #[test]
    fn values_have_units() {
        assert_eq!(Quantity::Cpu.shown(0.0123), "12.3 ms");
        assert_eq!(Quantity::Wall.shown(12.345), "12.35 s");
        assert_eq!(Quantity::Memory.shown(6_400_000.0), "6.4 MB");
    }
}
