//! User pool clients that hand out tokens in the address line.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A user pool client that allows the implicit grant
    ///
    /// # Why
    /// The implicit grant puts tokens into the address of a page, where the history, logs and every script can read
    /// them, and it gives no refresh token. OAuth 2.1 has dropped it: the code grant with PKCE serves pages as well.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Client:
    ///     Type: AWS::Cognito::UserPoolClient
    ///     Properties:
    ///       UserPoolId: eu-central-1_example
    ///       AllowedOAuthFlows: [implicit]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Client:
    ///     Type: AWS::Cognito::UserPoolClient
    ///     Properties:
    ///       UserPoolId: eu-central-1_example
    ///       AllowedOAuthFlows: [code]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoint-oauth-grants.html>
    "implicit-grant", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for client in model.of_type("AWS::Cognito::UserPoolClient") {
        for (_, place) in
            client.texts("AllowedOAuthFlows.*").into_iter().filter(|(flow, _)| *flow == "implicit")
        {
            findings.report(
                place,
                "the implicit grant puts tokens into addresses, where logs and scripts can read them",
                "allow `code` instead, and have the page use PKCE",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn other_grants_are_fine() {
        let client = |flows| {
            format!(
                "Resources:\n  C:\n    Type: AWS::Cognito::UserPoolClient\n    Properties:\n      AllowedOAuthFlows: {flows}\n"
            )
        };
        let message = "the implicit grant puts tokens into addresses, where logs and scripts can read them";
        check(RULE, &client("[code, implicit]"), &[&format!("5:33 {message}")]);
        check(RULE, &client("!If [Old, [implicit], [code]]"), &[&format!("5:37 {message}")]);
        check(RULE, &client("[code, client_credentials, !Ref Flow]"), &[]);
    }
}
