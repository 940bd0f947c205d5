//! What can be told to be wrong with a template before anyone deploys it.

mod constraints;
mod limits;
mod references;
mod rules;

use crate::template::Template;
use stack_builder_assembly::Diagnostic;

/// Every finding, in a fixed order: names and limits, references, then properties resource by resource.
pub(crate) fn check(template: &Template) -> Vec<Diagnostic> {
    let mut found = template.repeated.clone();
    limits::check(template, &mut found);
    references::check(template, &mut found);
    for resource in template.resources() {
        constraints::check(resource, &mut found);
    }
    found
}
