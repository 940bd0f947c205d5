//! What can be told to be wrong with a template before anyone deploys it.

mod constraints;
#[cfg(feature = "foreign")]
mod functions;
mod kinds;
mod limits;
mod parameters;
mod references;
mod rules;
mod texts;

#[cfg(feature = "foreign")]
pub(crate) use limits::NO_RESOURCE;

use crate::shown::escaped;
use crate::template::Template;
use stack_builder_assembly::Diagnostic;
use std::borrow::Cow;

impl Template {
    /// Everything that is wrong: illegal or repeated names, dangling references, cycles, limits, and literals that
    /// break a constraint of their property. The order is fixed: names and limits, parameters, references, then properties
    /// resource by resource.
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut found = self.repeated.clone();
        limits::check(self, &mut found);
        parameters::check(self, &mut found);
        references::check(self, &mut found);
        texts::check(self, &mut found);
        #[cfg(feature = "foreign")]
        functions::check(self, &mut found);
        for resource in self.resources() {
            constraints::check(resource, self.foreign, &mut found);
        }
        found.iter_mut().for_each(escape);
        found
    }
}

/// Control characters of the user's names are written out.
fn escape(diagnostic: &mut Diagnostic) {
    for text in [Some(&mut diagnostic.message), diagnostic.hint.as_mut()].into_iter().flatten() {
        if let Cow::Owned(escaped) = escaped(text) {
            *text = escaped;
        }
    }
}
