//! Statements of policies whose effect is none.

use super::common::policy::statements;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A statement of a policy whose effect is neither `Allow` nor `Deny`
    ///
    /// # Why
    /// IAM compares the effect to the letter, upper and lower case included, and refuses the whole policy otherwise.
    /// CloudFormation passes policies on as they are, so this shows only in the middle of a deployment.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   MayRead:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - {Effect: allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*"}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   MayRead:
    ///     Type: AWS::IAM::ManagedPolicy
    ///     Properties:
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*"}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html>
    "policy-effect", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for effect in statements(model).iter().flat_map(|statement| statement.place.values("Effect")) {
        let Some(text) = literal(effect) else { continue };
        let known = ["Allow", "Deny"];
        if known.contains(&text.as_str()) {
            continue;
        }
        let near = known.into_iter().find(|known| known.eq_ignore_ascii_case(&text));
        let hint = near.map_or("write `Allow` or `Deny`".to_owned(), |near| format!("write `{near}`"));
        findings.report(effect, format!("the effect `{text}` is neither `Allow` nor `Deny`"), hint);
    }
}

/// What is known of an effect; CloudFormation resolves what it reads from elsewhere later.
fn literal(effect: Place<'_>) -> Option<String> {
    effect.literal().filter(|text| !text.contains("{{resolve:"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(effect: &str, expect: &[&str]) {
        let start = "Resources:\n  P:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyDocument:\n        Statement: ";
        check(RULE, &format!("{start}[{{Effect: {effect}, Action: 'a:B', Resource: c}}]\n"), expect);
    }

    #[test]
    fn effects_are_compared_to_the_letter() {
        with("Allow", &[]);
        with("Deny", &[]);
        with("!Ref Effect", &[]);
        with("allow", &["6:30 the effect `allow` is neither `Allow` nor `Deny`"]);
        with("!If [A, Allow, DENY]", &["6:45 the effect `DENY` is neither `Allow` nor `Deny`"]);
        with("Permit", &["6:30 the effect `Permit` is neither `Allow` nor `Deny`"]);
        with("on", &["6:30 the effect `true` is neither `Allow` nor `Deny`"]);
    }
}
