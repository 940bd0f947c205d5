//! The running application.

use crate::application::{self, Application, Directory, ENDPOINT};
use crate::cloudformation::CloudFormation;
use crate::console::Console;
use crate::doors::{Doors, Hall};
use crate::endpoint::Endpoint;
use crate::handlers::Handlers;
use crate::stores::Stores;
use crate::tls::Secured;
use crate::{Built, Error, Options, Overview, Update, overview, tls};
use arc_swap::ArcSwap;
use stack_builder_assembly::CloudAssembly;
use stack_builder_local_core::{Clock, Identities, Journal, Logs, World};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_rustls::rustls::ServerConfig;

/// An application that runs until [`Runtime::stop`].
///
/// Everything it listens to is on 127.0.0.1. It must be made and used within a tokio runtime that has several threads
/// or whose thread is not blocked.
pub struct Runtime {
    options: Options,
    stores: Arc<Stores>,
    doors: Doors,
    hall: Hall,
    application: Arc<ArcSwap<Application>>,
    code: Handlers,
    endpoint: String,
    /// One change at a time: half of each would be none.
    changing: Mutex<()>,
    /// The files of the certificate.
    _secured: Option<Secured>,
}

impl Runtime {
    /// Listens, with every function waiting for its code.
    ///
    /// # Errors
    /// When a port is taken, the state cannot be used, or a template cannot be evaluated.
    #[expect(clippy::unused_async, reason = "it must run within the runtime that then serves")]
    pub async fn start(assembly: &CloudAssembly, options: Options) -> Result<Self, Error> {
        let planned = application::plan(assembly, &options)?;
        let secured = options.tls.then(|| tls::prepare(&options.state)).transpose()?;
        let doors = Doors::new(options.port, options.tls);
        doors.take(&[ENDPOINT.to_owned()])?;
        let address = doors.url(ENDPOINT).unwrap_or_default();
        // The developer's own tools know nothing of our certificate, and need no TLS to get here.
        let endpoint = address.replacen("https:", "http:", 1);
        let world = world(&options);
        let stores = Arc::new(Stores::open(world, &address, secured.as_ref())?);
        let code = Handlers::open(&options.state)?;
        let built = planned.build(&stores, &doors, &code)?;
        let application = Arc::new(ArcSwap::from_pointee(built));
        let hall =
            hall(&stores, &application, &endpoint, secured.as_ref().map(|secured| secured.config.clone()));
        doors.open(&hall);
        let changing = Mutex::default();
        Ok(Self { options, stores, doors, hall, application, code, endpoint, changing, _secured: secured })
    }

    /// Goes over to the templates as they are now; what is stored stays.
    ///
    /// # Errors
    /// As [`Runtime::start`]; the application then goes on as it was.
    #[expect(clippy::unused_async, reason = "it must run within the runtime that then serves")]
    pub async fn update(&self, assembly: &CloudAssembly) -> Result<Update, Error> {
        let planned = application::plan(assembly, &self.options)?;
        let _alone = self.alone();
        let built = planned.build(&self.stores, &self.doors, &self.code)?;
        let before = self.application.swap(Arc::new(built));
        let changed = overview::changed(&before, &self.application.load());
        self.doors.open(&self.hall);
        Ok(Update { changed })
    }

    /// Says what to run, by asset name; assets that are not named keep what they have.
    pub fn set_code(&self, code: BTreeMap<String, Built>) {
        let _alone = self.alone();
        self.code.set(code);
        let application = self.application.load();
        self.stores.functions.apply(&application.resources, &self.code.of(&application.slots));
    }

    /// What runs where.
    pub fn overview(&self) -> Overview {
        overview::of(&self.application.load(), &self.endpoint)
    }

    /// What happens.
    pub fn journal(&self) -> &Journal {
        &self.stores.world.journal
    }

    /// URL of AWS's API.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    fn alone(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every child and closes every port.
    pub async fn stop(self) {
        self.doors.close();
        self.stores.functions.stop().await;
    }
}

fn world(options: &Options) -> World {
    let clock = Clock::default();
    World {
        account: options.account.clone(),
        region: options.region.clone(),
        journal: Journal::new(clock.clone()),
        logs: Logs::default(),
        identities: Identities::default(),
        state: options.state.clone(),
        clock,
    }
}

fn hall(
    stores: &Arc<Stores>,
    application: &Arc<ArcSwap<Application>>,
    endpoint: &str,
    config: Option<Arc<ServerConfig>>,
) -> Hall {
    let world = &stores.world;
    let policies = Arc::new(stores.policies.clone());
    let (account, since) = (world.account.clone(), world.clock.millis());
    let cloudformation = CloudFormation::new(application.clone(), policies, account, since);
    let console = Console::new(stores.clone(), application.clone(), endpoint);
    let endpoint = Endpoint {
        stores: stores.clone(),
        cloudformation: Arc::new(cloudformation),
        console: Arc::new(console),
    };
    let current = Directory { application: application.clone(), endpoint: Arc::new(endpoint) };
    Hall { current: Arc::new(current), journal: world.journal.clone(), clock: world.clock.clone(), config }
}
