//! The limits of a template, and what its names may be.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

use crate::node::Source;
use crate::resource::LogicalId;
use crate::template::Template;
use stack_builder_assembly::Diagnostic;

/// Resources in a template.
const RESOURCES: usize = 500;
/// Parameters in a template.
const PARAMETERS: usize = 200;
/// Outputs in a template.
const OUTPUTS: usize = 200;
/// Mappings in a template.
const MAPPINGS: usize = 200;
/// Characters in a name.
const NAME: usize = 255;
/// Bytes in the description.
const DESCRIPTION: usize = 1_024;
/// Bytes in the whole template, when it is read from S3.
const TEMPLATE: usize = 1_000_000;

/// What is wrong with a template that makes nothing.
pub(crate) const NO_RESOURCE: &str =
    "the template has no resource, and CloudFormation refuses such a template";

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    let mut limit = |what: &str, count: usize, most: usize, hint: &str| {
        if count > most {
            let message = format!("the template has {count} {what}, {most} are allowed");
            found.push(Diagnostic::error("template-limit", message).hint(hint));
        }
    };
    limit("resources", template.resources.len(), RESOURCES, "split the stack in two");
    limit(
        "parameters",
        template.parameters.len(),
        PARAMETERS,
        "group values into one parameter or a mapping",
    );
    limit("outputs", template.outputs.len(), OUTPUTS, "output only what another stack or a person reads");
    limit("mappings", template.mappings.len(), MAPPINGS, "merge mappings, or choose the value in Rust");
    limit("bytes of description", template.description().len(), DESCRIPTION, "shorten the description");
    // Whoever reads a foreign template has said so, and why.
    if template.resources.is_empty() && template.loops.is_empty() && !template.foreign {
        let diagnostic = Diagnostic::error("template-limit", NO_RESOURCE);
        found.push(diagnostic.hint("add a resource, or leave the stack out"));
    }
    names(template, found);
    shared_names(template, found);
    size(template, found);
}

/// `Ref` cannot tell a parameter from a resource of the same name.
fn shared_names(template: &Template, found: &mut Vec<Diagnostic>) {
    for (id, parameter) in &template.parameters {
        if template.resource(id).is_some() {
            let message = format!("`{id}` is the name of a parameter and of a resource");
            let diagnostic =
                Diagnostic::error("repeated-name", message).at(id.as_str()).caused_by(parameter.source());
            found.push(diagnostic.hint("give one of the two another name; `Ref` could mean either"));
        }
    }
}

fn size(template: &Template, found: &mut Vec<Diagnostic>) {
    let mut count = Counter(0);
    if serde_json::to_writer(&mut count, template).is_ok() && count.0 > TEMPLATE {
        let message =
            format!("the template has {} bytes without white space, {TEMPLATE} are allowed", count.0);
        found.push(Diagnostic::error("template-limit", message).hint("split the stack in two"));
    }
}

/// Counts what is written to it.
struct Counter(usize);

impl std::io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn names(template: &Template, found: &mut Vec<Diagnostic>) {
    let mut name = |kind: &str, id: &LogicalId, source: Source| {
        // AWS's own templates join the names of conditions by an ampersand.
        let joined = id.as_str().replace('&', "");
        let checked = if kind == "condition" { joined.as_str() } else { id.as_str() };
        if let Some(problem) = illegal(checked) {
            let message = format!("the {kind} name `{id}` {problem}");
            found.push(Diagnostic::error("illegal-name", message).at(id.as_str()).caused_by(source));
        }
    };
    for resource in &template.resources {
        name("resource", &resource.id, resource.definition.properties.source());
    }
    for (id, properties) in &template.parameters {
        name("parameter", id, properties.source());
    }
    for (id, output) in &template.outputs {
        name("output", id, output.source());
    }
    let others =
        [("condition", &template.conditions), ("rule", &template.rules), ("mapping", &template.mappings)];
    for (kind, elements) in others {
        for (id, (_, source)) in elements {
            name(kind, id, source);
        }
    }
}

fn illegal(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".to_owned());
    }
    if name.len() > NAME {
        return Some(format!("has {} characters, {NAME} are allowed", name.len()));
    }
    let odd = name.chars().find(|c| !c.is_ascii_alphanumeric())?;
    Some(format!("holds {odd:?}, only letters and digits are allowed"))
}
