//! The generated part of `cfn/Cargo.toml`: one cargo feature a service.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

const BEGIN: &str = "# codegen: begin\n";
const END: &str = "# codegen: end\n";

/// The services a web application needs: the default, so that the default build stays small.
///
/// WAF is left out: it is an eighth as large as all of these together, and few stacks begin with it.
pub(crate) const WEB: [&str; 21] = [
    "amplify",
    "apigateway",
    "apigatewayv2",
    "certificatemanager",
    "cloudfront",
    "cloudwatch",
    "cognito",
    "dynamodb",
    "events",
    "iam",
    "kms",
    "lambda",
    "logs",
    "route53",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
    "xray",
];

/// The features: `default`, `web`, `all`, then every service.
pub(crate) fn block(services: &BTreeSet<String>) -> String {
    let each: String = services.iter().flat_map(|service| [service, " = []\n"]).collect();
    let web = list("web", WEB.iter().copied());
    let all = list("all", services.iter().map(String::as_str));
    format!("default = [\"web\"]\n{web}{all}{each}")
}

fn list<'a>(name: &str, services: impl Iterator<Item = &'a str>) -> String {
    let lines: String = services.flat_map(|service| ["    \"", service, "\",\n"]).collect();
    format!("{name} = [\n{lines}]\n")
}

/// The text with `block` between the two marker comments.
pub(crate) fn replaced(text: &str, block: &str, begin: &str, end: &str) -> Result<String> {
    let (before, rest) =
        text.split_once(begin).with_context(|| format!("there is no line `{}`", begin.trim()))?;
    let (_, after) = rest.split_once(end).with_context(|| format!("there is no line `{}`", end.trim()))?;
    Ok(format!("{before}{begin}{block}{end}{after}"))
}

/// The manifest with the features of these services.
pub(crate) fn manifest(text: &str, services: &BTreeSet<String>) -> Result<String> {
    replaced(text, &block(services), BEGIN, END).context("`cfn/Cargo.toml` has no place for its features")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_what_stands_between_the_markers() {
        let manifest = manifest(
            "[features]\n# codegen: begin\nold = []\n# codegen: end\n\n[x]\n",
            &["s3".to_owned()].into(),
        );
        let manifest = manifest.unwrap();
        assert!(
            manifest.starts_with(
                "[features]\n# codegen: begin\ndefault = [\"web\"]\nweb = [\n    \"amplify\",\n"
            )
        );
        assert!(manifest.ends_with("all = [\n    \"s3\",\n]\ns3 = []\n# codegen: end\n\n[x]\n"));
    }

    #[test]
    fn a_manifest_without_markers_is_an_error() {
        let error = format!("{:#}", manifest("[features]\n", &BTreeSet::new()).unwrap_err());
        assert_eq!(
            error,
            "`cfn/Cargo.toml` has no place for its features: there is no line `# codegen: begin`"
        );
    }
}
