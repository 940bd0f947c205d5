//! What Lambda@Edge does not take of a Lambda function.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html> and
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge>

use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::{Entry, Node, Object};

/// The only region that edge functions are copied from.
pub(super) const EDGE_REGION: &str = "us-east-1";

/// Seconds that a call may take.
const TIMEOUT: i64 = 30;
/// Seconds that a call for a viewer event may take where the older limits hold.
pub(super) const VIEWER_TIMEOUT: i64 = 5;
/// MB that a function for a viewer event may have where the older limits hold.
pub(super) const VIEWER_MEMORY: i64 = 128;

/// Properties that Lambda@Edge does not know, and what to do without each.
const UNKNOWN: &[(&str, &str)] = &[
    ("DeadLetterConfig", "a failed call is answered with status 502 or 503; nothing is queued"),
    ("Environment", "bake what it must know with `config`"),
    ("FileSystemConfigs", "bake what it must know with `config`"),
    ("ImageConfig", "its code is an archive"),
    ("KmsKeyArn", "its archive is encrypted by Lambda's own key"),
    ("Layers", "its archive holds all of it"),
    ("TracingConfig", "X-Ray does not follow a request into the edge"),
    ("VpcConfig", "let it ask a public endpoint"),
];

/// Which events a function handles, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origins {
    /// Only those between CloudFront and the origin.
    Only,
    /// Perhaps those between viewers and CloudFront too, whose limits used to be lower.
    PerhapsViewers,
}

/// What is wrong with a function of these properties, each finding at the line that set the property.
pub(super) fn check(properties: &Object, origins: Origins) -> Vec<Diagnostic> {
    let findings = properties.entries().iter().filter_map(|entry| finding(entry, origins).zip(Some(entry)));
    findings.map(|(finding, entry)| finding.caused_by(entry.source)).collect()
}

fn finding(entry: &Entry, origins: Origins) -> Option<Diagnostic> {
    let viewers = origins == Origins::PerhapsViewers;
    match (&*entry.key, &entry.node) {
        ("Timeout", Node::Int(seconds)) if *seconds > TIMEOUT => {
            let message =
                format!("an edge function has {TIMEOUT} seconds at most, and this one asks for {seconds}");
            Some(Diagnostic::error("edge-limit", message).hint("do the rest behind an API"))
        }
        ("Timeout", Node::Int(seconds)) if viewers && *seconds > VIEWER_TIMEOUT => {
            Some(older_limit(&format!("{VIEWER_TIMEOUT} seconds"), &seconds.to_string()))
        }
        ("MemorySize", Node::Int(megabytes)) if viewers && *megabytes > VIEWER_MEMORY => {
            Some(older_limit(&format!("{VIEWER_MEMORY} MB"), &megabytes.to_string()))
        }
        ("Architectures", Node::List(names)) if names.iter().any(|name| is(name, "arm64")) => {
            let message = "an edge function runs on x86_64 only";
            Some(Diagnostic::error("edge-limit", message).hint("leave the architecture out"))
        }
        ("Runtime", Node::Text(name)) if !name.starts_with("python") && !name.starts_with("nodejs") => {
            let message = format!("Lambda@Edge has no runtime `{name}`");
            Some(Diagnostic::error("edge-limit", message).hint("leave the runtime out"))
        }
        ("EphemeralStorage", Node::Object(storage))
            if matches!(storage.get("Size"), Some(Node::Int(513..))) =>
        {
            let message = "an edge function has 512 MB of storage";
            Some(Diagnostic::error("edge-limit", message).hint("leave the storage out"))
        }
        (key, _) => {
            let (_, hint) = UNKNOWN.iter().find(|(unknown, _)| *unknown == key)?;
            Some(Diagnostic::error("edge-limit", format!("Lambda@Edge does not know `{key}`")).hint(*hint))
        }
    }
}

fn older_limit(limit: &str, asked: &str) -> Diagnostic {
    let message = format!("some accounts give {limit} for viewer events, and this function asks for {asked}");
    let hint = "ask for less, or say `origin_events_only` when it handles no viewer event";
    Diagnostic::warning("edge-limit", message).hint(hint)
}

fn is(node: &Node, text: &str) -> bool {
    matches!(node, Node::Text(found) if found == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::Severity::{Error, Warning};

    #[track_caller]
    fn check_one(key: &'static str, node: Node, viewer: &[stack_builder_assembly::Severity], origin: usize) {
        let properties = Object::new().with(key, node);
        let found = check(&properties, Origins::PerhapsViewers);
        assert_eq!(found.iter().map(|finding| finding.severity).collect::<Vec<_>>(), viewer, "{key}");
        assert_eq!(check(&properties, Origins::Only).len(), origin, "{key}");
    }

    #[test]
    fn limits_are_exact() {
        check_one("Timeout", Node::Int(5), &[], 0);
        check_one("Timeout", Node::Int(6), &[Warning], 0);
        check_one("Timeout", Node::Int(30), &[Warning], 0);
        check_one("Timeout", Node::Int(31), &[Error], 1);
        check_one("MemorySize", Node::Int(128), &[], 0);
        check_one("MemorySize", Node::Int(129), &[Warning], 0);
        check_one("Architectures", Node::List(vec![Node::text("x86_64")]), &[], 0);
        check_one("Architectures", Node::List(vec![Node::text("arm64")]), &[Error], 1);
        let storage = |size| Node::Object(Object::new().with("Size", Node::Int(size)));
        check_one("EphemeralStorage", storage(512), &[], 0);
        check_one("EphemeralStorage", storage(513), &[Error], 1);
        check_one("Runtime", Node::text("python3.13"), &[], 0);
        check_one("Runtime", Node::text("provided.al2023"), &[Error], 1);
        check_one("Layers", Node::List(vec![]), &[Error], 1);
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(UNKNOWN.is_sorted_by_key(|(key, _)| *key));
    }
}
