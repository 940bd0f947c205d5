//! What is asked of CloudFormation: one change set, made, awaited and read.

use crate::backoff::Backoff;
use crate::change_set::delete;
use crate::digest::hex_sha256;
use crate::findings::findings;
use crate::parameters::ParameterValue;
use crate::template::TemplateSource;
use crate::{Change, ChangeSet, ChangeSetKind, Environment, Error};
use aws_sdk_cloudformation::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_cloudformation::operation::create_change_set::builders::CreateChangeSetFluentBuilder;
use aws_sdk_cloudformation::operation::create_change_set::{CreateChangeSetError, CreateChangeSetOutput};
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{Capability, ChangeSetStatus, ChangeSetType, Tag};
use std::collections::BTreeMap;

/// Everything that makes a change set, apart from where.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) stack_name: &'a str,
    pub(crate) body: String,
    pub(crate) tags: &'a BTreeMap<String, String>,
    /// Those that do not take their default, sorted by name.
    pub(crate) parameters: Vec<(String, ParameterValue)>,
    pub(crate) kind: ChangeSetKind,
    /// When the stack changed last; empty before its creation.
    pub(crate) since: String,
    /// Whether named resources that exist already come under the stack.
    pub(crate) import_existing: bool,
}

impl Request<'_> {
    /// Makes the change set; `None` when there is nothing to change.
    pub(crate) async fn send(self, environment: &Environment) -> Result<Option<ChangeSet>, Error> {
        let name = self.change_set_name();
        let template = TemplateSource::place(environment, self.stack_name, self.body.clone()).await?;
        let created = self.create(environment, &name, &template).await?;
        let mut change_set = ChangeSet {
            stack_name: self.stack_name.to_owned(),
            region: environment.region.clone(),
            name,
            kind: self.kind,
            changes: Vec::new(),
            id: created.id.unwrap_or_default(),
            stack_id: created.stack_id.unwrap_or_default(),
            alone: self.kind == ChangeSetKind::Create,
            environment: environment.clone(),
        };
        let described = awaited(environment, &change_set.id).await?;
        if described.status() == Some(&ChangeSetStatus::CreateComplete) {
            change_set.changes = all_changes(environment, described).await?;
            return Ok(Some(change_set));
        }
        fruitless(environment, change_set, described.status_reason().unwrap_or_default()).await
    }

    /// The same template, tags and parameters on the same state give the same name, so that runs that are killed leave at most
    /// one behind, and an executed change set is not in the way of the next.
    fn change_set_name(&self) -> String {
        let mut text = format!("{}\n{}", self.since, self.body);
        for (key, value) in self.tags {
            text.extend(["\n", key, "=", value]);
        }
        for (name, value) in &self.parameters {
            text = format!("{text}\n{name}={value:?}");
        }
        format!("stack-builder-{}", &hex_sha256(text.as_bytes())[..16])
    }

    async fn create(
        &self,
        environment: &Environment,
        name: &str,
        template: &TemplateSource,
    ) -> Result<CreateChangeSetOutput, Error> {
        let mut backoff = Backoff::new();
        loop {
            match self.builder(environment, name, template).send().await {
                Ok(created) => return Ok(created),
                // A left-over of a run that was killed.
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(CreateChangeSetError::is_already_exists_exception) =>
                {
                    delete_by_name(environment, self.stack_name, name).await?;
                    backoff.pause().await;
                }
                Err(error) => return Err(self.refusal(environment, error)),
            }
        }
    }

    /// A template that CloudFormation cannot read is refused at once, without a change set.
    fn refusal(&self, environment: &Environment, error: SdkError<CreateChangeSetError>) -> Error {
        match (error.code(), error.message()) {
            (Some("ValidationError"), Some(reason)) => Error::Refused {
                stack: self.stack_name.to_owned(),
                reason: reason.to_owned(),
                findings: Vec::new(),
            },
            _ => environment.failed("cloudformation:CreateChangeSet")(error),
        }
    }

    fn builder(
        &self,
        environment: &Environment,
        name: &str,
        template: &TemplateSource,
    ) -> CreateChangeSetFluentBuilder {
        let builder = environment.cloudformation.create_change_set();
        let builder = match template {
            TemplateSource::Body(body) => builder.template_body(body),
            TemplateSource::Url(url) => builder.template_url(url),
        };
        let kind = match self.kind {
            ChangeSetKind::Create => ChangeSetType::Create,
            ChangeSetKind::Update => ChangeSetType::Update,
        };
        let capabilities =
            [Capability::CapabilityIam, Capability::CapabilityNamedIam, Capability::CapabilityAutoExpand];
        let tags =
            self.tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
        builder
            .stack_name(self.stack_name)
            .change_set_name(name)
            .change_set_type(kind)
            .set_capabilities(Some(capabilities.to_vec()))
            .set_tags(Some(tags))
            .set_parameters(Some(self.parameters.iter().map(|(name, value)| value.named(name)).collect()))
            .set_import_existing_resources(self.import_existing.then_some(true))
    }
}

async fn delete_by_name(environment: &Environment, stack: &str, name: &str) -> Result<(), Error> {
    let request = environment.cloudformation.delete_change_set().stack_name(stack).change_set_name(name);
    request.send().await.map(drop).map_err(environment.failed("cloudformation:DeleteChangeSet"))
}

async fn describe(
    environment: &Environment,
    id: &str,
    next: Option<String>,
) -> Result<DescribeChangeSetOutput, Error> {
    let request = environment.cloudformation.describe_change_set().change_set_name(id).set_next_token(next);
    request.send().await.map_err(environment.failed("cloudformation:DescribeChangeSet"))
}

async fn awaited(environment: &Environment, id: &str) -> Result<DescribeChangeSetOutput, Error> {
    let mut backoff = Backoff::new();
    loop {
        let described = describe(environment, id, None).await?;
        match described.status() {
            Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress) => backoff.pause().await,
            _ => return Ok(described),
        }
    }
}

async fn all_changes(
    environment: &Environment,
    first: DescribeChangeSetOutput,
) -> Result<Vec<Change>, Error> {
    let id = first.change_set_id().unwrap_or_default().to_owned();
    let mut changes: Vec<Change> = first.changes().iter().filter_map(Change::read).collect();
    let mut next = first.next_token;
    while let Some(token) = next.take().filter(|token| !token.is_empty()) {
        let page = describe(environment, &id, Some(token)).await?;
        changes.extend(page.changes().iter().filter_map(Change::read));
        next = page.next_token;
    }
    Ok(changes)
}

/// Clears a failed change set away and says whether it failed for want of changes.
async fn fruitless(
    environment: &Environment,
    change_set: ChangeSet,
    reason: &str,
) -> Result<Option<ChangeSet>, Error> {
    if says_no_changes(reason) {
        delete(environment, &change_set.id).await?;
        return Ok(None);
    }
    let findings = findings(environment, &change_set, reason).await;
    let stack = change_set.stack_name.clone();
    change_set.discard().await?;
    Err(Error::Refused { stack, reason: reason.to_owned(), findings })
}

/// CloudFormation has no status for "nothing to do", only these sentences.
fn says_no_changes(reason: &str) -> bool {
    ["didn't contain changes", "No updates are to be performed"].iter().any(|text| reason.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(body: &str, tags: &[(&str, &str)]) -> String {
        let tags = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Request {
            stack_name: "s",
            body: body.to_owned(),
            tags: &tags,
            parameters: Vec::new(),
            kind: ChangeSetKind::Create,
            since: String::new(),
            import_existing: false,
        }
        .change_set_name()
    }

    #[test]
    fn the_name_follows_the_content() {
        assert_eq!(name("{}", &[]), name("{}", &[]));
        assert_ne!(name("{}", &[]), name("{ }", &[]));
        assert_ne!(name("{}", &[]), name("{}", &[("a", "b")]));
        assert!(name("{}", &[]).starts_with("stack-builder-"));
    }

    #[test]
    fn want_of_changes_is_told_from_a_failure() {
        assert!(says_no_changes(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        ));
        assert!(says_no_changes("No updates are to be performed."));
        assert!(!says_no_changes(
            "Template error: instance of Fn::GetAtt references undefined resource Table"
        ));
    }
}
