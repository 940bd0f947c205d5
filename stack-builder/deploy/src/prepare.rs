//! `prepare`: from an assembly to a change set that waits for an answer.

use crate::outputs::outputs_of;
use crate::parameters;
use crate::request::Request;
use crate::stack::{accepts, describe};
use crate::wanted::Wanted;
use crate::{ChangeSet, ChangeSetKind, Environment, Error, Outputs, Regions};
use crate::{home, owner};
use aws_sdk_cloudformation::types::Stack;
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use std::collections::BTreeMap;

/// What `prepare` found.
#[derive(Debug)]
pub enum Prepared {
    /// The stack is already as described.
    NoChange {
        /// Its outputs.
        outputs: Outputs,
    },
    /// Something would change.
    ChangeSet(Box<ChangeSet>),
}

/// Makes a change set for `stack` of `assembly` where it goes; nothing is applied.
///
/// `parameters` are values by name; those that the template does not declare are passed over. A parameter that is
/// not given keeps the value that the stack has, else takes its default.
///
/// The packaged template is taken when the stack has assets, which [`publish`](crate::publish()) must have uploaded.
/// Three calls: describe the stack, make the change set, look at it until it is ready. A template above 51,200 bytes
/// takes up to three more, for it goes through the asset bucket.
///
/// # Errors
/// When the stack is another application's ([`Error::ForeignStack`]) or that of the application in another region
/// ([`Error::OtherHomeStands`]), its state forbids it
/// ([`Error::MustBeDestroyed`], [`Error::Busy`], [`Error::Stuck`]), a parameter has no value
/// ([`Error::MissingParameters`]), CloudFormation refuses the template ([`Error::Refused`]), or a call fails.
pub async fn prepare(
    regions: &Regions,
    assembly: &CloudAssembly,
    stack: &StackArtifact,
    parameters: &BTreeMap<String, String>,
) -> Result<Prepared, Error> {
    let template = if stack.asset_slots.is_empty() {
        assembly.template(stack)?
    } else {
        assembly.packaged_template(stack)?
    };
    let environment = regions.of(stack);
    let standing = describe(environment, &stack.stack_name).await?;
    if let Some(standing) = &standing {
        owner::check(standing, &environment.region, stack)?;
        home::check(standing, &environment.region, &regions.home().region)?;
    }
    let tags = home::tags(regions, &assembly.manifest, stack);
    let wanted = Wanted { template: &template, tags: &tags, parameters, import_existing: false };
    prepare_template(environment, &stack.stack_name, standing, wanted).await
}

/// The same for any template, over what stands already.
pub(crate) async fn prepare_template(
    environment: &Environment,
    stack_name: &str,
    standing: Option<Stack>,
    wanted: Wanted<'_>,
) -> Result<Prepared, Error> {
    let kind = accepts(&environment.region, stack_name, standing.as_ref())?;
    let since =
        standing.as_ref().filter(|_| kind == ChangeSetKind::Update).map(changed_at).unwrap_or_default();
    let parameters = parameters::resolve(stack_name, &wanted, standing.as_ref())?;
    let Wanted { template, tags, import_existing, .. } = wanted;
    let body = template.to_string();
    let request = Request { stack_name, body, tags, parameters, kind, since, import_existing };
    // The SDK's futures are large; boxed, those of the callers stay small.
    Ok(match Box::pin(request.send(environment)).await? {
        Some(change_set) => Prepared::ChangeSet(Box::new(change_set)),
        None => Prepared::NoChange { outputs: standing.as_ref().map(outputs_of).unwrap_or_default() },
    })
}

fn changed_at(stack: &Stack) -> String {
    stack.last_updated_time().or(stack.creation_time()).map(ToString::to_string).unwrap_or_default()
}
