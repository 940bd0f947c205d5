//! The functions as people look at them, without the values of their variables.

use crate::Functions;
use crate::code::Build;
use crate::function::Function;
use stack_builder_local_core::ResourceId;
use std::time::Duration;

/// A function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionView {
    /// Where it stands in the application.
    pub resource: ResourceId,
    /// Its name.
    pub name: String,
    /// `provided.al2023` and the like.
    pub runtime: String,
    /// Megabytes.
    pub memory: u32,
    /// How long a call may take.
    pub timeout: Duration,
    /// Where it logs.
    pub log_group: String,
    /// Whether a distribution calls it.
    pub at_edge: bool,
    /// How far its code is.
    pub build: Build,
    /// Environments that wait for a call.
    pub idle: usize,
    /// Calls under way.
    pub busy: usize,
}

impl FunctionView {
    fn new(function: &Function) -> Self {
        let setup = function.setup();
        let definition = &setup.definition;
        let (idle, busy) = function.environments();
        Self {
            resource: definition.id.clone(),
            name: definition.name.clone(),
            runtime: definition.runtime.clone(),
            memory: definition.memory,
            timeout: definition.timeout,
            log_group: definition.logging.group.clone(),
            at_edge: definition.at_edge,
            build: setup.build.clone(),
            idle,
            busy,
        }
    }
}

impl Functions {
    /// Every function, by name.
    pub fn functions(&self) -> Vec<FunctionView> {
        self.0.directory().functions.values().map(|function| FunctionView::new(function)).collect()
    }
}
