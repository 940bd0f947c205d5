//! Sign-in that comes back over plain HTTP.

use super::common::text::written;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A callback address of a user pool client without TLS
    ///
    /// # Why
    /// The address bears the code for which tokens are handed out. Cognito refuses `http:` for every host but the
    /// machine of the developer, so the deployment fails.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Client:
    ///     Type: AWS::Cognito::UserPoolClient
    ///     Properties:
    ///       UserPoolId: eu-central-1_example
    ///       CallbackURLs: ["http://app.example.com/"]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Client:
    ///     Type: AWS::Cognito::UserPoolClient
    ///     Properties:
    ///       UserPoolId: eu-central-1_example
    ///       CallbackURLs: ["https://app.example.com/", "http://localhost:8000/"]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html>
    "insecure-callback", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let paths = ["CallbackURLs.*", "LogoutURLs.*", "DefaultRedirectURI"];
    for client in model.of_type("AWS::Cognito::UserPoolClient") {
        for place in paths.into_iter().flat_map(|path| client.values(path)) {
            if let Some(host) = written(place).as_deref().and_then(plain_host) {
                findings.report(
                    place,
                    format!(
                        "Cognito refuses plain HTTP to `{host}`, which would show sign-in codes to others"
                    ),
                    "use `https:`; plain `http:` is for `localhost` only",
                );
            }
        }
    }
}

/// The host of an `http:` address, if it is known and another machine.
fn plain_host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("http://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let own = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| authority.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')));
    (!own && !authority.contains('$')).then_some(authority)
}

#[cfg(test)]
mod tests {
    use super::{RULE, plain_host};
    use crate::testing::check;

    #[test]
    fn hosts() {
        assert_eq!(plain_host("http://a.example/b"), Some("a.example"));
        assert_eq!(plain_host("http://localhost.example"), Some("localhost.example"));
        for fine in [
            "https://a.example",
            "http://localhost",
            "http://localhost:80/",
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://${Host}/",
            "app://x",
        ] {
            assert_eq!(plain_host(fine), None, "{fine}");
        }
    }

    #[test]
    fn all_addresses_of_a_client_are_seen() {
        let template = "\
Resources:
  C:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      CallbackURLs:
        - http://a.example
      LogoutURLs: [!Sub 'http://b.example/${AWS::Region}', !Ref Url]
";
        let expect = [
            "6:11 Cognito refuses plain HTTP to `a.example`, which would show sign-in codes to others",
            "7:20 Cognito refuses plain HTTP to `b.example`, which would show sign-in codes to others",
        ];
        check(RULE, template, &expect);
    }
}
