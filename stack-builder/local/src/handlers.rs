//! Which handler each function runs.

use crate::programs::Programs;
use crate::{Built, Error};
use stack_builder_local_core::{ResourceId, State};
use stack_builder_local_lambda::{Build, Code};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What the caller has built so far, by asset.
pub(crate) struct Handlers {
    programs: Programs,
    built: Mutex<BTreeMap<String, Built>>,
}

/// The asset that each function wants, as the assembly's slots have it.
pub(crate) type Slots = BTreeMap<ResourceId, String>;

impl Handlers {
    pub(crate) fn open(state: &State) -> Result<Self, Error> {
        let programs =
            Programs::open(state).map_err(|source| Error::State { path: "functions".into(), source })?;
        Ok(Self { programs, built: Mutex::default() })
    }

    /// Remembers what has been built; other assets keep what they have.
    pub(crate) fn set(&self, built: BTreeMap<String, Built>) {
        self.built.lock().unwrap_or_else(PoisonError::into_inner).extend(built);
    }

    /// What each function runs.
    pub(crate) fn of(&self, slots: &Slots) -> Code {
        let built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        let code = |asset: &String| match built.get(asset) {
            None | Some(Built::Pending) => Build::Pending,
            Some(Built::Failed(reason)) => Build::Failed(reason.clone()),
            Some(Built::Ready(program)) => match self.programs.place(asset, program) {
                Ok(program) => Build::Ready(program),
                Err(error) => {
                    Build::Failed(format!("cannot run `{}`: {error}", program.executable.display()))
                }
            },
        };
        slots.iter().map(|(function, asset)| (function.clone(), code(asset))).collect()
    }
}
