//! Log groups that keep everything for ever.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A log group that never forgets
    ///
    /// # Why
    /// Without `RetentionInDays` CloudWatch keeps every line for ever and charges for it every month; what is logged
    /// about people is then kept for ever too.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Log:
    ///     Type: AWS::Logs::LogGroup
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Log:
    ///     Type: AWS::Logs::LogGroup
    ///     Properties:
    ///       RetentionInDays: 30
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html>
    "log-group-without-retention", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for group in model.of_type("AWS::Logs::LogGroup") {
        // A delivery log group has a retention of its own.
        if group.property("RetentionInDays").is_none() && !group.may_be("LogGroupClass", "DELIVERY") {
            findings.report_key(
                group.place,
                format!("the log group `{}` keeps every line for ever", group.id),
                "set `RetentionInDays`, such as 30",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn a_retention_may_be_a_function() {
        let template = "\
Resources:
  Kept:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: !Ref Days}
  Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: a
  Delivery:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupClass: DELIVERY}
";
        check(RULE, template, &["5:3 the log group `Log` keeps every line for ever"]);
    }
}
