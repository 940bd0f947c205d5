//! CloudFormation's API as far as it reads: what stands, with names and outputs.
//!
//! Whatever asks CloudFormation about a deployed stack (this toolkit's `outputs`, `seed` and site publishing, the AWS
//! CLI) finds the local one. Nothing can be changed this way: the templates come from the description.

use crate::application::Application;
use crate::evaluate::{Evaluated, stack_id};
use arc_swap::ArcSwap;
use stack_builder_local_core::{Answer, Api, ApiCall, Ask, Authorizer, Decision, Resource, Response};
use stack_builder_local_iam::query::{Form, QueryError, Xml, answer};
use std::sync::Arc;

const NAMESPACE: &str = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
const VERSION: &str = "2010-05-15";

/// The API over the application as it is now.
pub(crate) struct CloudFormation {
    application: Arc<ArcSwap<Application>>,
    authorizer: Arc<dyn Authorizer>,
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
    pub(crate) fn new(
        application: Arc<ArcSwap<Application>>,
        authorizer: Arc<dyn Authorizer>,
        account: String,
        since: u64,
    ) -> Self {
        Self { application, authorizer, account, since: timestamp(since) }
    }

    fn answer(&self, call: &ApiCall) -> Response {
        let form = match Form::parse(&call.parts, &call.body) {
            Ok(form) => form,
            Err(error) => return error.xml(NAMESPACE),
        };
        let action = form.action();
        let result = self.permitted(call, &form).and_then(|()| self.act(&form));
        result.map_or_else(|error| error.xml(NAMESPACE), |xml| answer(NAMESPACE, action, xml))
    }

    /// Asks for leave, on the stack that is named, or on all of them.
    fn permitted(&self, call: &ApiCall, form: &Form) -> Result<(), QueryError> {
        let application = self.application.load();
        let stack = form.get("StackName").and_then(|name| self.find(&application, name).ok());
        let resource = stack.map_or_else(|| "*".to_owned(), |stack| self.id(stack));
        let action = format!("cloudformation:{}", form.action());
        match self.authorizer.judge(&Ask::new(&call.caller, &action, &resource)) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => Err(QueryError::new(403, "AccessDenied", message)),
        }
    }

    fn act(&self, form: &Form) -> Result<Xml, QueryError> {
        match form.action() {
            "DescribeStacks" => self.describe_stacks(form),
            "ListStacks" => Ok(self.list_stacks()),
            "ListStackResources" => self.list_resources(form),
            "DescribeStackResource" => self.describe_resource(form),
            "DescribeStackResources" => self.describe_resources(form),
            "CreateStack" | "UpdateStack" | "DeleteStack" | "CreateChangeSet" | "DescribeChangeSet"
            | "ExecuteChangeSet" | "GetTemplate" | "ValidateTemplate" => {
                Err(invalid("stacks that run locally come from their description; change it, and save"))
            }
            action => Err(QueryError::unknown_action(action, VERSION)),
        }
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
            described(xml, resource).text("LastUpdatedTimestamp", &self.since)
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
            described(self.of_stack(xml, stack), resource).text("LastUpdatedTimestamp", &self.since)
        }))
    }

    fn describe_resources(&self, form: &Form) -> Result<Xml, QueryError> {
        let application = self.application.load();
        let stack = self.find(&application, required(form, "StackName")?)?;
        let wanted = form.get("LogicalResourceId");
        let resources =
            stack.resources.iter().filter(|r| wanted.is_none_or(|wanted| r.id.logical_id == wanted));
        Ok(Xml::default().members("StackResources", resources, |xml, resource| {
            described(self.of_stack(xml, stack), resource).text("Timestamp", &self.since)
        }))
    }

    fn of_stack(&self, xml: Xml, stack: &Evaluated) -> Xml {
        xml.text("StackName", &stack.stack_name).text("StackId", &self.id(stack))
    }

    fn find<'a>(&self, application: &'a Application, name: &str) -> Result<&'a Evaluated, QueryError> {
        let found =
            application.stacks.iter().find(|stack| stack.stack_name == name || self.id(stack) == name);
        found.ok_or_else(|| invalid(&format!("Stack with id {name} does not exist")))
    }
}

fn described(xml: Xml, resource: &Resource) -> Xml {
    xml.text("LogicalResourceId", &resource.id.logical_id)
        .text("PhysicalResourceId", &resource.physical_id)
        .text("ResourceType", &resource.kind)
        .text("ResourceStatus", "CREATE_COMPLETE")
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
    use super::*;
    use bytes::Bytes;
    use stack_builder_local_core::{Caller, Trace};

    struct Nobody;

    impl Authorizer for Nobody {
        fn judge(&self, ask: &Ask<'_>) -> Decision {
            Decision::Denied { message: format!("not {}", ask.action), advice: String::new() }
        }
    }

    #[test]
    fn who_may_not_ask_is_not_answered() {
        let application = Arc::new(ArcSwap::from_pointee(Application::default()));
        let api = CloudFormation::new(application, Arc::new(Nobody), "000000000000".to_owned(), 0);
        let (parts, ()) = http::Request::post("/").body(()).expect("a request").into_parts();
        let body = Bytes::from_static(b"Action=DescribeStacks&Version=2010-05-15");
        let (region, trace) = ("eu-west-1".to_owned(), Trace::default());
        let call = ApiCall { caller: Caller::Anonymous, region, parts: Arc::new(parts), body, trace };
        assert_eq!(api.answer(&call).status(), 403);
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(951_827_696_789), "2000-02-29T12:34:56.789Z");
        assert_eq!(timestamp(1_795_190_400_000), "2026-11-20T16:00:00.000Z");
    }
}
