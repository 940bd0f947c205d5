//! `check_sites`: what is wrong in the files of a site, before its stack is touched.

use super::plan::packaged;
use super::render::{Context, TEMPLATE, render};
use crate::{Error, Outputs, Regions};
use serde_json::Value;
use stack_builder_assembly::{CloudAssembly, StackArtifact};

/// What stands in for a value that is not known yet: some text, and none, so that both ways of an `if` are gone.
const STAND_INS: [&str; 2] = ["value", ""];

/// Refuses what [`plan_site`](crate::plan_site()) would refuse of the packaged sites of `stacks` once they are up:
/// names that are no path of a URL, templates of a kind that cannot be one, mistakes in a template, and values that
/// are neither `Stage`, `Region` nor an output that the stack's template declares. No call.
///
/// # Errors
/// [`Error::NotPackaged`] and [`Error::Archive`] for an archive, [`Error::Site`] for what is in it, and
/// [`Error::Assembly`] for a template that cannot be read.
pub fn check_sites(
    regions: &Regions,
    assembly: &CloudAssembly,
    stacks: &[&StackArtifact],
) -> Result<(), Error> {
    for stack in stacks {
        let names = if stack.sites.is_empty() { Vec::new() } else { declared(&assembly.template(stack)?) };
        for site in &stack.sites {
            let files: Vec<_> = packaged(assembly, stack, site)?.into_iter().map(without_content).collect();
            for stand_in in STAND_INS {
                let outputs: Outputs = names.iter().map(|name| (name.clone(), stand_in.to_owned())).collect();
                let context = Context::new(&outputs, &assembly.manifest.stage, &regions.of(stack).region);
                render(&site.asset, files.clone(), &context)?;
            }
        }
    }
    Ok(())
}

/// The names of the outputs in a stack's template.
fn declared(template: &Value) -> Vec<String> {
    template["Outputs"].as_object().into_iter().flat_map(|outputs| outputs.keys().cloned()).collect()
}

/// Of what is no template, only the name can be wrong.
fn without_content((path, content): (String, Vec<u8>)) -> (String, Vec<u8>) {
    let content = if path.ends_with(TEMPLATE) { content } else { Vec::new() };
    (path, content)
}
