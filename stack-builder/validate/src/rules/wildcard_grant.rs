//! Roles that may do everything to everything.

use super::common::policy::{Kind, statements};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A grant of all actions of a service on everything
    ///
    /// # Why
    /// `dynamodb:*` on `*` lets a function that reads one table delete every table of the account, and so does whoever
    /// finds a hole in it. Name the actions that are needed, and what they are needed on.
    ///
    /// Services whose actions take no resource are left alone, and so are policies that also deny something, such as
    /// permissions boundaries, and statements with a condition.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   MayList:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - {Effect: Allow, Action: "dynamodb:*", Resource: "*"}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   MayList:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - Effect: Allow
    ///             Action: dynamodb:Query
    ///             Resource: arn:aws:dynamodb:eu-central-1:111122223333:table/items
    ///           - {Effect: Allow, Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*"}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege>
    "wildcard-grant", Warning, check
}

/// Services of which no action takes a resource, so that `*` is all that can be written.
const WITHOUT_RESOURCES: [&str; 13] = [
    "autoscaling-plans",
    "comprehendmedical",
    "compute-optimizer",
    "discovery",
    "ec2messages",
    "inspector-scan",
    "lakeformation",
    "pricing",
    "route53domains",
    "ssmmessages",
    "support",
    "tag",
    "user-subscriptions",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for statement in statements(model).iter().filter(|statement| statement.kind == Kind::Identity) {
        if !statement.allows()
            || statement.has_condition()
            || !statement.is_on_everything()
            || denies(statement.document)
        {
            continue;
        }
        for (action, place) in statement.actions().into_iter().filter(|(action, _)| is_everything(action)) {
            let what =
                if action == "*" { "every action of every service" } else { "every action of the service" };
            findings.report(
                place,
                format!("`{action}` on `*` allows {what} on everything in the account"),
                "name the actions that are needed, and the ARNs that they are needed on",
            );
        }
    }
}

/// Whether another statement takes something away again.
fn denies(document: Place<'_>) -> bool {
    document
        .values("Statement.*.Effect")
        .into_iter()
        .any(|effect| effect.text().is_some_and(|text| text.eq_ignore_ascii_case("Deny")))
}

fn is_everything(action: &str) -> bool {
    match action.split_once(':') {
        None => action == "*",
        Some((service, name)) => name == "*" && !WITHOUT_RESOURCES.contains(&service),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(statement: &str, expect: &[&str]) {
        let start = "Resources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyDocument:\n        Statement: ";
        check(RULE, &format!("{start}[{{Effect: Allow, {statement}}}]\n"), expect);
    }

    #[test]
    fn whole_services() {
        let found = "6:45 `amplify:*` on `*` allows every action of the service on everything in the account";
        with("Action: amplify:*, Resource: '*'", &[found]);
        let found = "6:45 `*` on `*` allows every action of every service on everything in the account";
        with("Action: '*', Resource: ['*']", &[found]);
    }

    #[test]
    fn the_case_of_the_effect_hides_nothing() {
        let template = "Resources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyDocument:\n        Statement: [{Effect: allow, Action: '*', Resource: '*'}]\n";
        let found = "6:45 `*` on `*` allows every action of every service on everything in the account";
        check(RULE, template, &[found]);
    }

    #[test]
    fn what_is_narrower() {
        with("Action: 'amplify:*', Resource: !Ref App", &[]);
        with("Action: 'xray:Put*', Resource: '*'", &[]);
        with("Action: 'ec2messages:*', Resource: '*'", &[]);
        with("Action: '*', Resource: '*', Condition: {}", &[]);
        with("Action: '*', Resource: '*'}, {Effect: Deny, Action: 'iam:*', Resource: '*'", &[]);
    }
}
