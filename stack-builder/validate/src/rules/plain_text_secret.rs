//! Secrets that everyone who may read the template can read.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A secret in plain text
    ///
    /// # Why
    /// A template is read by many: it lies in a repository, in the bucket of deployments and in the console, and
    /// CloudFormation keeps every version of it. What stands in it is no secret any more. Have Secrets Manager make the
    /// value, and refer to it by `{{resolve:secretsmanager:…}}`, or take it as a parameter with `NoEcho` and no default.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBCluster
    ///     DeletionPolicy: Snapshot
    ///     UpdateReplacePolicy: Snapshot
    ///     Properties:
    ///       Engine: aurora-postgresql
    ///       MasterUsername: admin
    ///       MasterUserPassword: correct-horse
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Database:
    ///     Type: AWS::RDS::DBCluster
    ///     DeletionPolicy: Snapshot
    ///     UpdateReplacePolicy: Snapshot
    ///     Properties:
    ///       Engine: aurora-postgresql
    ///       MasterUsername: admin
    ///       ManageMasterUserPassword: true
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/security-best-practices.html>
    "plain-text-secret", Error, check
}

/// Properties that hold a secret, in lower case and without underscores.
const PROPERTIES: [&str; 17] = [
    "accesstoken",
    "adminpassword",
    "apikeyvalue",
    "authtoken",
    "clientsecret",
    "hectoken",
    "masterpassword",
    "masteruserpassword",
    "oauthtoken",
    "passphrase",
    "password",
    "presharedkey",
    "privatekey",
    "secretaccesskey",
    "secretstring",
    "secrettoken",
    "userpassword",
];

/// Properties that hold a secret at one type only.
const OF_TYPES: [(&str, &str); 3] = [
    ("AWS::ApiGateway::ApiKey", "Value"),
    ("AWS::CodeBuild::SourceCredential", "Token"),
    ("AWS::Pinpoint::GCMChannel", "ApiKey"),
];

const HINT: &str = "keep it in Secrets Manager, and refer to it by `{{resolve:secretsmanager:…}}`";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for (name, parameter) in model.section("Parameters") {
        // Who hides the name of a user with its password has still no secret in it.
        let is_name = ["user", "name"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        let hidden = !is_name && parameter.get("NoEcho").and_then(Place::boolean) == Some(true);
        let default =
            parameter.get("Default").filter(|default| default.literal().is_some_and(|text| !text.is_empty()));
        if let Some(default) = default.filter(|_| hidden) {
            let message = format!(
                "the parameter `{name}` hides its value, and its default stands here for all to read"
            );
            findings.report(
                default,
                message,
                "remove the default, so that whoever deploys must give the value",
            );
        }
    }
    for (type_name, property) in OF_TYPES {
        for (text, place) in model.of_type(type_name).flat_map(|resource| resource.texts(property)) {
            if !text.is_empty() && !text.contains("{{resolve:") && !text.contains("${") {
                findings.report(place, "a secret stands here for all to read", HINT);
            }
        }
    }
    for place in model.root().descendants() {
        if let Some(what) = place.text().and_then(|text| known(text).or_else(|| by_name(place, text))) {
            findings.report(place, format!("{what} stands here for all to read"), HINT);
        }
    }
}

/// What gives itself away by its form.
fn known(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.find_map(|word| {
        let upper = word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let aws = word.len() == 20 && upper && (word.starts_with("AKIA") || word.starts_with("ASIA"));
        // The documentation's own keys end so.
        if aws && !word.ends_with("EXAMPLE") {
            return Some("an access key of AWS");
        }
        let github = word.len() >= 40 && (word.starts_with("ghp_") || word.starts_with("github_pat_"));
        if github {
            return Some("a token of GitHub");
        }
        (word.len() >= 24 && word.starts_with("sk_live_")).then_some("a key of Stripe")
    })
}

/// What its name says to be one.
fn by_name(place: Place<'_>, text: &str) -> Option<&'static str> {
    let key = name(place)?;
    if text.is_empty() || text.contains("{{resolve:") || text.contains("${") || !is_property(place) {
        return None;
    }
    let plain: String = key.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    if place.parent().is_some_and(|around| matches!(around.key(), Some("Variables" | "EnvironmentVariables")))
    {
        return variable(&plain, text).then_some("a secret");
    }
    // The unit of time in which an access token's life is counted.
    let unit = place.parent().and_then(Place::key) == Some("TokenValidityUnits");
    let secret =
        !unit && PROPERTIES.contains(&plain.as_str()) && !(plain == "secretstring" && is_stand_in(text));
    secret.then_some("a secret")
}

/// The key under which the value stands, through the branches of `Fn::If` but no other function.
fn name(place: Place<'_>) -> Option<&str> {
    if let Some(key) = place.key() {
        return Some(key);
    }
    let list = place.parent().filter(|list| list.key() == Some("Fn::If"))?;
    // The first item names the condition.
    if list.items().next() == Some(place) { None } else { name(list.parent()?) }
}

/// Whether the value is one of a resource.
fn is_property(place: Place<'_>) -> bool {
    let path = place.path();
    let inside = path.strip_prefix("Resources.").and_then(|rest| rest.split_once('.'));
    inside.is_some_and(|(_, rest)| rest.starts_with("Properties."))
}

/// Whether the environment variable `name` holds a secret; a name or an ARN of one is none.
fn variable(name: &str, text: &str) -> bool {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let names_one = text.starts_with("arn:") || text.starts_with('/');
    let random = || {
        let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(&b));
        let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
        let hexadecimal = text.len() >= 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        plain && text.len() >= 16 && (mixed || hexadecimal)
    };
    !names_one
        && (ends(&["password", "passwd", "passphrase"])
            || (ends(&["secret", "token", "apikey", "accesskey", "privatekey"]) && random()))
}

/// Whether a secret is made with a text that somebody is to replace.
fn is_stand_in(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.trim() == "{}" || ["placeholder", "replace", "todo"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{RULE, known, variable};
    use crate::testing::check;

    #[track_caller]
    fn with(property: &str, expect: &[&str]) {
        let start = "Resources:\n  R:\n    Type: Custom::Own\n    Properties: ";
        check(RULE, &format!("{start}{{{property}}}\n"), expect);
    }

    const SECRET: &str = "a secret stands here for all to read";

    #[test]
    fn names_of_properties() {
        with("MasterUserPassword: abc", &[&format!("4:38 {SECRET}")]);
        with("ProviderDetails: {client_secret: abc}", &[&format!("4:51 {SECRET}")]);
        with("Password: !If [Test, abc, !Ref Given]", &[&format!("4:39 {SECRET}")]);
        with("SecretString: '{\"a\": 1}'", &[&format!("4:32 {SECRET}")]);
        with("SecretString: '{}'", &[]);
        with("Password: ''", &[]);
        with("Password: !Ref Given", &[]);
        with("Password: '{{resolve:secretsmanager:a}}'", &[]);
        with("Password: !Sub '{{resolve:secretsmanager:${A}}}'", &[]);
        with("PasswordPolicy: {MinimumLength: 8}, SecretArn: abc", &[]);
        with("TokenValidityUnits: {AccessToken: minutes}", &[]);
    }

    #[test]
    fn names_of_variables() {
        with("Environment: {Variables: {DB_PASSWORD: abc}}", &[&format!("4:57 {SECRET}")]);
        assert!(variable("sessionsecret", "q7Zt0PbV3xWm9LcK"));
        assert!(variable("apikey", "0123456789abcdef0123456789abcdef"));
        assert!(!variable("sessionsecret", "captains-log/passwords"));
        assert!(!variable("dbpassword", "/prod/db/password"));
        assert!(!variable("passwordsecret", "arn:aws:secretsmanager:eu-west-1:1:secret:a"));
        assert!(!variable("tokenurl", "q7Zt0PbV3xWm9LcK"));
    }

    #[test]
    fn forms() {
        assert_eq!(known("id=AKIAQWERTYUIOP234567;"), Some("an access key of AWS"));
        assert_eq!(known("AKIAIOSFODNN7EXAMPLE"), None);
        assert_eq!(known("-----BEGIN RSA PRIVATE KEY-----"), Some("a private key"));
        assert_eq!(known("-----BEGIN CERTIFICATE-----"), None);
    }

    #[test]
    fn properties_of_one_type() {
        let with = |value: &str| {
            format!("Resources:\n  K: {{Type: AWS::ApiGateway::ApiKey, Properties: {{Value: {value}}}}}\n")
        };
        check(RULE, &with("q7Zt0PbV3xWm9LcKq7Zt0PbV3xWm"), &[&format!("2:58 {SECRET}")]);
        check(RULE, &with("!Ref Given"), &[]);
        check(RULE, &with("'{{resolve:secretsmanager:a}}'"), &[]);
    }

    #[test]
    fn a_hidden_parameter_has_no_default() {
        let template = "\
Parameters:
  A: {Type: String, NoEcho: true, Default: abc}
  B: {Type: String, NoEcho: true, Default: ''}
  C: {Type: String, NoEcho: true}
  DbUser: {Type: String, NoEcho: true, Default: abc}
";
        let found = "2:44 the parameter `A` hides its value, and its default stands here for all to read";
        check(RULE, template, &[found]);
    }
}
