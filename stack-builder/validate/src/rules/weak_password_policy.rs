//! User pools that take short passwords.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A user pool that takes passwords of fewer than eight characters
    ///
    /// # Why
    /// Passwords of six or seven characters are guessed in hours once their hashes leak. Eight is the least that
    /// NIST SP 800-63B asks for, and Cognito's own default.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Users:
    ///     Type: AWS::Cognito::UserPool
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///     Properties:
    ///       Policies:
    ///         PasswordPolicy: {MinimumLength: 6}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Users:
    ///     Type: AWS::Cognito::UserPool
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///     Properties:
    ///       Policies:
    ///         PasswordPolicy: {MinimumLength: 12}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-policies.html>
    "weak-password-policy", Warning, check
}

const LEAST: f64 = 8.0;

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for pool in model.of_type("AWS::Cognito::UserPool") {
        let lengths = pool.values("Policies.PasswordPolicy.MinimumLength").into_iter();
        for place in lengths.filter(|place| Place::number(*place).is_some_and(|length| length < LEAST)) {
            findings.report(
                place,
                format!("the user pool `{}` takes passwords of fewer than {LEAST} characters", pool.id),
                format!("set `MinimumLength` to {LEAST} or more"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn eight_is_enough() {
        let pool = |length| {
            format!(
                "Resources:\n  U:\n    Type: AWS::Cognito::UserPool\n    Properties: {{Policies: {{PasswordPolicy: {{MinimumLength: {length}}}}}}}\n"
            )
        };
        let found = "4:61 the user pool `U` takes passwords of fewer than 8 characters";
        check(RULE, &pool("7"), &[found]);
        check(RULE, &pool("'6'"), &[found]);
        check(RULE, &pool("8"), &[]);
        check(RULE, &pool("!Ref Length"), &[]);
    }
}
