//! Loading the stacks' demonstration data, as `seed` does, but unasked: the data is nobody's.

use super::Run;
use crate::commands::seed::unreadable;
use crate::commands::target::stop;
use crate::views;
use crate::views::local::Loaded;
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use stack_builder_deploy::{Regions, SeedPlan, plan_seed};
use std::fs;

/// Plans every stack first, so that a mistake in the last file stops the first one too.
pub(super) async fn load(run: Run<'_>, regions: &Regions, assembly: &CloudAssembly) -> Result<Vec<Loaded>> {
    let mut plans = Vec::new();
    for stack in &assembly.manifest.stacks {
        if let Some(file) = &stack.seed {
            plans.push((stack, file, planned(run, regions, stack, file).await?));
        }
    }
    let mut loaded = Vec::new();
    for (stack, file, plan) in plans {
        let mut steps = Vec::new();
        let loading = plan.execute(|step| {
            views::local::step(&run.session.printer, &step);
            steps.push(step);
        });
        loading.await.map_err(stop)?;
        loaded.push(Loaded { stack: stack.name.clone(), file: file.clone(), steps });
    }
    Ok(loaded)
}

async fn planned(run: Run<'_>, regions: &Regions, stack: &StackArtifact, file: &str) -> Result<SeedPlan> {
    let path = run.workspace.root.join(file);
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
    plan_seed(regions.of(stack), &stack.stack_name, file, &text).await.map_err(stop)
}
