//! The regions of an application: one account, and an environment for each region that a stack goes to.

use crate::{Environment, Error};
use stack_builder_assembly::{Manifest, StackArtifact};
use std::collections::BTreeMap;

/// Where the stacks of an application go.
#[derive(Clone, Debug)]
pub struct Regions {
    home: Environment,
    others: BTreeMap<String, Environment>,
}

impl Regions {
    /// An environment for each region that the stacks of `manifest` go to; `home` is that of the stacks which leave
    /// the choice to the command line. No call: account and credentials are those of `home`.
    ///
    /// # Errors
    /// [`Error::OtherHome`] when the assembly was made for another region than that of `home`.
    pub fn new(home: Environment, manifest: &Manifest) -> Result<Self, Error> {
        if let Some(made_for) = manifest.region.as_ref().filter(|region| **region != home.region) {
            return Err(Error::OtherHome { made_for: made_for.clone(), chosen: home.region });
        }
        let pinned = manifest.stacks.iter().filter_map(|stack| stack.region.as_deref());
        let elsewhere = pinned.filter(|region| *region != home.region);
        let others = elsewhere.map(|region| (region.to_owned(), home.in_region(region))).collect();
        Ok(Self { home, others })
    }

    /// The region chosen on the command line.
    pub fn home(&self) -> &Environment {
        &self.home
    }

    /// Where `stack`, which is one of the manifest's, goes.
    pub fn of(&self, stack: &StackArtifact) -> &Environment {
        stack.region.as_ref().map_or(&self.home, |region| self.named(region))
    }

    /// The region called `name`; home if the application has none of that name.
    pub(crate) fn named(&self, name: &str) -> &Environment {
        self.others.get(name).unwrap_or(&self.home)
    }

    /// Every region, home first and then by name.
    pub fn all(&self) -> impl Iterator<Item = &Environment> {
        [&self.home].into_iter().chain(self.others.values())
    }
}
