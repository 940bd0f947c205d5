//! `bench`: what the toolkit costs its user in processor time, waiting and memory, beside the targets.
//!
//! The figures are of whole processes; `cargo bench --package stack-builder` measures the kernels within.

mod command;
mod figure;
mod local;
mod many;
mod measure;
mod project;
mod stacks;
mod table;

use anyhow::bail;
use figure::Figure;
use std::fs;
use std::process::ExitCode;

/// A benchmark by the name that chooses it, and what it measures.
type Bench = (&'static str, fn() -> anyhow::Result<Vec<Figure>>);

const BENCHES: &[Bench] = &[
    ("cold-build", stacks::cold_build),
    ("rebuild", stacks::rebuild),
    ("synth", stacks::synth),
    ("many", many::synth),
    ("command", command::synth),
    ("package", command::package),
    ("validate", command::validate),
];

/// Makes a table.
type Serving = fn() -> anyhow::Result<String>;

/// Benchmarks that are run alone and only by name: they serve, and print a table of their own.
const SERVING: &[(&str, Serving)] =
    &[("local", local::figures), ("edits", local::edits), ("handlers", local::handlers)];

/// Runs `cargo xtask bench [NAME…] [--json]`: all benchmarks, or those that are named.
///
/// Time is not asserted: the exit code is 0 whatever the figures are.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let (options, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|word| word.starts_with("--"));
    let json = options.iter().any(|option| *option == "--json");
    if let Some(option) = options.iter().find(|option| **option != "--json") {
        bail!("there is no option `{option}`\nhint: `cargo xtask bench [NAME…] [--json]`");
    }
    if let [name] = names[..]
        && let Some((_, bench)) = SERVING.iter().find(|(known, _)| name == known)
    {
        print!("{}", bench()?);
        return Ok(ExitCode::SUCCESS);
    }
    let figures = chosen(&names)?.into_iter().map(measured).collect::<anyhow::Result<Vec<_>>>()?.concat();
    let text = format!("{}\n", serde_json::to_string_pretty(&figures)?);
    fs::write(project::target().join("bench.json"), &text)?;
    print!("{}", if json { text } else { table::render(&figures) });
    Ok(ExitCode::SUCCESS)
}

/// The benchmarks called `names`, all when there are none.
fn chosen(names: &[&String]) -> anyhow::Result<Vec<&'static Bench>> {
    let alone = SERVING.iter().map(|(name, _)| format!(", and `{name}` alone"));
    let known = || {
        BENCHES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
            + &alone.clone().collect::<String>()
    };
    if let Some(unknown) = names.iter().find(|name| BENCHES.iter().all(|(known, _)| name.as_str() != *known))
    {
        bail!("there is no benchmark `{unknown}`\nhint: there are {}", known());
    }
    Ok(BENCHES
        .iter()
        .filter(|(name, _)| names.is_empty() || names.iter().any(|chosen| chosen == name))
        .collect())
}

fn measured((name, bench): &Bench) -> anyhow::Result<Vec<Figure>> {
    eprintln!("measuring {name}");
    bench()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_choose_and_a_wrong_one_is_told() {
        let names = |chosen: Vec<&Bench>| chosen.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let word = |word: &str| word.to_owned();
        assert_eq!(chosen(&[]).expect("all").len(), BENCHES.len());
        assert_eq!(names(chosen(&[&word("many"), &word("rebuild")]).expect("known")), ["rebuild", "many"]);
        let error = chosen(&[&word("nope")]).expect_err("unknown").to_string();
        assert!(error.starts_with("there is no benchmark `nope`\nhint: there are cold-build, "), "{error}");
    }
}
