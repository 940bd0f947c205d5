//! CloudFormation's API as far as it reads: what stands, with names and outputs.
//!
//! Whatever asks CloudFormation about a deployed stack (this toolkit's `outputs`, `seed` and site publishing, the AWS
//! CLI) finds the local one. Nothing can be changed this way: the templates come from the description.

use crate::application::Application;
use crate::evaluate::{Evaluated, stack_id};
use arc_swap::ArcSwap;
use stack_builder_local_core::{Answer, Api, ApiCall, Resource, Response};
use stack_builder_local_iam::query::{Form, QueryError, Xml, answer};
use std::sync::Arc;

const NAMESPACE: &str = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
const VERSION: &str = "2010-05-15";

/// The API over the application as it is now.
pub(crate) struct CloudFormation {
    application: Arc<ArcSwap<Application>>,
    account: String,
    /// When the process began, as CloudFormation writes times.
    since: String,
}

impl Api for CloudFormation {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(std::future::ready(self.answer(&call)))
    }
}

impl CloudFormation {
    pub(crate) fn new(application: Arc<ArcSwap<Application>>, account: String, since: u64) -> Self {
        Self { application, account, since: timestamp(since) }
    }

    fn answer(&self, call: &ApiCall) -> Response {
        let form = match Form::parse(&call.parts, &call.body) {
            Ok(form) => form,
            Err(error) => return error.xml(NAMESPACE),
        };
        let action = form.action();
        let result = match action {
            "DescribeStacks" => self.describe_stacks(&form),
            "ListStacks" => Ok(self.list_stacks()),
            "ListStackResources" => self.list_resources(&form),
            "DescribeStackResource" => self.describe_resource(&form),
            "DescribeStackResources" => self.describe_resources(&form),
            "CreateStack" | "UpdateStack" | "DeleteStack" | "CreateChangeSet" | "ExecuteChangeSet" => {
                Err(invalid("stacks that run locally come from their description; change it, and save"))
            }
            _ => Err(QueryError::unknown_action(action, VERSION)),
        };
        result.map_or_else(|error| error.xml(NAMESPACE), |xml| answer(NAMESPACE, action, xml))
    }

    fn describe_stacks(&self, form: &Form) -> Result<Xml, QueryError> {
        let application = self.application.load();
        let stacks: Vec<_> = match form.get("StackName") {
            Some(name) => vec![self.find(&application, name)?],
            None => application.stacks.iter().collect(),
        };
        Ok(Xml::default().members("Stacks", stacks, |xml, stack| self.stack(xml, stack)))
    }

    fn stack(&self, xml: Xml, stack: &Evaluated) -> Xml {
        let pair = |names: [&'static str; 2]| {
            move |xml: Xml, (name, value): (&String, &String)| xml.text(names[0], name).text(names[1], value)
        };
        self.head(xml, stack)
            .members("Outputs", &stack.outputs, pair(["OutputKey", "OutputValue"]))
            .members("Parameters", &stack.parameters, pair(["ParameterKey", "ParameterValue"]))
            .members("Tags", &stack.tags, pair(["Key", "Value"]))
    }

    fn head(&self, xml: Xml, stack: &Evaluated) -> Xml {
        xml.text("StackName", &stack.stack_name)
            .text("StackId", &self.id(stack))
            .text("StackStatus", "CREATE_COMPLETE")
            .text("CreationTime", &self.since)
    }

    fn id(&self, stack: &Evaluated) -> String {
        stack_id(&stack.stack_name, &stack.region, &self.account)
    }

    fn list_stacks(&self) -> Xml {
        let application = self.application.load();
        Xml::default().members("StackSummaries", &application.stacks, |xml, stack| self.head(xml, stack))
    }

    fn list_resources(&self, form: &Form) -> Result<Xml, QueryError> {
        let application = self.application.load();
        let stack = self.find(&application, required(form, "StackName")?)?;
        Ok(Xml::default().members("StackResourceSummaries", &stack.resources, |xml, resource| {
            self.resource(xml, resource).text("LastUpdatedTimestamp", &self.since)
        }))
    }

    fn describe_resource(&self, form: &Form) -> Result<Xml, QueryError> {
        let application = self.application.load();
        let stack = self.find(&application, required(form, "StackName")?)?;
        let wanted = required(form, "LogicalResourceId")?;
        let found = stack.resources.iter().find(|resource| resource.id.logical_id == wanted);
        let absent = || invalid(&format!("Resource {wanted} does not exist for stack {}", stack.stack_name));
        let resource = found.ok_or_else(absent)?;
        Ok(Xml::default().nest("StackResourceDetail", |xml| {
            self.resource(self.of_stack(xml, stack), resource).text("LastUpdatedTimestamp", &self.since)
        }))
    }

    fn describe_resources(&self, form: &Form) -> Result<Xml, QueryError> {
        let application = self.application.load();
        let stack = self.find(&application, required(form, "StackName")?)?;
        let wanted = form.get("LogicalResourceId");
        let resources =
            stack.resources.iter().filter(|r| wanted.is_none_or(|wanted| r.id.logical_id == wanted));
        Ok(Xml::default().members("StackResources", resources, |xml, resource| {
            self.resource(self.of_stack(xml, stack), resource).text("Timestamp", &self.since)
        }))
    }

    fn of_stack(&self, xml: Xml, stack: &Evaluated) -> Xml {
        xml.text("StackName", &stack.stack_name).text("StackId", &self.id(stack))
    }

    fn resource(&self, xml: Xml, resource: &Resource) -> Xml {
        xml.text("LogicalResourceId", &resource.id.logical_id)
            .text("PhysicalResourceId", &resource.physical_id)
            .text("ResourceType", &resource.kind)
            .text("ResourceStatus", "CREATE_COMPLETE")
    }

    fn find<'a>(&self, application: &'a Application, name: &str) -> Result<&'a Evaluated, QueryError> {
        let found =
            application.stacks.iter().find(|stack| stack.stack_name == name || self.id(stack) == name);
        found.ok_or_else(|| invalid(&format!("Stack with id {name} does not exist")))
    }
}

fn required<'f>(form: &'f Form, name: &str) -> Result<&'f str, QueryError> {
    form.get(name).ok_or_else(|| invalid(&format!("{name} is missing")))
}

fn invalid(message: &str) -> QueryError {
    QueryError::new(400, "ValidationError", message)
}

/// Milliseconds since 1970 as ISO 8601 has them.
fn timestamp(millis: u64) -> String {
    let (days, seconds) = (millis / 86_400_000, millis / 1000 % 86_400);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", millis % 1000)
}

/// The date of a day since 1970, by the rule of the Gregorian calendar.
fn date(days: u64) -> (u64, u64, u64) {
    let is_leap = |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let (mut year, mut left) = (1970, days);
    while left >= 365 + u64::from(is_leap(year)) {
        left -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    (year, month, left + 1)
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(951_827_696_789), "2000-02-29T12:34:56.789Z");
        assert_eq!(timestamp(1_795_190_400_000), "2026-11-20T16:00:00.000Z");
    }
}
