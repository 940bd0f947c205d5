//! The last part of `deploy`: the sites of a stack that is up.

use super::consent::{self, Answer};
use super::target::{heard, stop, unless_interrupted};
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, Site, SiteTarget, StackArtifact};
use stack_builder_deploy::{Environment, Outputs, SitePlan, SiteSummary, plan_site};

/// What is known of the stack whose sites are published.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) assembly: &'a CloudAssembly,
    pub(crate) stack: &'a StackArtifact,
    pub(crate) outputs: &'a Outputs,
    /// Whether the user has agreed to a change of this stack already.
    pub(crate) agreed: bool,
}

/// Publishes what has changed of each site, and notes in `done` what became of it.
pub(crate) async fn publish_sites(
    session: &Session,
    standing: Standing<'_>,
    done: &mut Vec<SiteSummary>,
) -> Result<()> {
    let Standing { environment, assembly, stack, outputs, .. } = standing;
    for site in &stack.sites {
        let planning = plan_site(environment, assembly, stack, site, outputs);
        let plan = unless_interrupted(planning, || interrupted(site)).await?.map_err(stop)?;
        if !plan.is_unchanged() {
            agree(session, standing, &plan).await?;
        }
        let summary = publish(session, site, plan).await?;
        views::site::summary(&session.printer, &summary);
        done.push(summary);
    }
    Ok(())
}

/// Asks, unless the change of the stack that the site comes with was agreed to.
async fn agree(session: &Session, standing: Standing<'_>, plan: &SitePlan) -> Result<()> {
    views::site::plan(&session.printer, plan, !standing.agreed);
    let Environment { account, region, .. } = standing.environment;
    let name = &standing.stack.stack_name;
    let question = format!("Publish the site of `{name}` to account {account} in {region}? [y/N]");
    let failure = || Failure::new(format!("the site of `{name}` was not published"));
    match consent::ask(session, &question, &["y", "yes"], standing.agreed).await {
        Answer::Yes => Ok(()),
        Answer::No => Err(failure().into()),
        Answer::Interrupted => Err(failure().interrupted().into()),
    }
}

async fn publish(session: &Session, site: &Site, plan: SitePlan) -> Result<SiteSummary> {
    let publishing = plan.execute(|step| views::site::step(&session.printer, &step));
    let publishing = heard(publishing, |quiet| views::site::waiting(&session.printer, &site.asset, quiet));
    unless_interrupted(publishing, || interrupted(site)).await?.map_err(stop)
}

fn interrupted(site: &Site) -> Failure {
    let hint = match site.target {
        SiteTarget::Amplify { .. } => {
            "run the command again; should Amplify be busy with the job that was interrupted, it says how to stop it"
        }
        _ => {
            "run the command again, which does the rest; until then old and new files are served side by side"
        }
    };
    Failure::new(format!("interrupted while site `{}` was being published", site.asset)).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interruption_says_what_is_left_to_do() {
        let hint = |target| {
            let error = anyhow::Error::new(interrupted(&Site { asset: "notes".to_owned(), target }));
            Failure::hint_of(&error).unwrap_or_default().to_owned()
        };
        let bucket = SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: None };
        let amplify = SiteTarget::Amplify { app: "App".to_owned(), branch: "main".to_owned() };
        assert!(hint(bucket).contains("which does the rest"));
        assert!(hint(amplify).contains("how to stop it"));
    }
}
