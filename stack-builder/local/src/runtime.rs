//! The running application.

use crate::{Built, Error, Options, Overview, Update};
use stack_builder_assembly::CloudAssembly;
use stack_builder_local_core::Journal;
use std::collections::BTreeMap;

/// An application that runs until [`Runtime::stop`].
pub struct Runtime {
    journal: Journal,
}

impl Runtime {
    /// Listens, with every function waiting for its code.
    ///
    /// # Errors
    /// When a port is taken, the state cannot be used, or a template cannot be evaluated.
    pub async fn start(_assembly: &CloudAssembly, _options: Options) -> Result<Self, Error> {
        std::future::ready(()).await;
        Ok(Self { journal: Journal::new(stack_builder_local_core::Clock::default()) })
    }

    /// Goes over to the templates as they are now; what is stored stays.
    ///
    /// # Errors
    /// As [`Runtime::start`]; the application then goes on as it was.
    pub async fn update(&self, _assembly: &CloudAssembly) -> Result<Update, Error> {
        std::future::ready(()).await;
        Ok(Update::default())
    }

    /// Says what to run, by asset name; assets that are not named keep what they have.
    pub fn set_code(&self, _code: BTreeMap<String, Built>) {}

    /// What runs where.
    pub fn overview(&self) -> Overview {
        Overview::default()
    }

    /// What happens.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// URL of AWS's API.
    pub fn endpoint(&self) -> &str {
        ""
    }

    /// Ends every child and closes every port.
    pub async fn stop(self) {
        std::future::ready(()).await;
    }
}
