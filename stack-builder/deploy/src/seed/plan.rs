//! `plan_seed`: what would be loaded where, before anything is.

use super::document::{Document, User};
use super::hidden::Hidden;
use super::mistakes::Mistakes;
use super::password::Policy;
use super::{SeedError, secrets, tables, users};
use crate::resources::resources;
use crate::{Environment, Error, PlannedResource};
use serde_json::Value;
use std::collections::BTreeMap;

const TABLE: &str = "AWS::DynamoDB::Table";
const SECRET: &str = "AWS::SecretsManager::Secret";
const USER_POOL: &str = "AWS::Cognito::UserPool";

/// What would be loaded. Show it, then [`execute`](SeedPlan::execute) it or let it drop.
#[derive(Debug)]
pub struct SeedPlan {
    /// The stack's name in CloudFormation.
    pub stack_name: String,
    /// Each table, secret and user pool that receives something, in this order, by logical id.
    pub planned: Vec<PlannedSeed>,
    work: Vec<Work>,
    environment: Environment,
}

/// What one resource would receive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSeed {
    /// The resource.
    pub resource: PlannedResource,
    /// Items of a table, users of a user pool; 1 for a secret.
    pub count: usize,
}

#[derive(Debug)]
enum Work {
    Items(Vec<Value>),
    Secret(Hidden),
    Users(Vec<User>),
}

/// One step of the loading.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SeedStep {
    /// The items of a table are in it.
    Table {
        /// The table.
        logical_id: String,
        /// How many items.
        items: usize,
    },
    /// A secret has its value.
    Secret {
        /// The secret.
        logical_id: String,
        /// Whether it had another value before, or none.
        changed: bool,
    },
    /// A user can sign in.
    User {
        /// The user pool.
        logical_id: String,
        /// The user's name.
        name: String,
        /// Whether the user was made just now.
        is_new: bool,
    },
}

/// Reads `text`, the content of `file`, as far as that tells whether it can be loaded; no call.
///
/// # Errors
/// [`Error::Seed`] for a mistake in the file.
pub fn check_seed(file: &str, text: &str) -> Result<(), Error> {
    Document::parse(file, text)?;
    Ok(())
}

/// Reads `text`, the content of `file`, and looks at what the stack has; changes nothing.
///
/// One call for each 100 resources of the stack, and one for each table and user pool.
///
/// # Errors
/// [`Error::Seed`] for a mistake in the file, [`Error::StackAbsent`], or what a call came back with.
pub async fn plan_seed(
    environment: &Environment,
    stack_name: &str,
    file: &str,
    text: &str,
) -> Result<SeedPlan, Error> {
    let document = Document::parse(file, text)?;
    let resources = resources(environment, stack_name).await?;
    let by_id = |resource: PlannedResource| (resource.logical_id.clone(), resource);
    let resources = resources.into_iter().map(by_id).collect();
    let known = Known { file, stack: stack_name, resources: &resources };
    let mut plan = SeedPlan {
        stack_name: stack_name.to_owned(),
        planned: Vec::new(),
        work: Vec::new(),
        environment: environment.clone(),
    };
    // All names first: they cost no call.
    known.check(&document)?;
    let mut mistakes = Mistakes::new(file);
    for (id, items) in document.tables {
        let table = known.find("tables", &id, TABLE)?;
        let keys = tables::keys(environment, &table.physical_id).await?;
        match keys.accept(&items) {
            Ok(items) => plan.add(table, items.len(), Work::Items(items)),
            Err(faults) => faults
                .into_iter()
                .for_each(|(n, problem)| mistakes.note((format!("tables.{id}[{n}]"), problem))),
        }
    }
    for (id, value) in document.secrets {
        plan.add(known.find("secrets", &id, SECRET)?, 1, Work::Secret(value));
    }
    for (id, users) in document.users {
        let pool = known.find("users", &id, USER_POOL)?;
        let policy = Policy::read(environment, &pool.physical_id).await?;
        for (n, user) in users.iter().enumerate() {
            if let Some(problem) = policy.fault(&user.password) {
                mistakes.note((format!("users.{id}[{n}].password"), problem));
            }
        }
        plan.add(pool, users.len(), Work::Users(users));
    }
    mistakes.finish()?;
    Ok(plan)
}

impl SeedPlan {
    fn add(&mut self, resource: &PlannedResource, count: usize, work: Work) {
        self.planned.push(PlannedSeed { resource: resource.clone(), count });
        self.work.push(work);
    }

    /// Loads everything, one resource after another, and reports each step.
    ///
    /// # Errors
    /// What a call came back with; what was loaded by then stays, and doing it again does the rest.
    pub async fn execute(self, mut report: impl FnMut(SeedStep)) -> Result<(), Error> {
        for (PlannedSeed { resource, .. }, work) in self.planned.into_iter().zip(self.work) {
            load(&self.environment, resource, work, &mut report).await?;
        }
        Ok(())
    }
}

async fn load(
    environment: &Environment,
    resource: PlannedResource,
    work: Work,
    report: &mut impl FnMut(SeedStep),
) -> Result<(), Error> {
    let PlannedResource { logical_id, physical_id, .. } = resource;
    match work {
        Work::Items(items) => {
            let count = items.len();
            tables::load(environment, &physical_id, items).await?;
            report(SeedStep::Table { logical_id, items: count });
        }
        Work::Secret(value) => {
            let changed = secrets::set(environment, &physical_id, &value).await?;
            report(SeedStep::Secret { logical_id, changed });
        }
        Work::Users(users) => {
            for user in users {
                let is_new = users::set(environment, &physical_id, &user).await?;
                report(SeedStep::User { logical_id: logical_id.clone(), name: user.name, is_new });
            }
        }
    }
    Ok(())
}

/// What the file can mean.
struct Known<'a> {
    file: &'a str,
    stack: &'a str,
    resources: &'a BTreeMap<String, PlannedResource>,
}

impl<'a> Known<'a> {
    fn check(&self, document: &Document) -> Result<(), SeedError> {
        let tables = document.tables.keys().map(|id| ("tables", id, TABLE));
        let secrets = document.secrets.keys().map(|id| ("secrets", id, SECRET));
        let users = document.users.keys().map(|id| ("users", id, USER_POOL));
        let mut mistakes = Mistakes::new(self.file);
        for (section, id, wanted) in tables.chain(secrets).chain(users) {
            mistakes.take_known(self.find(section, id, wanted));
        }
        mistakes.finish()
    }

    fn find(&self, section: &str, id: &str, wanted: &'static str) -> Result<&'a PlannedResource, SeedError> {
        let of_type = self.resources.values().filter(|resource| resource.resource_type == wanted);
        let known = || of_type.map(|resource| resource.logical_id.clone()).collect();
        let (file, place) = (self.file.to_owned(), format!("{section}.{id}"));
        match self.resources.get(id) {
            None => {
                let stack = self.stack.to_owned();
                Err(SeedError::NoResource { file, place, stack, known: known() })
            }
            Some(resource) if resource.resource_type != wanted => {
                let found = resource.resource_type.clone();
                Err(SeedError::WrongType { file, place, found, wanted, known: known() })
            }
            Some(resource) => Ok(resource),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(id: &str, kind: &str) -> (String, PlannedResource) {
        let (logical_id, resource_type) = (id.to_owned(), kind.to_owned());
        (id.to_owned(), PlannedResource { logical_id, physical_id: "p".to_owned(), resource_type })
    }

    #[track_caller]
    fn check(document: &str, message: &str, hint: &str) {
        let resources = [resource("Logs", TABLE), resource("Passwords", SECRET)].into();
        let known = Known { file: "seed.json", stack: "notes-dev", resources: &resources };
        let error = known.check(&Document::parse("seed.json", document).unwrap()).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.hint().as_str()), (message, hint));
    }

    #[test]
    fn a_name_that_the_stack_does_not_have_is_refused_with_those_it_has() {
        check(
            r#"{"tables": {"Log": []}}"#,
            "`seed.json` at `tables.Log`: stack `notes-dev` has no resource of this name",
            "of this type the stack has `Logs`",
        );
        check(
            r#"{"tables": {"Logs": []}, "secrets": {"Logs": "x"}}"#,
            "`seed.json` at `secrets.Logs`: the resource is of type AWS::DynamoDB::Table, not AWS::SecretsManager::Secret",
            "of this type the stack has `Passwords`",
        );
        check(
            r#"{"users": {"Users": []}}"#,
            "`seed.json` at `users.Users`: stack `notes-dev` has no resource of this name",
            "the stack has no such resource; deploy the stack that this file belongs to",
        );
    }
}
