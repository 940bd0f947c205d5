//! `plan_destroy`: what would go, what would stay, and what must be cleared first.

use super::Destruction;
use super::bucket::BucketToEmpty;
use super::log_groups::{
    LogGroup, candidates, declared, edge_functions, existing, group_of_copies, of_copies,
};
use super::resource::{PlannedResource, RetainedResource};
use crate::resources::resources;
use crate::stack::describe;
use crate::{Environment, Error, Regions, home, owner};
use aws_sdk_cloudformation::types::{Stack, StackStatus};
use serde_json::Value;
use stack_builder_assembly::StackArtifact;

/// What a destruction would do. Show it, then [`execute`](DestroyPlan::execute) it or let it drop.
#[derive(Debug)]
pub struct DestroyPlan {
    /// The stack's name in CloudFormation.
    pub stack_name: String,
    /// The region.
    pub region: String,
    /// Its status now.
    pub status: String,
    /// The resources that go.
    pub removed: Vec<PlannedResource>,
    /// The resources that stay.
    pub retained: Vec<RetainedResource>,
    /// The buckets among those that go; all that is in them is deleted first.
    pub buckets: Vec<BucketToEmpty>,
    /// Log groups that services made for the stack's resources and that no template declares, in all of the
    /// application's regions.
    pub log_groups: Vec<LogGroup>,
    /// Log groups of this name may be left in any other region: copies of an edge function log where they run.
    pub log_groups_elsewhere: Vec<String>,
    pub(crate) stack_id: String,
    pub(crate) regions: Regions,
}

impl DestroyPlan {
    /// Begins; nothing happens before the first [`Destruction::next`].
    pub fn execute(self) -> Destruction {
        Destruction::new(self)
    }

    /// Where the stack is.
    pub(crate) fn environment(&self) -> &Environment {
        self.regions.named(&self.region)
    }
}

/// Looks at `stack`, where it goes; `None` when there is nothing to destroy.
///
/// Changes nothing. Three calls, and one for each bucket (or each 1,000 objects in it), for each function whose log
/// group nobody declared, for each REST API, and for each region of each edge function.
///
/// # Errors
/// [`Error::ForeignStack`], [`Error::OtherHomeStands`], [`Error::TerminationProtected`], [`Error::Busy`], [`Error::ForeignTemplate`], or what a
/// call came back with.
pub async fn plan_destroy(regions: &Regions, stack: &StackArtifact) -> Result<Option<DestroyPlan>, Error> {
    let (environment, stack_name) = (regions.of(stack), &stack.stack_name);
    let Some(standing) = describe(environment, stack_name).await? else { return Ok(None) };
    owner::check(&standing, &environment.region, stack)?;
    home::check(&standing, &environment.region, &regions.home().region)?;
    allow(environment, stack_name, &standing)?;
    let status = standing.stack_status().map(|status| status.as_str().to_owned()).unwrap_or_default();
    let mut plan = DestroyPlan {
        stack_name: stack_name.clone(),
        region: environment.region.clone(),
        status,
        removed: Vec::new(),
        retained: Vec::new(),
        buckets: Vec::new(),
        log_groups: Vec::new(),
        log_groups_elsewhere: Vec::new(),
        stack_id: standing.stack_id.unwrap_or_default(),
        regions: regions.clone(),
    };
    let resources = match resources(environment, stack_name).await {
        // It went while we looked.
        Err(Error::StackAbsent { .. }) => return Ok(None),
        resources => resources?,
    };
    if !resources.is_empty() {
        plan.fill(resources).await?;
    }
    Ok(Some(plan))
}

impl DestroyPlan {
    async fn fill(&mut self, resources: Vec<PlannedResource>) -> Result<(), Error> {
        let environment = self.environment().clone();
        let template = template(&environment, &self.stack_name).await?;
        let mut kept = Vec::new();
        for resource in resources {
            match resource.keeping_policy(&template) {
                Some(policy) => kept.push((resource, policy)),
                None => self.removed.push(resource),
            }
        }
        for (resource, policy) in kept {
            if self.removed.iter().any(|other| resource.is_version_of(other)) {
                self.removed.push(resource);
            } else {
                self.retained.push(resource.retained(policy, &self.region));
            }
        }
        for bucket in self.removed.iter().filter(|resource| resource.resource_type == "AWS::S3::Bucket") {
            self.buckets.push(BucketToEmpty::count(&environment, &bucket.physical_id).await?);
        }
        self.find_log_groups(&template).await
    }

    async fn find_log_groups(&mut self, template: &Value) -> Result<(), Error> {
        let retained = self.retained.iter().map(|kept| &kept.resource);
        let declared = declared(self.removed.iter().chain(retained));
        let candidates = candidates(&self.removed, &declared, template);
        self.log_groups = existing(self.environment(), &candidates).await?;
        for function in edge_functions(&self.region, &self.removed, template) {
            let name = group_of_copies(&function);
            let own = declared.contains(&name).then_some(self.region.as_str());
            self.log_groups.extend(of_copies(&self.regions, &name, own).await?);
            self.log_groups_elsewhere.push(name);
        }
        self.log_groups.sort();
        Ok(())
    }
}

fn allow(environment: &Environment, name: &str, stack: &Stack) -> Result<(), Error> {
    if stack.enable_termination_protection().unwrap_or_default() {
        return Err(Error::TerminationProtected {
            stack: name.to_owned(),
            region: environment.region.clone(),
        });
    }
    match stack.stack_status() {
        Some(StackStatus::ReviewInProgress) | None => Ok(()),
        Some(status) if status.as_str().ends_with("_IN_PROGRESS") => {
            let region = environment.region.clone();
            Err(Error::Busy { stack: name.to_owned(), region, status: status.as_str().to_owned() })
        }
        Some(_) => Ok(()),
    }
}

async fn template(environment: &Environment, stack: &str) -> Result<Value, Error> {
    let request = environment.cloudformation.get_template().stack_name(stack);
    let answer = request.send().await.map_err(environment.failed("cloudformation:GetTemplate"))?;
    let body = answer.template_body.unwrap_or_default();
    serde_json::from_str(&body).map_err(|_| Error::ForeignTemplate { stack: stack.to_owned() })
}
