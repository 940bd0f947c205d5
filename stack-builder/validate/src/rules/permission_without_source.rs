//! Functions that a whole service may call, for whomever it works.

use super::common::text::written;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A permission for a service that does not say on whose behalf
    ///
    /// # Why
    /// A service such as API Gateway or S3 works for every account. Without `SourceArn` (or `SourceAccount`) anyone may
    /// have it call the function: a bucket or an API of a stranger does.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   MayCall:
    ///     Type: AWS::Lambda::Permission
    ///     Properties:
    ///       Action: lambda:InvokeFunction
    ///       FunctionName: list-items
    ///       Principal: apigateway.amazonaws.com
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   MayCall:
    ///     Type: AWS::Lambda::Permission
    ///     Properties:
    ///       Action: lambda:InvokeFunction
    ///       FunctionName: list-items
    ///       Principal: apigateway.amazonaws.com
    ///       SourceArn: arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4/*/GET/items
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>
    "permission-without-source", Warning, check
}

/// Services that say on whose behalf they call, and that anyone can have call.
const SERVICES: [&str; 8] =
    ["apigateway", "cognito-idp", "events", "iot", "lambda.alarms.cloudwatch", "s3", "ses", "sns"];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let said = ["EventSourceToken", "PrincipalOrgID", "SourceAccount", "SourceArn"];
    for permission in model.of_type("AWS::Lambda::Permission") {
        let Some(principal) = permission.property("Principal") else { continue };
        let Some(name) = written(principal) else { continue };
        let open = said.iter().all(|name| permission.property(name).is_none());
        let service = name.strip_suffix(".amazonaws.com").or_else(|| name.strip_suffix(".${AWS::URLSuffix}"));
        if open && service.is_some_and(|service| SERVICES.contains(&service)) {
            findings.report(
                principal,
                format!("`{name}` may call the function on behalf of anyone, in any account"),
                "set `SourceArn` to the ARN of what calls, or `SourceAccount` to your account",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(properties: &str, expect: &[&str]) {
        let start = "Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties: ";
        check(RULE, &format!("{start}{{{properties}}}\n"), expect);
    }

    #[test]
    fn a_source_or_an_account_is_enough() {
        let found = "4:29 `s3.amazonaws.com` may call the function on behalf of anyone, in any account";
        with("Principal: s3.amazonaws.com", &[found]);
        with("Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId", &[]);
        with("Principal: s3.amazonaws.com, SourceArn: !GetAtt B.Arn", &[]);
    }

    #[test]
    fn accounts_and_services_without_sources_are_left() {
        with("Principal: '111122223333'", &[]);
        with("Principal: !Ref Account", &[]);
        // The target group is made after the permission, so its ARN cannot be named here.
        with("Principal: elasticloadbalancing.amazonaws.com", &[]);
    }
}
