//! Bringing the sites to their buckets, as `deploy` does.

use super::Run;
use crate::commands::target::stop;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, SiteTarget};
use stack_builder_deploy::{Regions, outputs, plan_site};

/// Publishes what has changed of each site, and says how many files went up or away.
pub(super) async fn publish(run: Run<'_>, regions: &Regions, assembly: &CloudAssembly) -> Result<usize> {
    let mut changed = 0;
    for stack in &assembly.manifest.stacks {
        let in_buckets = stack.sites.iter().filter(|site| matches!(site.target, SiteTarget::Bucket { .. }));
        let sites: Vec<_> = in_buckets.collect();
        if sites.is_empty() {
            continue;
        }
        let environment = regions.of(stack);
        let outputs = outputs(environment, &stack.stack_name).await.map_err(stop)?;
        for site in sites {
            let plan = plan_site(environment, assembly, stack, site, &outputs).await.map_err(stop)?;
            changed += plan.uploads.len() + plan.removals.len();
            plan.execute(|step| views::site::step(&run.session.printer, &step)).await.map_err(stop)?;
        }
    }
    Ok(changed)
}
