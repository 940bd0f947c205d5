//! What Amplify reads as YAML: the headers of its answers, and how it builds.

use super::response_headers::SecurityHeaders;
use serde_json::Value as Json;
use stack_builder_cfn::{Node, Value, intrinsic};
use std::fmt;

/// The headers of every answer.
///
/// <https://docs.aws.amazon.com/amplify/latest/userguide/custom-headers.html>
pub(super) fn headers(headers: &SecurityHeaders) -> Value<String> {
    headers.pairs().into_iter().fold(begin(), |yaml, (name, value)| {
        // Within double quotes, which no reference contains.
        let value = match value.node() {
            Node::Text(text) => Value::from_node(Node::text(escaped(text))),
            _ => value,
        };
        let text = format!("${{yaml}}\n      - key: {name}\n        value: \"${{value}}\"");
        intrinsic::sub(&text, [("yaml", yaml), ("value", value)])
    })
}

fn begin() -> Value<String> {
    Value::from_node(Node::text("customHeaders:\n  - pattern: '**'\n    headers:"))
}

/// How a build from a repository goes.
///
/// <https://docs.aws.amazon.com/amplify/latest/userguide/build-settings.html>
pub(super) struct BuildSpec<'a> {
    /// What is published, relative to the repository's root.
    pub(super) folder: &'a str,
    /// What runs before.
    pub(super) commands: &'a [String],
}

impl fmt::Display for BuildSpec<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "version: 1\nfrontend:\n  phases:\n    build:\n      commands:{}", self.none())?;
        for command in self.commands {
            writeln!(f, "        - {}", Json::from(command.as_str()))?;
        }
        writeln!(f, "  artifacts:\n    baseDirectory: {}\n    files: ['**/*']", Json::from(self.folder))
    }
}

impl BuildSpec<'_> {
    fn none(&self) -> &'static str {
        if self.commands.is_empty() { " []" } else { "" }
    }
}

/// `text` for double quotes: JSON's strings are YAML's too.
fn escaped(text: &str) -> String {
    let quoted = Json::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_cfn::IntoValue;

    #[test]
    fn headers_are_quoted() {
        let plain = headers(&SecurityHeaders::default());
        let Node::Text(yaml) = plain.node() else { panic!("{plain:?}") };
        assert!(yaml.starts_with("customHeaders:\n  - pattern: '**'\n    headers:\n      - key: "), "{yaml}");
        assert!(yaml.contains("\n        value: \"default-src 'none'; "), "{yaml}");
        let region = intrinsic::sub("https://*.${AWS::Region}.example.org", []);
        let mixed = headers(&SecurityHeaders { connect_to: vec![region, "https://a.example".into_value()] });
        let mixed = serde_json::to_value(mixed.node()).unwrap();
        let yaml = mixed["Fn::Sub"].as_str().unwrap();
        assert!(yaml.contains(" https://*.${AWS::Region}.example.org https://a.example\"\n"), "{yaml}");
    }

    #[test]
    fn a_build_runs_its_commands_and_publishes_its_folder() {
        let spec = BuildSpec { folder: "site/x", commands: &[] }.to_string();
        assert!(spec.contains("commands: []\n  artifacts:\n    baseDirectory: \"site/x\"\n"), "{spec}");
        let commands = ["echo \"$A\" > a".to_owned()];
        let spec = BuildSpec { folder: "site/x", commands: &commands }.to_string();
        assert!(spec.contains("commands:\n        - \"echo \\\"$A\\\" > a\"\n"), "{spec}");
    }
}
