//! Many large stacks: 1, 10 and 100 of 400 resources each, to see that the time grows with their number and no faster.

use super::figure::{Figure, Quantity};
use super::measure::{measure, repeat};
use super::project::{Profile, Project};
use std::fs;
use std::path::PathBuf;

const COUNTS: [u32; 3] = [1, 10, 100];

/// Describes as many stacks as the environment asks for; the kernels of `cargo bench` measure the same one.
const MAIN: &str = r#"mod workload;

fn main() -> std::process::ExitCode {
    let count = std::env::var("STACKS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    let app = stack_builder::App::new("many");
    let app = (0..count).fold(app, |app, number| app.stack(format!("workers-{number}"), workload::describe));
    app.synth()
}
"#;

/// Synth in both profiles; the targets are of the release build.
pub(super) fn synth() -> anyhow::Result<Vec<Figure>> {
    let main = super::project::folder()?.join("many.rs");
    fs::write(&main, MAIN)?;
    let workload = PathBuf::from("stack-builder/benches/workload/mod.rs");
    let project =
        Project::new("many", &[(main, "main.rs".to_owned()), (workload, "workload.rs".to_owned())])?;
    let mut figures = Vec::new();
    for profile in [Profile::Release, Profile::Dev] {
        measure(&project.build(profile))?;
        for count in COUNTS {
            figures.push(of(&project, profile, count)?);
        }
    }
    Ok(figures)
}

fn of(project: &Project, profile: Profile, count: u32) -> anyhow::Result<Figure> {
    let runs = repeat(5, || {
        let mut command = project.program(profile);
        command.env("STACKS", count.to_string());
        Ok(command)
    })?;
    let mut figure = Figure::new(String::new(), runs);
    let each = figure.spread(Quantity::Cpu).median / f64::from(count);
    figure.name =
        format!("{count} x 400 resources, {}: {} a stack", profile.name(), Quantity::Cpu.shown(each));
    if (profile, count) == (Profile::Release, 100) {
        figure = figure.at_most(Quantity::Cpu, 1.0).at_most(Quantity::Memory, 100e6);
    }
    Ok(figure)
}
